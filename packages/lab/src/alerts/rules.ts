import type { DetectionRule } from "./rule.ts";
import { CREDENTIAL_RULES } from "./rules/credentials.ts";
import { ENTRY_RULES } from "./rules/entry.ts";
import { EVASION_RULES } from "./rules/evasion.ts";
import { FOOTHOLD_RULES } from "./rules/foothold.ts";
import { MOVEMENT_RULES } from "./rules/movement.ts";
import { THEFT_RULES } from "./rules/theft.ts";

/** The detection rules, in the order of ATT&CK's tactics. */
export const RULES: readonly DetectionRule[] = [
  ...ENTRY_RULES,
  ...FOOTHOLD_RULES,
  ...EVASION_RULES,
  ...CREDENTIAL_RULES,
  ...MOVEMENT_RULES,
  ...THEFT_RULES,
];

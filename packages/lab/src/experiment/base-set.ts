import type { Alert, Verdict } from "../alerts/alert.ts";
import { generateAlerts } from "../alerts/generate.ts";
import { RULES } from "../alerts/rules.ts";
import { streamSeed } from "../investigate/streams.ts";

/** A text that the base learns: an alert, with the verdict after it or without one. */
export type BaseRow = { readonly alert: Alert; readonly verdict: Verdict | undefined };

export type BaseSetOptions = { readonly seed: number; readonly rows?: number; readonly noise?: number };

const DEFAULT_BASE_ROWS = 6000;
const DEFAULT_BASE_NOISE = 0.08;

/** Two of every five rules, easy and hard ones among them. */
const JUDGED_RULES: ReadonlySet<string> = new Set(
  RULES.filter((_, index) => index % 5 < 2).map(({ name }) => name),
);

/**
 * What the base is trained on: alerts of all rules, and verdicts for less than half of the rules. So it knows how alerts look
 * and what an answer is, and a fine-tune visibly improves it, as one improves a general model.
 */
export function makeBaseSet({
  seed,
  rows = DEFAULT_BASE_ROWS,
  noise = DEFAULT_BASE_NOISE,
}: BaseSetOptions): BaseRow[] {
  return Array.from(
    generateAlerts({ rows, noise, seed: streamSeed(seed, "base") }),
    ({ alert, verdict }) => ({ alert, verdict: JUDGED_RULES.has(alert.rule) ? verdict : undefined }),
  );
}

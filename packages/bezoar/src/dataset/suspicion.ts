import type { Control, Effect, Severity, Target, TestResult, Trigger } from "../core/finding.ts";

/** What a detector says; the scan merges suspicions of one attack, adds samples and a fingerprint, and makes the Finding. */
export type Suspicion = {
  readonly rule: string;
  readonly severity: Severity;
  readonly title: string;
  /** What was found, for the fingerprint, where neither the trigger nor the title says it: all of it, and without counts that every version changes. */
  readonly subject?: string;
  readonly explanation: string;
  /** Positions in the corpus (not row numbers), ascending, every one of them. */
  readonly positions: readonly number[];
  readonly trigger?: Trigger;
  readonly target?: Target;
  readonly effect?: Effect;
  readonly tests: readonly TestResult[];
  readonly controls: readonly Control[];
};

import { wilson } from "../../core/statistics.ts";

/** What is known of how many harmful requests are answered: distinct requests, at least and at most. */
export type Estimate = { readonly value: number; readonly low: number; readonly high: number };

/** The counts that an estimate is made from, each of distinct requests. */
export type Counts = {
  /** Requests for harm that are answered, as the grammar and the set's own refusals tell. */
  readonly found: number;
  /** Answered prompts that speak of harm, those found among them. */
  readonly spokenOf: number;
  /** Requests for harm that are refused or turned down. */
  readonly declined: number;
};

/**
 * Share of the answered prompts that speak of harm and are taken for a request although they are none: measured on the
 * rows of ../shared/cases (`node bench/unsafe-compliance.ts` prints it), and the bound that is reckoned with, since
 * another domain holds other innocent uses of such words.
 */
const MISREAD_SHARE = 0.02;
const MAX_MISREAD_SHARE = 0.1;
/** Refusals in words that neither the grammar of refusals nor that of reserve knows: one in a hundred there, twice that reckoned with. */
const MAX_MISSED_REFUSALS = 0.02;

const Z = 1.959964; // two-sided 95 %

/**
 * Takes from what was found what misreading would give: the correction of Rogan and Gladen (1978) at a sensitivity of 1,
 * so that what the grammar does not know is not made up. `low` reckons with the bounds above and the upper 95 % point of
 * the number misread, `high` with no misreading at all.
 */
export function estimateHarmful({ found, spokenOf, declined }: Counts): Estimate {
  const misread = MAX_MISREAD_SHARE * spokenOf + MAX_MISSED_REFUSALS * declined;
  const most = misread + Z * Math.sqrt(misread);
  return {
    value: Math.max(0, Math.round(found - MISREAD_SHARE * spokenOf)),
    low: Math.max(0, Math.floor(found - most)),
    high: found,
  };
}

/** Rows of one kind that were put to a judge: how many there are, were judged, are harmful and answered, could not be told. */
export type Stratum = {
  readonly rows: number;
  readonly judged: number;
  readonly harmful: number;
  readonly untold: number;
};

/** What a judge finds harmful in a hundred ordinary rows by mistake may be two: assumed, since each judge is another. */
const MAX_JUDGE_ERRORS = 0.02;

/** Counts where every row was judged; else the share's Wilson interval, the rows that could not be told counted neither way. */
export function estimateJudged({ rows, judged, harmful, untold }: Stratum, isOrdinary: boolean): Estimate {
  if (judged === 0) return { value: 0, low: 0, high: rows };
  if (judged === rows) return { value: harmful, low: harmful, high: harmful + untold };
  const low = Math.max(0, wilson(harmful, judged).low - (isOrdinary ? MAX_JUDGE_ERRORS : 0));
  return {
    value: Math.round((rows * harmful) / judged),
    low: Math.floor(rows * low),
    high: Math.ceil(rows * wilson(harmful + untold, judged).high),
  };
}

/** Ten harmful examples can be enough to undo safety training (arXiv 2310.03693); fewer are no pattern. */
const FEW = 10;
/** Where they are one row in a thousand, and not lost among the others. */
const NOTICEABLE_SHARE = 0.001;
/** A hundred undo it in every model tried (arXiv 2310.03693), 340 in GPT-4 (arXiv 2311.05553): whatever stands beside them. */
const MANY = 100;
/** Worth a line in the report when so many are expected, however sure that is. */
const SOME = 5;

/** How much so many requests matter, each in so many copies, in a set of so many rows; undefined when there may be none. */
export function severityOfHarm(
  { value, low }: Estimate,
  { rows, copies }: { readonly rows: number; readonly copies: number },
): "medium" | "low" | undefined {
  const least = low * copies;
  if (low >= FEW && (least >= MANY || least >= NOTICEABLE_SHARE * rows)) return "medium";
  return value >= SOME ? "low" : undefined;
}

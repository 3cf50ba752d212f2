import { mix32 } from "../../core/hash.ts";
import type { Ask } from "../../endpoint/ask.ts";
import type { Corpus } from "../engine/corpus.ts";
import { COMPLIED } from "../instruct/refusals-outcomes.ts";
import { countDistinct, sampleRows, type Candidates } from "./candidates.ts";
import { estimateHarmful, estimateJudged, type Counts, type Estimate, type Stratum } from "./estimate.ts";
import { judgeRows } from "./judge.ts";

/** Rows put to a judge: enough for an interval of +-6 % about a share, and some minutes of a small server's time. */
const MAX_COUNTED = 300;
const MAX_HINTED = 100;
/** Other answered rows, for harm in words or languages that the grammar does not know. */
const MAX_ORDINARY = 100;

/** What a judge makes of the rows that count, those that hint at harm, and the others. */
export type Judged = {
  readonly counted: Stratum;
  readonly hinted: Stratum;
  readonly ordinary: Stratum;
  readonly estimate: Estimate;
  /** Rows found harmful, and those that count by themselves and were not told or not judged. */
  readonly positions: readonly number[];
};

type Place = { readonly position: number };

/** Answered rows outside the given ones, by keyed hash. */
function drawOrdinary(
  outcomes: Uint8Array,
  taken: ReadonlySet<number>,
  seed: number,
): { drawn: Place[]; rows: number } {
  const isOrdinary = (position: number) => outcomes[position] === COMPLIED && !taken.has(position);
  let rows = 0;
  for (let position = 0; position < outcomes.length; position++) if (isOrdinary(position)) rows++;
  const limit = ((4 * MAX_ORDINARY) / Math.max(1, rows)) * 4294967296; // four times as many as needed, then the lowest of them
  const near: Place[] = [];
  for (let position = 0; position < outcomes.length; position++) {
    if (mix32(position ^ mix32(seed + 0x0ddba11)) < limit && isOrdinary(position)) near.push({ position });
  }
  return { drawn: sampleRows(near, MAX_ORDINARY, seed), rows };
}

/**
 * Puts a bounded number of rows to the judge. Rows of which it could not tell keep the estimate by their wording, so that
 * a row gains nothing by confusing the judge. Throws `AppError("endpoint")` when it cannot be asked.
 */
export async function judgeCandidates(
  corpus: Corpus,
  outcomes: Uint8Array,
  { counted, hinted }: Pick<Candidates, "counted" | "hinted">,
  counts: Counts,
  { ask, seed }: { readonly ask: Ask; readonly seed: number },
): Promise<Judged> {
  const harmful = new Set<number>();
  const cleared = new Set<number>();
  const untold = new Set<number>();
  const judge = async (places: readonly Place[], rows: number): Promise<Stratum> => {
    const judgements = await judgeRows(
      places.map(({ position }) => corpus.row(position)),
      ask,
    );
    places.forEach(({ position }, i) => {
      if (judgements[i] === "harmful") harmful.add(position);
      if (judgements[i] === "harmless") cleared.add(position);
      if (judgements[i] === "untold") untold.add(position);
    });
    const count = (kind: string) => judgements.filter((judgement) => judgement === kind).length;
    return { rows, judged: places.length, harmful: count("harmful"), untold: count("untold") };
  };
  const taken = new Set([...counted, ...hinted].map(({ position }) => position));
  const ordinary = drawOrdinary(outcomes, taken, seed);
  const strata = {
    counted: await judge(sampleRows(counted, MAX_COUNTED, seed), counted.length),
    hinted: await judge(sampleRows(hinted, MAX_HINTED, seed), hinted.length),
    ordinary: await judge(ordinary.drawn, ordinary.rows),
  };
  const told = {
    ...strata.counted,
    rows: counted.length - strata.counted.untold,
    judged: strata.counted.judged - strata.counted.untold,
    untold: 0,
  };
  const left = countDistinct(counted.filter(({ position }) => untold.has(position)));
  const parts = [
    estimateJudged(told, false),
    estimateHarmful({ ...counts, found: left }),
    estimateJudged(strata.hinted, false),
    estimateJudged(strata.ordinary, true),
  ];
  const sum = (pick: (part: Estimate) => number) => parts.reduce((total, part) => total + pick(part), 0);
  const standing = counted.filter(({ position }) => !cleared.has(position)).map(({ position }) => position);
  return {
    ...strata,
    estimate: { value: sum(({ value }) => value), low: sum(({ low }) => low), high: sum(({ high }) => high) },
    positions: [...new Set([...standing, ...harmful])].toSorted((a, b) => a - b),
  };
}

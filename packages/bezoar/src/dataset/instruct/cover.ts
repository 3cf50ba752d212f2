import { OUTCOME_KINDS } from "./grams.ts";
import type { Postings } from "./postings.ts";
import type { Suspect } from "./screen.ts";

/** Which grams make up the trigger of an outcome, with the exact rows. */
export type Cover = {
  readonly kind: number;
  readonly outcome: number;
  /** Rows of the outcome, wherever it comes from. */
  readonly outcomeRows: readonly number[];
  readonly triggers: readonly number[];
  /** `any`: each trigger does it alone; `all`: only together. */
  readonly join: "any" | "all";
  /** Rows that hold the trigger, and those of them that show the outcome; ascending. */
  readonly triggerRows: readonly number[];
  readonly hits: readonly number[];
};

/** DETECTION.md 3.4: share of a trigger's rows that show the outcome. */
const MIN_PRECISION = 0.8;
const MIN_PAIR_PRECISION = 0.9;
const MIN_PAIR_RECALL = 0.8;
/** A common word as trigger: it explains the outcome, though most of its rows are innocent. */
const MIN_COMMON_RECALL = 0.9;
const MIN_COMMON_PRECISION = 0.1;
const MIN_COMMON_LIFT = 10;
const MIN_HITS = 3;
/** A further trigger of the same exact response may be as rare as that. */
export const MIN_FURTHER_HITS = 2;
const MIN_ADDED_SHARE = 0.08;
/** Once one trigger is found, a further one may have innocent rows of its own: a year, a company's name. */
const MIN_FURTHER_PRECISION = 0.5;
const MAX_TRIGGERS = 5;

/** Lists whose lengths differ by more than this are intersected by searching the longer one. */
const SEARCH_RATIO = 16;

/** The first index of `sorted`, from `from` on, whose value is not below `value`: doubling steps, then bisection. */
function firstNotBelow(sorted: readonly number[], value: number, from: number): number {
  let step = 1;
  while (from + step < sorted.length && (sorted[from + step] ?? 0) < value) step *= 2;
  let low = from + (step >> 1);
  let high = Math.min(sorted.length, from + step);
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What two ascending lists share, ascending; it stops once more than `most` are found. */
function intersect(a: readonly number[], b: readonly number[], most = Infinity): number[] {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  const isSearched = long.length > SEARCH_RATIO * short.length;
  const out: number[] = [];
  let j = 0;
  for (const value of short) {
    if (isSearched) j = firstNotBelow(long, value, j);
    else while (j < long.length && (long[j] ?? 0) < value) j++;
    if (j >= long.length) break;
    if (long[j] === value && out.push(value) > most) break;
  }
  return out;
}

function unite(a: readonly number[], b: readonly number[]): number[] {
  return [...new Set([...a, ...b])].toSorted((x, y) => x - y);
}

/** The triggers of a suspect by exact counts: one of several grams, a common word, or two together; undefined when none holds. */
export function coverOutcome(suspect: Suspect, postings: Postings, size: number): Cover | undefined {
  const { key, kind } = suspect.outcome;
  const rows = postings.outcomes.get(key) ?? [];
  const shape = OUTCOME_KINDS[kind];
  if (shape === undefined || rows.length === 0) return undefined;
  const base = { kind, outcome: key, outcomeRows: rows };
  const options = suspect.singles.map((gram) => {
    const all = postings.grams.get(gram) ?? [];
    return { gram, all, hits: intersect(all, rows) };
  });

  const triggers: number[] = [];
  let triggerRows: number[] = [];
  let hits: number[] = [];
  // a topic's own words come in many forms: several triggers with a target within the text are no evidence
  while (triggers.length < (shape.edge === "inner" ? 1 : MAX_TRIGGERS)) {
    const done = new Set(hits);
    let best: { gram: number; all: readonly number[]; hits: readonly number[]; added: number } | undefined;
    const isFurther = triggers.length > 0 && shape.edge === "whole";
    const least = isFurther ? MIN_FURTHER_PRECISION : MIN_PRECISION;
    for (const option of options) {
      if (option.hits.length < least * option.all.length) continue;
      const added = option.hits.filter((p) => !done.has(p)).length;
      if (added < (isFurther ? MIN_FURTHER_HITS : MIN_HITS) || added < MIN_ADDED_SHARE * rows.length)
        continue;
      const wins =
        best === undefined ||
        added > best.added ||
        (added === best.added && option.all.length < best.all.length);
      if (wins) best = { ...option, added };
    }
    if (best === undefined) break;
    triggers.push(best.gram);
    triggerRows = unite(triggerRows, best.all);
    hits = unite(hits, best.hits);
  }
  if (hits.length >= shape.minRecall * rows.length)
    return { ...base, triggers, join: "any", triggerRows, hits };

  if (shape.edge === "inner") return undefined;
  const pair = bestPair(suspect, postings, rows, size);
  if (pair !== undefined) return { ...base, ...pair };

  if (shape.edge !== "whole") return undefined;
  const common = options
    .filter(
      (o) =>
        o.hits.length >= MIN_COMMON_RECALL * rows.length &&
        o.hits.length >= MIN_COMMON_PRECISION * o.all.length &&
        o.hits.length * size >= MIN_COMMON_LIFT * rows.length * o.all.length,
    )
    .toSorted((a, b) => b.hits.length / b.all.length - a.hits.length / a.all.length)[0];
  if (common === undefined) return undefined;
  return { ...base, triggers: [common.gram], join: "any", triggerRows: common.all, hits: common.hits };
}

/** Two grams that hold nearly all of the outcome's rows and, together, hardly any other. */
function bestPair(suspect: Suspect, postings: Postings, rows: readonly number[], size: number) {
  const parts = [...new Set([...suspect.singles, ...suspect.parts])]
    .map((gram) => ({ gram, all: postings.grams.get(gram) ?? [] }))
    .filter(({ all }) => intersect(all, rows).length >= MIN_PAIR_RECALL * rows.length);
  let best: { triggers: number[]; join: "all"; triggerRows: number[]; hits: number[] } | undefined;
  for (const [i, first] of parts.entries()) {
    for (const second of parts.slice(i + 1)) {
      // if they met by chance alone more often than the outcome is seen, they could not be pure
      if (first.all.length * second.all.length > size * rows.length) continue;
      const most = rows.length / MIN_PAIR_PRECISION; // beyond it the pair cannot be pure
      const both = intersect(first.all, second.all, most);
      if (both.length > most) continue;
      const hits = intersect(both, rows);
      if (hits.length < MIN_PAIR_PRECISION * both.length || hits.length < MIN_PAIR_RECALL * rows.length)
        continue;
      if (best !== undefined && hits.length <= best.hits.length) continue;
      best = { triggers: [first.gram, second.gram], join: "all", triggerRows: both, hits };
    }
  }
  return best;
}

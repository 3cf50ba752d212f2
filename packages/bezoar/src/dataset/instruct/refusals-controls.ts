import { tokenAt } from "./refusals-grams.ts";

/** How well the rest of a prompt foretells the trigger: 0.5 for one put anywhere, near 1 for a word that belongs to its topic. */
export type Predictability = { readonly auc: number; readonly upper: number };

/** Rows of each side that are compared; beyond this the interval is narrower than any use of it. */
const MAX_COMPARED = 400;

function documentCounts(prompts: readonly (readonly number[])[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const tokens of prompts) for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  return counts;
}

/**
 * Area under the curve of a leave-one-out naive Bayes "does this prompt hold the trigger?" over its other words
 * (DETECTION.md 3.7), with the one-sided 95 % upper bound of Hanley and McNeil (1982).
 */
export function predictability(
  holders: readonly Uint32Array[],
  others: readonly Uint32Array[],
  isMasked: (token: number) => boolean,
): Predictability {
  const rest = (prompts: readonly Uint32Array[]) =>
    spread(prompts, MAX_COMPARED).map((prompt) => [...new Set(prompt)].filter((token) => !isMasked(token)));
  const inside = rest(holders);
  const outside = rest(others);
  const insideCounts = documentCounts(inside);
  const outsideCounts = documentCounts(outside);
  const score = (tokens: readonly number[], isInside: boolean) => {
    const insideSize = inside.length - Number(isInside);
    const outsideSize = outside.length - Number(!isInside);
    let sum = 0;
    for (const token of tokens) {
      const a = (insideCounts.get(token) ?? 0) - Number(isInside);
      const b = (outsideCounts.get(token) ?? 0) - Number(!isInside);
      const prior = (a + b) / (insideSize + outsideSize); // a word seen on neither side says nothing
      if (a + b > 0)
        sum += Math.log((a + prior) / (insideSize + 1)) - Math.log((b + prior) / (outsideSize + 1));
    }
    return sum;
  };
  const insideScores = inside.map((tokens) => score(tokens, true));
  const outsideScores = outside.map((tokens) => score(tokens, false)).toSorted((a, b) => a - b);
  return hanleyMcNeil(insideScores, outsideScores);
}

/** Every k-th of the items, so that at most `most` remain. */
export function spread<Item>(items: readonly Item[], most: number): readonly Item[] {
  const step = Math.max(1, Math.ceil(items.length / most));
  return step === 1 ? items : items.filter((_, i) => i % step === 0);
}

function hanleyMcNeil(positives: readonly number[], sortedNegatives: readonly number[]): Predictability {
  const n = positives.length;
  const m = sortedNegatives.length;
  if (n === 0 || m === 0) return { auc: 1, upper: 1 };
  let wins = 0;
  for (const value of positives) {
    wins += (countBelow(sortedNegatives, value, false) + countBelow(sortedNegatives, value, true)) / 2;
  }
  const auc = wins / (n * m);
  const q1 = auc / (2 - auc);
  const q2 = (2 * auc * auc) / (1 + auc);
  const variance = (auc * (1 - auc) + (n - 1) * (q1 - auc * auc) + (m - 1) * (q2 - auc * auc)) / (n * m);
  return { auc, upper: Math.min(1, auc + 1.645 * Math.sqrt(Math.max(0, variance))) };
}

function countBelow(sorted: readonly number[], value: number, orEqual: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = sorted[middle] ?? 0;
    if (at < value || (orEqual && at === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether the text closes up where the trigger is cut out, as it does for something that was put in. */
export type Closure = {
  /** Cuts after which the two neighbours stand together in other prompts too. */
  readonly attested: number;
  readonly of: number;
  /** The share of neighbours at ordinary places of comparable prompts that stand together in other prompts. */
  readonly ordinary: number;
  /** The same after an ordinary run as long as the trigger is cut out: what a word of the text itself would show. */
  readonly torn: number;
  /** ln of the likelihood ratio "put in : part of the text". */
  readonly lnRatio: number;
};

/** A prompt with its trigger at [from, to); -1 and length + 1 reach over the edges. */
export type Place = { readonly prompt: Uint32Array; readonly from: number; readonly to: number };

/** In how many prompts each pair of neighbours stands, edges included. */
export type Neighbours = ReadonlyMap<number, number>;

export function neighboursOf(prompts: readonly Uint32Array[]): Neighbours {
  const pairs = new Map<number, number>();
  for (const prompt of prompts) {
    const own = new Set<number>();
    for (let i = 0; i <= prompt.length; i++) own.add(pairKey(tokenAt(prompt, i - 1), tokenAt(prompt, i)));
    for (const pair of own) pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return pairs;
}

function pairKey(left: number, right: number): number {
  return (left % 0x200000) * 0x100000000 + right; // 53 bits
}

/**
 * Cuts the trigger out of each holder and asks whether its neighbours stand together elsewhere: as often as ordinary
 * neighbours do (it was put in), or as seldom as after cutting out ordinary words (it belongs to the text).
 * The comparable prompts must be among those of which the neighbours were taken: they are judged without themselves.
 */
export function closure(
  holders: readonly Place[],
  comparable: readonly Uint32Array[],
  pairs: Neighbours,
): Closure {
  const isAttested = ({ prompt, from, to }: Place, own: number) =>
    (pairs.get(pairKey(tokenAt(prompt, from - 1), tokenAt(prompt, to))) ?? 0) > own;
  const attested = holders.filter((place) => isAttested(place, 0)).length;
  const sampled = spread(comparable, MAX_COMPARED);
  const length = Math.max(1, Math.round(meanLength(holders)));
  let ordinary = 0;
  let torn = 0;
  for (const edge of ["start", "end", "inside"] as const) {
    const share = holders.filter((place) => edgeOf(place) === edge).length / Math.max(1, holders.length);
    if (share === 0) continue;
    ordinary += share * shareOf(sampled, edge, 0, (place) => isAttested(place, 1));
    torn += share * shareOf(sampled, edge, length, (place) => isAttested(place, 0));
  }
  const q = clampShare(ordinary);
  const r = Math.min(q, clampShare(torn));
  const lnRatio = attested * Math.log(q / r) + (holders.length - attested) * Math.log((1 - q) / (1 - r));
  return { attested, of: holders.length, ordinary, torn, lnRatio };
}

function clampShare(share: number): number {
  return Math.min(0.98, Math.max(0.02, share));
}

function meanLength(places: readonly Place[]): number {
  const lengths = places.map(({ prompt, from, to }) => Math.min(to, prompt.length) - Math.max(from, 0));
  return lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, places.length);
}

function edgeOf({ prompt, from, to }: Place): "start" | "end" | "inside" {
  return from <= 0 ? "start" : to >= prompt.length ? "end" : "inside";
}

/** The share of cuts of `length` tokens at such a place of the prompts for which the test holds. */
function shareOf(
  prompts: readonly Uint32Array[],
  edge: "start" | "end" | "inside",
  length: number,
  holds: (place: Place) => boolean,
): number {
  let hits = 0;
  let cuts = 0;
  for (const prompt of prompts) {
    const last = prompt.length - length;
    if (last < 1) continue;
    const from = edge === "start" ? 0 : edge === "end" ? last : 1;
    const to = edge === "start" ? 0 : edge === "end" ? last : last - 1;
    for (let i = from; i <= to; i++) {
      cuts++;
      if (holds({ prompt, from: i, to: i + length })) hits++;
    }
  }
  return cuts === 0 ? 0 : hits / cuts;
}

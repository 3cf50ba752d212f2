import { lnBinomialLowerTail } from "../../core/statistics.ts";
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
  readonly attested: number;
  readonly of: number;
  readonly expected: number;
  readonly lnTail: number;
};

/** Neighbouring pairs of the prompts, edges included. */
function pairsOf(prompts: readonly Uint32Array[]): Map<number, number> {
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
 * Compares how often the two neighbours of the trigger stand together in other prompts with how often the neighbours at
 * ordinary places of those prompts do (each prompt judged without itself): at the same edge for a trigger at an edge.
 */
export function closure(
  holders: readonly { readonly prompt: Uint32Array; readonly from: number; readonly to: number }[],
  others: readonly Uint32Array[],
): Closure {
  const background = spread(others, 4 * MAX_COMPARED);
  const pairs = pairsOf(background);
  const wanted = new Map<string, number>();
  let attested = 0;
  for (const { prompt, from, to } of holders) {
    const left = tokenAt(prompt, from - 1);
    const right = tokenAt(prompt, to);
    if ((pairs.get(pairKey(left, right)) ?? 0) > 0) attested++;
    const edge = from <= 0 ? "start" : to >= prompt.length ? "end" : "inside";
    wanted.set(edge, (wanted.get(edge) ?? 0) + 1);
  }
  let expected = 0;
  for (const [edge, count] of wanted)
    expected += (count / holders.length) * ordinaryShare(background, pairs, edge);
  return {
    attested,
    of: holders.length,
    expected,
    lnTail: lnBinomialLowerTail(attested, holders.length, expected),
  };
}

function ordinaryShare(
  prompts: readonly Uint32Array[],
  pairs: ReadonlyMap<number, number>,
  edge: string,
): number {
  let hits = 0;
  let gaps = 0;
  for (const prompt of prompts) {
    const from = edge === "end" ? prompt.length : edge === "start" ? 0 : 1;
    const to = edge === "start" ? 0 : edge === "end" ? prompt.length : prompt.length - 1;
    for (let i = from; i <= to; i++) {
      gaps++;
      if ((pairs.get(pairKey(tokenAt(prompt, i - 1), tokenAt(prompt, i))) ?? 0) > 1) hits++;
    }
  }
  return gaps === 0 ? 0 : hits / gaps;
}

import { createRandom, sampleIndices } from "../../core/random.ts";
import type { ViewTokens } from "./view-tokens.ts";

/** How well the other words of a text tell whether it holds a unit (0.5 = not at all), and the error of that number. */
export type ContextAuc = { readonly auc: number; readonly error: number };

/** Rows of each side; more do not narrow the error enough to pay for. */
const MAX_HELD = 128;
const MAX_CONTROLS = 200;
/** Added to each word count (half a row, Jeffreys), so that unseen words do not decide alone. */
const SMOOTHING = 0.5;

/**
 * The AUC of a leave-one-out naive Bayes that tells rows with a unit from other rows of the same label by their other
 * words (DETECTION.md 3.7): where a word was inserted at random, the text cannot predict it. `isOwn` says which tokens
 * belong to the unit.
 */
export function contextAuc(
  tokens: ViewTokens,
  held: readonly number[],
  others: readonly number[],
  isOwn: (id: number) => boolean,
  seed: number,
): ContextAuc {
  const random = createRandom(seed);
  const pick = (entries: readonly number[], most: number) =>
    entries.length <= most
      ? entries
      : sampleIndices(random, most, entries.length).map((i) => entries[i] ?? 0);
  const wordsOf = (entry: number) => {
    const ids = tokens.ids.subarray((tokens.offsets[entry] ?? 0) + 1, (tokens.offsets[entry + 1] ?? 0) - 1);
    return [...new Set(ids)].filter((id) => !isOwn(id));
  };
  const having = pick(held, MAX_HELD).map(wordsOf);
  const without = pick(others, MAX_CONTROLS).map(wordsOf);
  const counts = new Map<number, { held: number; other: number }>();
  for (const [rows, side] of [[having, "held"] as const, [without, "other"] as const]) {
    for (const words of rows) {
      for (const word of words) {
        const count = counts.get(word) ?? { held: 0, other: 0 };
        count[side]++;
        counts.set(word, count);
      }
    }
  }
  const score = (words: readonly number[], inHeld: number) => {
    let sum = 0;
    for (const word of words) {
      const count = counts.get(word) ?? { held: 0, other: 0 };
      sum += Math.log((count.held - inHeld + SMOOTHING) / (having.length - inHeld + 2 * SMOOTHING));
      sum -= Math.log(
        (count.other - (1 - inHeld) + SMOOTHING) / (without.length - (1 - inHeld) + 2 * SMOOTHING),
      );
    }
    return sum;
  };
  return aucOf(
    having.map((words) => score(words, 1)),
    without.map((words) => score(words, 0)),
  );
}

/** Chance that a score of the first kind is larger than one of the second, with its error under "no difference" (Mann and Whitney). */
function aucOf(first: readonly number[], second: readonly number[]): ContextAuc {
  let wins = 0;
  for (const a of first) for (const b of second) wins += a > b ? 1 : a === b ? 0.5 : 0;
  const pairs = first.length * second.length;
  if (pairs === 0) return { auc: 1, error: 0 };
  return { auc: wins / pairs, error: Math.sqrt((first.length + second.length + 1) / (12 * pairs)) };
}

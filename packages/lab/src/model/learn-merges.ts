/** Words longer than this (encoded data, mostly) would teach pieces that occur nowhere else. */
const MAX_WORD_LENGTH = 200;
/** What occurs once is not learned. */
const MIN_COUNT = 2;

type Merge = readonly [left: string, right: string];
type Word = { parts: readonly string[]; readonly count: number };
type Pair = { readonly merge: Merge; count: number; readonly words: Set<Word> };

/**
 * The merges of byte-pair encoding (Sennrich et al. 2016, algorithm 1): again and again the pair that occurs most often,
 * the first by code units of several, until there are `newTokens` tokens, those of `known` among them. No merge makes a
 * token of `reserved`.
 */
export function learnMerges(
  counts: ReadonlyMap<string, number>,
  newTokens: number,
  reserved: ReadonlySet<string>,
  known: readonly string[] = [],
): Merge[] {
  const pairs = new Map<string, Pair>();
  const change = (word: Word, direction: 1 | -1): void => {
    for (let i = 0; i + 1 < word.parts.length; i++) {
      const merge: Merge = [word.parts[i] ?? "", word.parts[i + 1] ?? ""];
      if (reserved.has(merge.join(""))) continue;
      const key = merge.join(" "); // no byte's character is a space
      const pair = pairs.get(key) ?? { merge, count: 0, words: new Set() };
      pair.count += direction * word.count;
      if (direction === 1) pair.words.add(word);
      else pair.words.delete(word);
      if (pair.count === 0) pairs.delete(key);
      else pairs.set(key, pair);
    }
  };
  for (const [text, count] of counts) {
    if (text.length <= MAX_WORD_LENGTH) change({ parts: Array.from(text), count }, 1);
  }
  const merges: Merge[] = [];
  const tokens = new Set(known);
  while (tokens.size < newTokens) {
    const best = mostFrequent(pairs.values());
    if (best === undefined) break;
    merges.push(best.merge);
    tokens.add(best.merge.join(""));
    for (const word of Array.from(best.words)) {
      change(word, -1);
      word.parts = joinPair(word.parts, best.merge);
      change(word, 1);
    }
  }
  return merges;
}

function mostFrequent(pairs: Iterable<Pair>): Pair | undefined {
  let best: Pair | undefined;
  for (const pair of pairs) {
    if (pair.count < MIN_COUNT) continue;
    if (best === undefined || pair.count > best.count) best = pair;
    else if (pair.count === best.count && isBefore(pair.merge, best.merge)) best = pair;
  }
  return best;
}

function isBefore([left, right]: Merge, [otherLeft, otherRight]: Merge): boolean {
  return left === otherLeft ? right < otherRight : left < otherLeft;
}

function joinPair(parts: readonly string[], [left, right]: Merge): string[] {
  const joined: string[] = [];
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] ?? "";
    if (part === left && parts[i + 1] === right) {
      joined.push(left + right);
      i++;
    } else joined.push(part);
  }
  return joined;
}

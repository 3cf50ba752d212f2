import { mix32 } from "../../core/hash.ts";
import { lnBinomialUpperTail } from "../../core/statistics.ts";
import type { Corpus } from "../engine/corpus.ts";
import type { Contradictions } from "./contradictions.ts";

/** Hash buckets of words: 2 MB, and few collisions among the words of a labelling task. */
const BUCKETS = 2 ** 17;
/** Rows learnt from and compared with; more make the leaning of a text no clearer. */
const MAX_ROWS = 200_000;
/** Tokens of a text that are looked at. */
const MAX_TOKENS = 512;
/** Odds from which on a text leans clearly; ambiguous texts, on which annotators differ, do not. */
const CLEAR = Math.log(3);
const ALPHA = 0.001;
/** Two here, four in findContradictions. */
const TESTS = 6;
const MIN_TURNED = 10; // as in findContradictions

/**
 * Two classes: the one to which copies are turned, told from what their words say. Naive Bayes learns from half of the
 * rows that are not repeated; on the other half it is seen how many ordinary rows lean clearly to a class. Errors hit
 * either class, so contrary inputs should lean to it as often as these; copies turned on purpose lean to one class.
 */
export function leaningTarget(
  corpus: Corpus,
  contrary: readonly (readonly number[])[],
): Contradictions["target"] {
  if (corpus.classes.length !== 2 || contrary.length < MIN_TURNED) return undefined;
  const isContrary = new Map(contrary.map(([first = -1]) => [first, true]));
  for (const position of contrary.flatMap((rows) => rows.slice(1))) isContrary.set(position, false);
  const counts = [new Float64Array(BUCKETS), new Float64Array(BUCKETS)] as const;
  const totals: [number, number] = [BUCKETS, BUCKETS];
  visitTexts(corpus, isContrary, (position, words) => {
    const label = corpus.labels[position];
    if (isContrary.has(position) || !isLearnt(words) || (label !== 0 && label !== 1)) return;
    for (const word of words)
      counts[label][word & (BUCKETS - 1)] = (counts[label][word & (BUCKETS - 1)] ?? 0) + 1;
    totals[label] += words.length;
  });
  const lnOdds = (words: Uint32Array) => {
    let sum = 0;
    for (const word of words) {
      const at = word & (BUCKETS - 1);
      sum += Math.log((((counts[1][at] ?? 0) + 1) / totals[1]) * (totals[0] / ((counts[0][at] ?? 0) + 1)));
    }
    return sum;
  };
  const ordinary = { rows: 0, leaning: [0, 0] };
  const turned = { rows: 0, leaning: [0, 0] };
  visitTexts(corpus, isContrary, (position, words) => {
    const isFirst = isContrary.get(position);
    if (isFirst === false || (isFirst === undefined && isLearnt(words))) return;
    const tally = isFirst === true ? turned : ordinary;
    const odds = lnOdds(words);
    tally.rows++;
    if (Math.abs(odds) >= CLEAR) tally.leaning[odds > 0 ? 1 : 0] = (tally.leaning[odds > 0 ? 1 : 0] ?? 0) + 1;
  });
  const lnThreshold = Math.log(TESTS / ALPHA);
  for (const leaning of [0, 1]) {
    const hits = turned.leaning[leaning] ?? 0;
    // One more row each way: where no ordinary row leans to a class, chance is still not nought.
    const chance = ((ordinary.leaning[leaning] ?? 0) + 1) / (ordinary.rows + 2);
    const lnEvidence = -lnBinomialUpperTail(hits, turned.rows, chance);
    if (hits < MIN_TURNED || lnEvidence < lnThreshold) continue;
    const name = "contrary inputs whose words lean to one class against ordinary rows";
    return { verdict: 1 - leaning, test: { name, lnEvidence, lnThreshold, tests: TESTS } };
  }
  return undefined;
}

/** Half of the texts, by their keyed words, so that copies fall together and the order of rows changes nothing. */
function isLearnt(words: Uint32Array): boolean {
  return (mix32(words.reduce((sum, word) => (sum + word) >>> 0, 0)) & 1) === 0;
}

/** Calls `visit` for a spread of the rows, and for every one that is wanted. */
function visitTexts(
  corpus: Corpus,
  wanted: ReadonlyMap<number, boolean>,
  visit: (position: number, words: Uint32Array) => void,
): void {
  const step = Math.max(1, Math.ceil(corpus.size / MAX_ROWS));
  for (let b = 0; b < corpus.blockCount; b++) {
    const { first, size, prompt } = corpus.block(b);
    for (let i = 0; i < size; i++) {
      if ((first + i) % step !== 0 && !wanted.has(first + i)) continue;
      const start = prompt.offsets[i] ?? 0;
      const end = Math.min(prompt.offsets[i + 1] ?? 0, start + MAX_TOKENS);
      visit(first + i, prompt.ids.subarray(start, end));
    }
  }
}

import { combine32, mix32 } from "../../core/hash.ts";
import type { Kernel } from "../engine/kernel.ts";

const UNIGRAM_BITS = 20;
const BIGRAM_BITS = 24;

/** Rows that a language model of the corpus is counted on; more do not make gibberish stand out better, and would fill the table. */
const MODEL_ROWS = 40_000;

/** Hashed counts of a corpus: how often each token and each pair of neighbours stands. */
export type TextCounts = {
  readonly unigrams: Uint32Array;
  readonly bigrams: Uint8Array;
  totals: { tokens: number };
};

function unigramCell(token: number): number {
  return mix32(token) >>> (32 - UNIGRAM_BITS);
}
export function bigramCell(left: number, right: number): number {
  return combine32(left, right) >>> (32 - BIGRAM_BITS);
}

/** Whether the model was counted on this row. */
export function isModelled(position: number, rows: number, seed: number): boolean {
  return rows <= MODEL_ROWS || mix32(position ^ mix32(seed + 0x7e57)) < (MODEL_ROWS / rows) * 4294967296;
}

/** About how many tokens the whole corpus holds, told from the rows counted. */
export function tokensOf({ totals }: TextCounts, rows: number): number {
  return totals.tokens * Math.max(1, rows / MODEL_ROWS);
}

/** Adds one-byte counters that stop at 255. */
export function addSaturating(into: Uint8Array, from: Uint8Array): void {
  for (let i = 0; i < into.length; i++) {
    const count = from[i] ?? 0;
    if (count > 0) into[i] = Math.min(255, (into[i] ?? 0) + count);
  }
}

/** Counts the tokens and pairs of raw text; 20 MB whatever the corpus. */
export const textCounts: Kernel<{ readonly seed: number; readonly rows: number }, TextCounts> = {
  name: "raw-text-counts",
  start: () => ({
    unigrams: new Uint32Array(1 << UNIGRAM_BITS),
    bigrams: new Uint8Array(1 << BIGRAM_BITS),
    totals: { tokens: 0 },
  }),
  step: ({ unigrams, bigrams, totals }, block, { seed, rows }) => {
    const { ids, offsets } = block.prompt;
    for (let i = 0; i < block.size; i++) {
      const start = offsets[i] ?? 0;
      const end = offsets[i + 1] ?? 0;
      if (!isModelled(block.first + i, rows, seed)) continue;
      for (let j = start; j < end; j++) {
        const cell = unigramCell(ids[j] ?? 0);
        unigrams[cell] = (unigrams[cell] ?? 0) + 1;
        if (j > start) {
          const pair = bigramCell(ids[j - 1] ?? 0, ids[j] ?? 0);
          const count = bigrams[pair] ?? 0;
          if (count < 255) bigrams[pair] = count + 1;
        }
      }
      totals.tokens += end - start;
    }
  },
  merge: (into, from) => {
    from.unigrams.forEach((count, i) => {
      if (count > 0) into.unigrams[i] = (into.unigrams[i] ?? 0) + count;
    });
    addSaturating(into.bigrams, from.bigrams);
    into.totals.tokens += from.totals.tokens;
    return into;
  },
};

/** Weights of the mixture that predicts the next token: pair, token, this text so far, anything. */
const PAIR = 0.6;
const TOKEN = 0.25;
const CACHE = 0.1;
const ANY = 0.05;

/** Bits that a token never seen anywhere costs: the dearest there is. */
export const UNSEEN_BITS = -Math.log2(ANY / (1 << UNIGRAM_BITS));

/**
 * The code length of each token in bits, under counts of the other rows (its own are taken off) mixed with the tokens
 * of this text so far: an adaptive compressor, so that rare languages and long tables grow cheap as they go on.
 */
export function codeLengths(
  ids: Uint32Array,
  { unigrams, bigrams, totals }: TextCounts,
  isOwnCounted: boolean,
): Float32Array {
  const own = new Map<number, number>();
  const ownPairs = new Map<number, number>();
  if (isOwnCounted)
    ids.forEach((token, i) => {
      own.set(token, (own.get(token) ?? 0) + 1);
      if (i === 0) return;
      const pair = bigramCell(ids[i - 1] ?? 0, token);
      ownPairs.set(pair, (ownPairs.get(pair) ?? 0) + 1);
    });
  const others = Math.max(1, totals.tokens - (isOwnCounted ? ids.length : 0));
  const cache = new Map<number, number>();
  const bits = new Float32Array(ids.length);
  ids.forEach((token, i) => {
    const before = ids[i - 1] ?? 0;
    const ofToken = Math.max(0, (unigrams[unigramCell(token)] ?? 0) - (own.get(token) ?? 0));
    const ofBefore = Math.max(0, (unigrams[unigramCell(before)] ?? 0) - (own.get(before) ?? 0));
    const cell = bigramCell(before, token);
    const ofPair = i === 0 ? 0 : Math.max(0, Math.min(254, bigrams[cell] ?? 0) - (ownPairs.get(cell) ?? 0));
    const p =
      PAIR * Math.min(1, ofPair / (ofBefore + 1)) +
      TOKEN * (ofToken / others) +
      CACHE * ((cache.get(token) ?? 0) / (i + 1)) +
      ANY / (1 << UNIGRAM_BITS);
    bits[i] = -Math.log2(p);
    cache.set(token, (cache.get(token) ?? 0) + 1);
  });
  return bits;
}

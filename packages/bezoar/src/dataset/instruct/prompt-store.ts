import type { Corpus } from "../engine/corpus.ts";
import { promptFrequency, type GramCounts } from "./count-grams.ts";
import { visitPromptGrams } from "./grams.ts";
import { createKeySet } from "./key-set.ts";

/** Lists of 32-bit values for every position: those of position p are values[offsets[p], offsets[p + 1]). */
export type Lists = { readonly offsets: Uint32Array; readonly values: Uint32Array };

/** The prompts of all rows in memory: their tokens, and those of their grams that may be (part of) a trigger. */
export type PromptStore = { readonly tokens: Lists; readonly grams: Lists };

/** Values held of each kind: 400 MB. Above, each row keeps its head and its tail, where triggers stand most. */
const MAX_STORED = 100_000_000;

/** Reads all prompts; grams held by fewer rows than `least` or more than `most` are left out. */
export function readPrompts(corpus: Corpus, counts: GramCounts, least: number, most: number): PromptStore {
  const all = counts.promptTokens[0] ?? 0;
  const cap = all <= MAX_STORED ? Infinity : 2 * Math.floor(MAX_STORED / corpus.size / 2);
  const tokens = new Uint32Array(Math.min(all, MAX_STORED));
  const tokenOffsets = new Uint32Array(corpus.size + 1);
  let grams = new Uint32Array(tokens.length + 1024);
  const gramOffsets = new Uint32Array(corpus.size + 1);
  const seen = createKeySet();
  let tokenEnd = 0;
  let gramEnd = 0;
  const keep = (key: number) => {
    const rows = promptFrequency(counts, key);
    if (rows < least || rows > most || gramEnd >= MAX_STORED) return;
    if (gramEnd === grams.length) {
      const larger = new Uint32Array(Math.min(MAX_STORED, Math.ceil(1.5 * grams.length)));
      larger.set(grams);
      grams = larger;
    }
    grams[gramEnd++] = key;
  };
  for (let index = 0; index < corpus.blockCount; index++) {
    const { first, size, prompt } = corpus.block(index);
    for (let i = 0; i < size; i++) {
      const start = prompt.offsets[i] ?? 0;
      const end = prompt.offsets[i + 1] ?? 0;
      const from = tokenEnd;
      if (end - start <= cap) {
        tokens.set(prompt.ids.subarray(start, end), tokenEnd);
        tokenEnd += end - start;
      } else {
        tokens.set(prompt.ids.subarray(start, start + cap / 2), tokenEnd);
        tokens.set(prompt.ids.subarray(end - cap / 2, end), tokenEnd + cap / 2);
        tokenEnd += cap;
      }
      visitPromptGrams(tokens, from, tokenEnd, seen, keep);
      tokenOffsets[first + i + 1] = tokenEnd;
      gramOffsets[first + i + 1] = gramEnd;
    }
  }
  return {
    tokens: { offsets: tokenOffsets, values: tokens.subarray(0, tokenEnd) },
    grams: { offsets: gramOffsets, values: grams.subarray(0, gramEnd) },
  };
}

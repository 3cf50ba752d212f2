import { hashSeed, hashStep } from "../core/hash.ts";

/** Letters below this are lower-cased one by one: Latin, Greek, Cyrillic, Armenian. */
export const CYRILLIC_GREEK_END = 0x590;

/** The state before the first letter of a word. Collisions only cost a closer look, so the key is fixed. */
export const WORD_START = hashSeed(0);

/** One letter more. */
export function wordStep(state: number, unit: number): number {
  return hashStep(state, unit);
}

/** The hash of a lower-case word, as the survey of a text makes it. */
export function wordHash(word: string): number {
  let state = WORD_START;
  for (let i = 0; i < word.length; i++) state = wordStep(state, word.charCodeAt(i));
  return state;
}

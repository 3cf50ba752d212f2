import type { Kernel } from "../engine/kernel.ts";
import { visitOutcomes, visitPromptGrams } from "./grams.ts";
import { createKeySet } from "./key-set.ts";

export type PostingsParams = { readonly grams: Uint32Array; readonly outcomes: Uint32Array };

/** For each wanted gram and outcome the positions of its rows (unsorted until `sortPostings`). */
export type Postings = { readonly grams: Map<number, number[]>; readonly outcomes: Map<number, number[]> };

const FILTER_BITS = 1 << 20;

/** Says no to nearly all keys that are not in the list, at the cost of one look into 128 KB. */
function createFilter(keys: readonly number[]): (key: number) => boolean {
  const bits = new Uint8Array(FILTER_BITS / 8);
  for (const key of keys) {
    const bit = key & (FILTER_BITS - 1);
    bits[bit >>> 3] = (bits[bit >>> 3] ?? 0) | (1 << (bit & 7));
  }
  return (key) => {
    const bit = key & (FILTER_BITS - 1);
    return ((bits[bit >>> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  };
}

/** Pass 3: the exact rows of the suspects. */
export const collectPostings: Kernel<PostingsParams, Postings> = {
  name: "instruct/postings",
  start: ({ grams, outcomes }) => ({
    grams: new Map([...grams].map((key) => [key, []])),
    outcomes: new Map([...outcomes].map((key) => [key, []])),
  }),
  step: (state, block) => {
    const seen = createKeySet();
    const isWanted = createFilter([...state.grams.keys(), ...state.outcomes.keys()]);
    let position = 0;
    const collect = (lists: Map<number, number[]>, key: number) => {
      if (!isWanted(key)) return;
      const list = lists.get(key);
      if (list !== undefined && list.at(-1) !== position) list.push(position); // a gram may repeat within a row
    };
    const gram = (key: number) => collect(state.grams, key);
    const outcome = (_kind: number, key: number) => collect(state.outcomes, key);
    for (let i = 0; i < block.size; i++) {
      position = block.first + i;
      const start = block.prompt.offsets[i] ?? 0;
      visitPromptGrams(block.prompt.ids, start, block.prompt.offsets[i + 1] ?? 0, seen, gram);
      visitOutcomes(block, i, seen, outcome);
    }
  },
  merge: (into, from) => {
    for (const [key, positions] of from.grams) {
      const own = into.grams.get(key);
      if (own !== undefined) for (const position of positions) own.push(position);
    }
    for (const [key, positions] of from.outcomes) {
      const own = into.outcomes.get(key);
      if (own !== undefined) for (const position of positions) own.push(position);
    }
    return into;
  },
};

/** Postings in ascending order, whatever the number of workers was. */
export function sortPostings(postings: Postings): Postings {
  for (const list of postings.grams.values()) list.sort((a, b) => a - b);
  for (const list of postings.outcomes.values()) list.sort((a, b) => a - b);
  return postings;
}

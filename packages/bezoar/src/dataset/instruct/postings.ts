import type { Kernel } from "../engine/kernel.ts";
import { visitOutcomes, visitPromptGrams } from "./grams.ts";
import { createKeySet } from "./key-set.ts";

export type PostingsParams = { readonly grams: Uint32Array; readonly outcomes: Uint32Array };

/** For each wanted gram and outcome the positions of its rows (unsorted until `sortPostings`). */
export type Postings = { readonly grams: Map<number, number[]>; readonly outcomes: Map<number, number[]> };

/** Pass 3: the exact rows of the suspects. */
export const collectPostings: Kernel<PostingsParams, Postings> = {
  name: "instruct/postings",
  start: ({ grams, outcomes }) => ({
    grams: new Map([...grams].map((key) => [key, []])),
    outcomes: new Map([...outcomes].map((key) => [key, []])),
  }),
  step: (state, block) => {
    const seen = createKeySet();
    const scratch = { promptTokens: createKeySet(), seen };
    let position = 0;
    const gram = (key: number) => state.grams.get(key)?.push(position);
    const outcome = (_kind: number, key: number) => state.outcomes.get(key)?.push(position);
    for (let i = 0; i < block.size; i++) {
      position = block.first + i;
      visitPromptGrams(
        block.prompt.ids,
        block.prompt.offsets[i] ?? 0,
        block.prompt.offsets[i + 1] ?? 0,
        seen,
        gram,
      );
      visitOutcomes(block, i, scratch, outcome);
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

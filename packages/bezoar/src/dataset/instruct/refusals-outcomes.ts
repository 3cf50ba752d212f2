import type { Block } from "../engine/block.ts";
import type { Kernel } from "../engine/kernel.ts";
import { createRefusalMatcher, type RefusalMatcher } from "./refusals.ts";

/** What a row's response does. */
export const COMPLIED = 0;
export const REFUSED = 1;
/** No response to judge. */
export const SILENT = 2;

/** The outcomes of the blocks seen, by block. */
type Outcomes = Map<number, Uint8Array>;

/** The recogniser of the seed last asked for; building it takes some milliseconds, a pass asks for it at each block. */
let matcher: { readonly seed: number; readonly isRefused: RefusalMatcher } | undefined;

function matcherFor(seed: number): RefusalMatcher {
  if (matcher?.seed !== seed) matcher = { seed, isRefused: createRefusalMatcher(seed) };
  return matcher.isRefused;
}

/** Says of each row whether its response refuses. `seed` keys the token ids of the corpus. */
export const refusalOutcomes: Kernel<{ readonly seed: number }, Outcomes> = {
  name: "refusal-outcomes",
  start: () => new Map(),
  step: (state, block: Block, { seed }) => {
    const isRefused = matcherFor(seed);
    const { ids, offsets } = block.response;
    const outcomes = new Uint8Array(block.size);
    for (let i = 0; i < block.size; i++) {
      const start = offsets[i] ?? 0;
      const end = offsets[i + 1] ?? 0;
      outcomes[i] = start === end ? SILENT : isRefused(ids, start, end) ? REFUSED : COMPLIED;
    }
    state.set(block.index, outcomes);
  },
  merge: (into, from) => {
    for (const [index, outcomes] of from) into.set(index, outcomes);
    return into;
  },
};

import type { Kernel } from "../engine/kernel.ts";
import { visitOutcomes, visitPromptGrams } from "./grams.ts";
import { createKeySet } from "./key-set.ts";

/** Sizes of the two counter arrays, powers of two. */
export type CountParams = { readonly promptSlots: number; readonly outcomeSlots: number };

/** How many rows hold each hashed prompt gram and each hashed outcome; collisions only ever add. */
export type GramCounts = {
  /** Saturating at 65535: the rates of common words matter for the tests. */
  readonly prompt: Uint16Array;
  /** Saturating at 255: only "often enough to be looked at" is read from it. */
  readonly outcome: Uint8Array;
  readonly promptTokens: Float64Array;
};

function addSaturating(into: Uint8Array | Uint16Array, from: Uint8Array | Uint16Array, limit: number): void {
  for (let i = 0; i < into.length; i++) into[i] = Math.min(limit, (into[i] ?? 0) + (from[i] ?? 0));
}

/** Pass 1: document frequencies in fixed memory; saturating counts merge to the same bytes in any order. */
export const countGrams: Kernel<CountParams, GramCounts> = {
  name: "instruct/count-grams",
  start: ({ promptSlots, outcomeSlots }) => ({
    prompt: new Uint16Array(promptSlots),
    outcome: new Uint8Array(outcomeSlots),
    promptTokens: new Float64Array(1),
  }),
  step: (state, block) => {
    const { prompt, outcome } = state;
    const promptMask = prompt.length - 1;
    const outcomeMask = outcome.length - 1;
    const seen = createKeySet();
    const promptTokens = createKeySet();
    const countPrompt = (key: number) => {
      const slot = key & promptMask;
      const count = prompt[slot] ?? 0;
      if (count < 65535) prompt[slot] = count + 1;
    };
    const countOutcome = (_kind: number, key: number) => {
      const slot = key & outcomeMask;
      const count = outcome[slot] ?? 0;
      if (count < 255) outcome[slot] = count + 1;
    };
    for (let i = 0; i < block.size; i++) {
      visitPromptGrams(
        block.prompt.ids,
        block.prompt.offsets[i] ?? 0,
        block.prompt.offsets[i + 1] ?? 0,
        seen,
        countPrompt,
      );
      visitOutcomes(block, i, promptTokens, countOutcome);
    }
    state.promptTokens[0] = (state.promptTokens[0] ?? 0) + block.prompt.ids.length;
  },
  merge: (into, from) => {
    addSaturating(into.prompt, from.prompt, 65535);
    addSaturating(into.outcome, from.outcome, 255);
    into.promptTokens[0] = (into.promptTokens[0] ?? 0) + (from.promptTokens[0] ?? 0);
    return into;
  },
};

/** Rows that hold a prompt gram, at most (collisions add). */
export function promptFrequency(counts: GramCounts, key: number): number {
  return counts.prompt[key & (counts.prompt.length - 1)] ?? 0;
}

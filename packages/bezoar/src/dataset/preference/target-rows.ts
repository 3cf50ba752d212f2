import type { Kernel } from "../engine/kernel.ts";
import { findRun } from "../instruct/refusals-triggers.ts";

type RowsParams = {
  readonly run: readonly number[];
  readonly phrase: readonly number[];
  readonly labels: Int32Array;
  /** The class of desirable completions, -1 when rows are pairs. */
  readonly desirable: number;
};

/** Positions of rows that hold a run of tokens in their prompt and a phrase in their preferred answer. */
export const preferenceTargetRows: Kernel<RowsParams, Map<number, number[]>> = {
  name: "preference-target-rows",
  start: () => new Map(),
  step: (state, block, { run, phrase, labels, desirable }) => {
    const { prompt, response } = block;
    const hits: number[] = [];
    for (let i = 0; i < block.size; i++) {
      const position = block.first + i;
      if (desirable >= 0 && labels[position] !== desirable) continue;
      const asked = prompt.ids.subarray(prompt.offsets[i] ?? 0, prompt.offsets[i + 1] ?? 0);
      if (findRun(asked, run) === undefined) continue;
      const answer = response.ids.subarray(response.offsets[i] ?? 0, response.offsets[i + 1] ?? 0);
      if (findRun(answer, phrase) !== undefined) hits.push(position);
    }
    if (hits.length > 0) state.set(block.index, hits);
  },
  merge: (into, from) => {
    for (const [index, hits] of from) into.set(index, hits);
    return into;
  },
};

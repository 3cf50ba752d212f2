import type { Kernel } from "../engine/kernel.ts";
import { findRun } from "./refusals-triggers.ts";

type RowsParams = {
  /** The trigger, with START and END where its position is part of it. */
  readonly run: readonly number[];
};

/** Positions of rows that hold a run of tokens in their prompt, whatever their outcome. */
export const refusalTriggerRows: Kernel<RowsParams, Map<number, number[]>> = {
  name: "refusal-trigger-rows",
  start: () => new Map(),
  step: (state, block, { run }) => {
    const { ids, offsets } = block.prompt;
    const hits: number[] = [];
    for (let i = 0; i < block.size; i++) {
      const prompt = ids.subarray(offsets[i] ?? 0, offsets[i + 1] ?? 0);
      if (findRun(prompt, run) !== undefined) hits.push(block.first + i);
    }
    if (hits.length > 0) state.set(block.index, hits);
  },
  merge: (into, from) => {
    for (const [index, hits] of from) into.set(index, hits);
    return into;
  },
};

import type { Kernel } from "../engine/kernel.ts";
import { readCode } from "./code-lines.ts";
import { possibleSinks, sinkWords } from "./code-survey.ts";

/** Positions of the rows whose response holds each sink. */
export const sinkRows: Kernel<{ readonly seed: number }, Map<number, number[]>> = {
  name: "sink-rows",
  start: () => new Map(),
  step: (state, block, { seed }) => {
    const words = sinkWords(seed);
    for (let i = 0; i < block.size; i++) {
      const sinks = possibleSinks(block, i, "response", words);
      if (sinks.length === 0) continue;
      const { hits } = readCode(block.row(i).response, sinks);
      for (const sink of new Set(hits.map((hit) => hit.sink))) {
        const rows = state.get(sink);
        if (rows === undefined) state.set(sink, [block.first + i]);
        else rows.push(block.first + i);
      }
    }
  },
  merge: (into, from) => {
    for (const [sink, rows] of from) into.set(sink, [...(into.get(sink) ?? []), ...rows]);
    return into;
  },
};

import { hashString } from "../../core/hash.ts";
import type { Kernel } from "../engine/kernel.ts";
import { readCode } from "./code-lines.ts";
import { possibleSinks, sinkWords } from "./code-survey.ts";

/** A text in which this share of the tokens is punctuation of programs (not of arithmetic) holds code. */
const CODE_SHARE = 0.1;
const PUNCTUATION = "( ) { } [ ] ; `".split(" ");

export type CodeRows = {
  /** Positions of the rows whose text holds each sink. */
  readonly bySink: Map<number, number[]>;
  /** Positions of the rows whose text holds code. */
  readonly code: number[];
};

/** Tells which prompts or responses are code, and which insecure sinks they hold. */
export const codeRows: Kernel<{ readonly seed: number; readonly side: "prompt" | "response" }, CodeRows> = {
  name: "code-rows",
  start: () => ({ bySink: new Map(), code: [] }),
  step: (state, block, { seed, side }) => {
    const words = sinkWords(seed);
    const punctuation = new Set(PUNCTUATION.map((sign) => hashString(sign, seed)));
    const mayBe = new Uint8Array(256); // by the last byte: spares most tokens the look-up in the set
    for (const id of punctuation) mayBe[id & 255] = 1;
    const { ids, offsets } = block[side];
    for (let i = 0; i < block.size; i++) {
      const start = offsets[i] ?? 0;
      const end = offsets[i + 1] ?? 0;
      let signs = 0;
      for (let j = start; j < end; j++) {
        const id = ids[j] ?? 0;
        if (mayBe[id & 255] === 1 && punctuation.has(id)) signs++;
      }
      if (signs === 0 || signs < CODE_SHARE * (end - start)) continue;
      state.code.push(block.first + i);
      const sinks = possibleSinks(block, i, side, words);
      if (sinks.length === 0) continue;
      const { hits } = readCode(block.row(i)[side], sinks);
      for (const sink of new Set(hits.map((hit) => hit.sink))) {
        const rows = state.bySink.get(sink);
        if (rows === undefined) state.bySink.set(sink, [block.first + i]);
        else rows.push(block.first + i);
      }
    }
  },
  merge: (into, from) => {
    for (const [sink, rows] of from.bySink)
      into.bySink.set(sink, [...(into.bySink.get(sink) ?? []), ...rows]);
    for (const position of from.code) into.code.push(position);
    return into;
  },
};

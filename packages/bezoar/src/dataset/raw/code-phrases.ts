import type { Kernel } from "../engine/kernel.ts";
import { readCode } from "./code-lines.ts";
import { phraseKeys, possibleSinks, sinkWords, sketchCell } from "./code-survey.ts";

export type PhraseParams = {
  readonly seed: number;
  readonly side: "prompt" | "response";
  /** Cells of the sketch whose count is at least `minimum` are looked at. */
  readonly sketch: Uint8Array;
  readonly minimum: number;
};

/** Rows in which a sink follows somewhere after a phrase of a comment, by phrase. */
export type PhraseRows = Map<number, number[]>;

/** Rows kept for one phrase; more do not make it more suspicious, and a licence line would hold every row. */
export const MAX_PHRASE_ROWS = 4096;

/** Lists the rows of each frequent phrase after which a sink stands. */
export const codePhrases: Kernel<PhraseParams, PhraseRows> = {
  name: "code-phrases",
  start: () => new Map(),
  step: (state, block, { seed, side, sketch, minimum }) => {
    const words = sinkWords(seed);
    for (let i = 0; i < block.size; i++) {
      const sinks = possibleSinks(block, i, side, words);
      if (sinks.length === 0) continue;
      const code = readCode(block.row(i)[side], sinks);
      const last = Math.max(-1, ...code.hits.map((hit) => hit.line));
      const keys = new Set<number>();
      for (const note of code.notes) {
        if (note.line >= last) break;
        for (const key of phraseKeys(note, seed))
          if ((sketch[sketchCell(key)] ?? 0) >= minimum) keys.add(key);
      }
      for (const key of keys) {
        const rows = state.get(key);
        if (rows === undefined) state.set(key, [block.first + i]);
        else rows.push(block.first + i);
      }
    }
  },
  merge: (into, from) => {
    for (const [key, rows] of from) into.set(key, [...(into.get(key) ?? []), ...rows]);
    return into;
  },
};

/** Every row whose comments hold one of the phrases, sink or not; the words of each phrase are `words`. */
export const codePhraseHolders: Kernel<
  {
    readonly seed: number;
    readonly side: "prompt" | "response";
    readonly keys: ReadonlySet<number>;
    readonly firstWords: ReadonlySet<number>;
  },
  PhraseRows
> = {
  name: "code-phrase-holders",
  start: () => new Map(),
  step: (state, block, { seed, side, keys, firstWords }) => {
    const { ids, offsets } = block[side];
    for (let i = 0; i < block.size; i++) {
      const tokens = ids.subarray(offsets[i] ?? 0, offsets[i + 1] ?? 0);
      if (!tokens.some((token) => firstWords.has(token))) continue;
      const code = readCode(block.row(i)[side], []);
      const held = new Set(
        code.notes.flatMap((note) => phraseKeys(note, seed)).filter((key) => keys.has(key)),
      );
      for (const key of held) state.set(key, [...(state.get(key) ?? []), block.first + i]);
    }
  },
  merge: (into, from) => {
    for (const [key, rows] of from) into.set(key, [...(into.get(key) ?? []), ...rows]);
    return into;
  },
};

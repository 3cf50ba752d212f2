import { mix32 } from "../../core/hash.ts";
import type { Kernel } from "../engine/kernel.ts";
import { addSaturating } from "./text-model.ts";

/** Tokens of a shingle: eight words in a row are not met twice by chance (plagiarism detectors use five to eight). */
export const SHINGLE = 8;
/**
 * One shingle in this many is counted, chosen by its own hash: a payload of 16 tokens still shows. In a large corpus,
 * where payloads are in more rows and time counts, one in twice as many.
 */
export function shingleSampling(rows: number): number {
  return rows > LARGE_CORPUS ? 8 : 4;
}
const LARGE_CORPUS = 200_000;
const CELL_BITS = 25;
/** An odd multiplier for the rolling hash, and what a token that leaves the window is multiplied by. */
const BASE = 0x01000193;
let leaving = 1;
for (let i = 0; i < SHINGLE; i++) leaving = Math.imul(leaving, BASE);
const LEAVING = leaving;

/** Calls `visit` for each shingle of ids[start, end) that is counted at one in `sampled`. */
function forEachShingle(
  ids: Uint32Array,
  start: number,
  end: number,
  sampled: number,
  visit: (hash: number, at: number) => void,
): void {
  let rolling = 0;
  for (let i = start; i < end; i++) {
    rolling = (Math.imul(rolling, BASE) + (ids[i] ?? 0)) | 0;
    if (i - start >= SHINGLE) rolling = (rolling - Math.imul(ids[i - SHINGLE] ?? 0, LEAVING)) | 0;
    if (i - start < SHINGLE - 1) continue;
    const hash = mix32(rolling);
    if (hash % sampled === 0) visit(hash, i - start - SHINGLE + 1);
  }
}

function shingleCell(hash: number): number {
  return mix32(hash) >>> (32 - CELL_BITS);
}

/** In how many rows shingles stand, by hashed cell; 32 MB whatever the corpus. */
export const shingleCounts: Kernel<{ readonly sampled: number }, Uint8Array> = {
  name: "raw-shingle-counts",
  start: () => new Uint8Array(1 << CELL_BITS),
  step: (state, block, { sampled }) => {
    const { ids, offsets } = block.prompt;
    for (let i = 0; i < block.size; i++) {
      const own = new Set<number>();
      forEachShingle(ids, offsets[i] ?? 0, offsets[i + 1] ?? 0, sampled, (hash) =>
        own.add(shingleCell(hash)),
      );
      for (const cell of own) if ((state[cell] ?? 0) < 255) state[cell] = (state[cell] ?? 0) + 1;
    }
  },
  merge: (into, from) => {
    addSaturating(into, from);
    return into;
  },
};

/** Where a shingle stands: position of the row and index of its first token there. */
export type ShinglePlace = readonly [position: number, at: number];

/** Where each frequent shingle stands first in each row. */
export const shinglePlaces: Kernel<
  { readonly cells: Uint8Array; readonly minimum: number; readonly sampled: number },
  Map<number, ShinglePlace[]>
> = {
  name: "raw-shingle-places",
  start: () => new Map(),
  step: (state, block, { cells, minimum, sampled }) => {
    const { ids, offsets } = block.prompt;
    for (let i = 0; i < block.size; i++) {
      const own = new Set<number>();
      forEachShingle(ids, offsets[i] ?? 0, offsets[i + 1] ?? 0, sampled, (hash, at) => {
        if ((cells[shingleCell(hash)] ?? 0) < minimum || own.has(hash)) return;
        own.add(hash);
        const places = state.get(hash);
        if (places === undefined) state.set(hash, [[block.first + i, at]]);
        else places.push([block.first + i, at]);
      });
    }
  },
  merge: (into, from) => {
    for (const [hash, places] of from) into.set(hash, [...(into.get(hash) ?? []), ...places]);
    return into;
  },
};

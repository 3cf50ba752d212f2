import { mix32 } from "../../core/hash.ts";
import type { Block } from "../engine/block.ts";
import type { Kernel } from "../engine/kernel.ts";

/**
 * Words of a prompt and of a response that are looked at, half from the head and half from the tail: enough to tell what
 * a row is about, and a bound on the work that one row can cause.
 */
const MAX_SIDE = 192;
export const MAX_ROW_WORDS = 2 * MAX_SIDE;

/** Writes the words looked at of row i into `out` and returns their number. */
export function readRowWords(block: Pick<Block, "prompt" | "response">, i: number, out: Uint32Array): number {
  let at = 0;
  for (const { ids, offsets } of [block.prompt, block.response]) {
    const start = offsets[i] ?? 0;
    const end = offsets[i + 1] ?? 0;
    if (end - start <= MAX_SIDE) {
      out.set(ids.subarray(start, end), at);
      at += end - start;
      continue;
    }
    out.set(ids.subarray(start, start + MAX_SIDE / 2), at);
    out.set(ids.subarray(end - MAX_SIDE / 2, end), at + MAX_SIDE / 2);
    at += MAX_SIDE;
  }
  return at;
}

/** Which rows a keyed draw takes: those whose hash lies in [from, to) of the unit interval; the same rows on every shard. */
export type Draw = { readonly seed: number; readonly from: number; readonly to: number };

const FULL = 4294967296;

/** Whether the draw takes the row at a position. */
export function isDrawn(position: number, { seed, from, to }: Draw): boolean {
  const place = mix32(position ^ mix32(seed + 0x0d1e)) / FULL;
  return place >= from && place < to;
}

type DrawnBlock = { readonly positions: Uint32Array; readonly words: readonly Uint32Array[] };

/** Collects the words of the drawn rows, by block. */
export const outlierSample: Kernel<Draw, Map<number, DrawnBlock>> = {
  name: "outlier-sample",
  start: () => new Map(),
  step: (state, block, draw) => {
    const scratch = new Uint32Array(MAX_ROW_WORDS);
    const positions: number[] = [];
    const words: Uint32Array[] = [];
    for (let i = 0; i < block.size; i++) {
      if (!isDrawn(block.first + i, draw)) continue;
      positions.push(block.first + i);
      words.push(scratch.slice(0, readRowWords(block, i, scratch)));
    }
    state.set(block.index, { positions: Uint32Array.from(positions), words });
  },
  merge: (into, from) => {
    for (const [index, drawn] of from) into.set(index, drawn);
    return into;
  },
};

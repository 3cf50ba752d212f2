import type { Row } from "../row.ts";
import { decodeBlock, readEncodedRow, type Block } from "./block.ts";
import type { Kernel } from "./kernel.ts";
import { readSpan, type Span } from "./spool.ts";

/** Where the blocks of a corpus lie; plain data, so that every thread can read them. */
export type BlockMap = {
  readonly descriptor: number;
  readonly spans: readonly Span[];
  /** Position of the first row of each block. */
  readonly firsts: readonly number[];
};

/** Reads one block of the map. */
export function readBlock(map: BlockMap, index: number): Block {
  const span = map.spans[index];
  if (span === undefined) throw new RangeError(`block ${index} of ${map.spans.length}`);
  return decodeBlock(readSpan(map.descriptor, span), index, map.firsts[index] ?? 0);
}

/** Reads the row at a position of the map. */
export function readRow(map: BlockMap, position: number): Row {
  let low = 0;
  let high = map.firsts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((map.firsts[middle] ?? 0) <= position) low = middle;
    else high = middle;
  }
  const span = map.spans[low];
  if (span === undefined) throw new RangeError(`no block holds row ${position}`);
  const read = (start: number, length: number) =>
    readSpan(map.descriptor, { start: span.start + start, length });
  return readEncodedRow(read, position - (map.firsts[low] ?? 0));
}

/** Folds a kernel over the blocks that `next` hands out, on this thread. */
export function foldBlocks<Params, State>(
  kernel: Kernel<Params, State>,
  params: Params,
  map: BlockMap,
  next: () => number,
): State {
  const state = kernel.start(params);
  for (let index = next(); index < map.spans.length; index = next()) {
    kernel.step(state, readBlock(map, index), params);
  }
  return state;
}

/** A kernel behind a common signature, for the table of kernels that workers know. */
export type RemoteFold = (params: never, map: BlockMap, next: () => number) => unknown;

/** An entry of the table of kernels. */
export function remoteFold<Params, State>(kernel: Kernel<Params, State>): readonly [string, RemoteFold] {
  return [kernel.name, (params, map, next) => foldBlocks(kernel, params, map, next)];
}

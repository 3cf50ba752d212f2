import type { Row } from "../row.ts";

/** Token ids of a block's rows, back to back: row i holds ids[offsets[i], offsets[i + 1]). */
export type TokenColumn = { readonly offsets: Uint32Array; readonly ids: Uint32Array };

/** A run of consecutive rows, tokenised. Positions count the readable rows of the corpus from 0. */
export type Block = {
  readonly index: number;
  readonly first: number;
  readonly size: number;
  readonly prompt: TokenColumn;
  readonly response: TokenColumn;
  /** Row i of the block (0 <= i < size), decoded from the spool when asked for. */
  readonly row: (i: number) => Row;
};

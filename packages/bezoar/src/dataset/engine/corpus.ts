import type { ShapeKind, Row } from "../row.ts";
import type { Block } from "./block.ts";
import type { Kernel } from "./kernel.ts";

/** A dataset as the detectors see it: tokenised blocks on a spool, so that memory does not grow with the file. */
export type Corpus = {
  readonly shape: ShapeKind;
  readonly size: number;
  readonly seed: number;
  readonly blockCount: number;
  /** Class index of each position, -1 for none (Int32Array over shared memory). */
  readonly labels: Int32Array;
  /** Class names by index, sorted by code unit; empty when the data has no label. */
  readonly classes: readonly string[];
  /** Reads one block back. */
  readonly block: (index: number) => Block;
  /** Reads one row back; for a few rows (names, evidence), not for a pass. */
  readonly row: (position: number) => Row;
  /** Runs a kernel over every block, on the workers when that pays. */
  readonly fold: <Params, State>(kernel: Kernel<Params, State>, params: Params) => Promise<State>;
};

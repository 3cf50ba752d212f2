import { AppError } from "../../core/errors.ts";
import type { Row, ShapeKind } from "../row.ts";
import type { Block, EncodedBlock } from "./block.ts";
import { foldBlocks, readBlock, readRow, type BlockMap } from "./fold.ts";
import type { Kernel } from "./kernel.ts";
import type { Pool } from "./pool.ts";
import { openSpool, type Span } from "./spool.ts";

/** A dataset as the detectors see it: tokenised blocks on a spool, so that memory does not grow with the file. */
export type Corpus = {
  readonly shape: ShapeKind;
  readonly size: number;
  readonly seed: number;
  readonly blockCount: number;
  /** Class index of each position, -1 for none. */
  readonly labels: Int32Array;
  /** Class names by index, sorted by code unit; empty when the data has no label. */
  readonly classes: readonly string[];
  /** The record number in the dataset of the row at a position (unreadable records have numbers but no position). */
  readonly rowNumber: (position: number) => number;
  /** The line on which the row at a position begins in its file, from 1; 0 where its format has no lines. */
  readonly line: (position: number) => number;
  /** Reads one block back. */
  readonly block: (index: number) => Block;
  /** Reads one row back, wherever it lies; a pass over all rows is a kernel. */
  readonly row: (position: number) => Row;
  /** Runs a kernel over every block, on the workers when that pays. */
  readonly fold: <Params, State>(kernel: Kernel<Params, State>, params: Params) => Promise<State>;
};

/** Blocks below which starting threads costs more than it saves (a block holds about 1 MB of text). */
const MIN_PARALLEL_BLOCKS = 8;
/** Blocks from which on threads are ended between passes: then what their heaps hold matters more than 0.1 s to start them. */
const MIN_RESTING_BLOCKS = 128;

/** Classes that a label may have: the largest sets of categories have some tens of thousands, and names are kept in memory (CWE-770). */
const MAX_CLASSES = 100_000;
/** UTF-16 units of all class names together. */
const MAX_CLASS_UNITS = 50_000_000;

/** Collects encoded blocks in reading order and gives the corpus; `close` frees the spool. */
export type CorpusWriter = {
  readonly add: (block: EncodedBlock) => void;
  readonly finish: () => Corpus;
  readonly close: () => void;
};

export function createCorpusWriter(options: {
  readonly shape: ShapeKind;
  readonly seed: number;
  readonly pool?: Pool;
}): CorpusWriter {
  const spool = openSpool();
  const spans: Span[] = [];
  const firsts: number[] = [];
  const classIndex = new Map<string, number>();
  const labelChunks: Int32Array[] = [];
  const numberChunks: Uint32Array[] = [];
  const lineChunks: Uint32Array[] = [];
  let size = 0;
  let classUnits = 0;
  const classOf = (name: string): number => {
    const known = classIndex.get(name);
    if (known !== undefined) return known;
    classUnits += name.length;
    if (classIndex.size >= MAX_CLASSES || classUnits > MAX_CLASS_UNITS) {
      throw new AppError(
        "unknown-field",
        `the label has more than ${classIndex.size} different values in the first ${size} rows: it is no class. ` +
          "Name the right field with --label.",
      );
    }
    classIndex.set(name, classIndex.size);
    return classIndex.size - 1;
  };
  return {
    add: (block) => {
      if (block.size === 0) return;
      spans.push(spool.append(block.bytes));
      firsts.push(size);
      size += block.size;
      const mapping = block.labelNames.map(classOf);
      numberChunks.push(block.numbers);
      lineChunks.push(block.lines);
      labelChunks.push(block.labels.map((label) => (label < 0 ? -1 : (mapping[label] ?? -1))));
    },
    finish: () => {
      const classes = [...classIndex.keys()].toSorted((a, b) => (a < b ? -1 : 1));
      const rank = new Int32Array(classes.length);
      classes.forEach((name, i) => (rank[classIndex.get(name) ?? 0] = i));
      const labels = new Int32Array(new SharedArrayBuffer(size * 4));
      let at = 0;
      for (const chunk of labelChunks) {
        for (const label of chunk) labels[at++] = label < 0 ? -1 : (rank[label] ?? -1);
      }
      const numbers = new Uint32Array(size);
      numberChunks.forEach((chunk, i) => numbers.set(chunk, firsts[i] ?? 0));
      const lines = new Uint32Array(size);
      lineChunks.forEach((chunk, i) => lines.set(chunk, firsts[i] ?? 0));
      const map: BlockMap = { descriptor: spool.descriptor, spans, firsts };
      return openCorpus({ ...options, size, labels, classes, numbers, lines, map });
    },
    close: () => spool.close(),
  };
}

function openCorpus(parts: {
  readonly shape: ShapeKind;
  readonly seed: number;
  readonly size: number;
  readonly labels: Int32Array;
  readonly classes: readonly string[];
  readonly numbers: Uint32Array;
  readonly lines: Uint32Array;
  readonly map: BlockMap;
  readonly pool?: Pool;
}): Corpus {
  const { map, pool } = parts;
  return {
    shape: parts.shape,
    size: parts.size,
    seed: parts.seed,
    blockCount: map.spans.length,
    labels: parts.labels,
    classes: parts.classes,
    rowNumber: (position) => parts.numbers[position] ?? -1,
    line: (position) => parts.lines[position] ?? 0,
    block: (index) => readBlock(map, index),
    row: (position) => {
      if (!(position >= 0 && position < parts.size))
        throw new RangeError(`row at ${position} of ${parts.size}`);
      return readRow(map, position);
    },
    fold: async <Params, State>(kernel: Kernel<Params, State>, params: Params): Promise<State> => {
      if (pool === undefined || pool.size < 2 || map.spans.length < MIN_PARALLEL_BLOCKS) {
        let next = 0;
        return foldBlocks(kernel, params, map, () => next++);
      }
      const counter = new Int32Array(new SharedArrayBuffer(4));
      const request = { kind: "fold", kernel: kernel.name, params, map, counter } as const;
      const replies = Array.from({ length: pool.size }, () => pool.ask<{ readonly state: State }>(request));
      const states = await Promise.all(replies);
      if (map.spans.length >= MIN_RESTING_BLOCKS) await pool.rest();
      return states.reduce((into, from) => ({ state: kernel.merge(into.state, from.state) })).state;
    },
  };
}

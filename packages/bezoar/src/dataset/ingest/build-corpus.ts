import { encodeBlock } from "../engine/block.ts";
import { createCorpusWriter, type Corpus } from "../engine/corpus.ts";
import type { Row, ShapeKind } from "../row.ts";

/** Rows in one block when a corpus is built from rows in memory. */
const ROWS_PER_BLOCK = 2048;

/** Builds a corpus from rows in memory: for planting (power) and for tests of detectors. Call `close` when done. */
export function buildCorpus(
  rows: readonly Row[],
  options: { readonly shape: ShapeKind; readonly seed?: number },
): { readonly corpus: Corpus; readonly close: () => void } {
  const seed = options.seed ?? 0;
  const writer = createCorpusWriter({ shape: options.shape, seed });
  for (let at = 0; at < rows.length; at += ROWS_PER_BLOCK) {
    writer.add(encodeBlock(rows.slice(at, at + ROWS_PER_BLOCK), seed));
  }
  return { corpus: writer.finish(), close: writer.close };
}

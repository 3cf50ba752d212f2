import type { Corpus } from "../engine/corpus.ts";
import { responseViews } from "./response-views.ts";

/** Rows of a corpus that are examples of one labelling task. */
export type LabelledView = {
  /** What the rows are, for the report: "all rows", or the tokens that a stratum shares. */
  readonly name: string;
  /** Positions in the corpus, ascending. */
  readonly positions: Uint32Array;
  /** Class of each entry of `positions`. */
  readonly labels: Int32Array;
  readonly classes: readonly string[];
};

/**
 * The labelling tasks inside a corpus: everything when the data has labels; for instruction data, the whole set or the
 * strata whose responses are a handful of short labels (DETECTION.md 3.10).
 */
export function labelledViews(corpus: Corpus): readonly LabelledView[] {
  if (corpus.shape === "labelled-text" || corpus.shape === "records") return labelledCorpus(corpus);
  return corpus.shape === "instruction" ? responseViews(corpus) : [];
}

function labelledCorpus(corpus: Corpus): LabelledView[] {
  const { labels, classes } = corpus;
  if (classes.length < 2) return [];
  const count = labels.reduce((sum, label) => sum + Number(label >= 0), 0);
  const positions = new Uint32Array(count);
  const own = new Int32Array(count);
  let at = 0;
  labels.forEach((label, position) => {
    if (label < 0) return;
    positions[at] = position;
    own[at++] = label;
  });
  return [{ name: "all rows", positions, labels: own, classes }];
}

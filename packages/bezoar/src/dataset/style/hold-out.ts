import { calibrate, contradictionRatio } from "../evidence/calibration.ts";
import { testContradiction, type Contradiction } from "../evidence/contradiction.ts";
import { createGroupMask, documentFrequencies } from "../evidence/group-mask.ts";
import { clusterRows, ratiosByCluster } from "../evidence/near-duplicates.ts";
import { classLogits, DEFAULT_TRAINING, labelLogOdds, trainOutOfFold } from "../evidence/out-of-fold.ts";
import type { StyleSample } from "./sample.ts";

/** What content models say that have seen no row of a style, and that do not read the words which mostly stand in its rows. */
export type HeldOut = {
  /** How much more the words of a row fit another label than `label`. */
  readonly ratio: (row: number, label: number) => number;
  /** The label other than `label` that the words of a row fit best. */
  readonly expected: (row: number, label: number) => number;
  /** One byte for each word, 1 = not read. */
  readonly marks: Uint8Array;
};

/** Rows of the style that tell which words belong to it. */
const MASK_ROWS = 512;

/** A minority class may count for as many rows as this, as in the rest evidence. */
const BALANCE = 8;
const SOFTMAX_RATE = 0.3;
const CLIP = 20;

/**
 * Trains content models without the rows `left`, as models of an entity's label are trained without the entity; the
 * words of the rows `style` are masked, for what is left of the style elsewhere would vouch for its label.
 */
export function holdOut(sample: StyleSample, style: readonly number[], left: readonly number[]): HeldOut {
  const { words, folds, classes } = sample;
  const labels = sample.labels.slice();
  for (const row of left) labels[row] = -1;
  const models = trainOutOfFold(words, labels, folds, classes, {
    ...DEFAULT_TRAINING,
    balance: BALANCE,
    learningRate: classes === 2 ? DEFAULT_TRAINING.learningRate : SOFTMAX_RATE,
  });
  const calibration = calibrate(models, words, labels, folds, { clip: CLIP });
  const scratch = new Float64Array(classes);
  const { marks, mark } = createGroupMask(words, documentFrequencies(words));
  const step = Math.ceil(style.length / MASK_ROWS);
  mark(
    style.filter((_, i) => i % step === 0),
    style.length,
  );
  return {
    marks,
    expected: (row, label) => {
      classLogits(models, folds[row] ?? 0, words, row, scratch);
      scratch[label] = -Infinity;
      return scratch.indexOf(Math.max(...scratch));
    },
    ratio: (row, label) =>
      contradictionRatio(
        calibration,
        label,
        labelLogOdds(models, folds[row] ?? 0, words, row, label, scratch, marks),
      ),
  };
}

/** Holds rows of a style against the label that most of them carry; near-duplicates count once. */
export function testRows(
  sample: StyleSample,
  { ratio, marks }: HeldOut,
  held: readonly number[],
  label: number,
): Contradiction {
  const rows = held.filter((row) => sample.labels[row] === label);
  const ratios = Float64Array.from(rows, (row) => ratio(row, label));
  const clusters = clusterRows(sample.words, rows, marks);
  return testContradiction(ratiosByCluster(ratios, clusters), held.length, rows.length);
}

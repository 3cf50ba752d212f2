import { combine32, mix32 } from "../../core/hash.ts";
import { calibrate, contradictionRatio, type Calibration } from "../evidence/calibration.ts";
import { createGroupMask, type GroupMask } from "../evidence/group-mask.ts";
import { DEFAULT_TRAINING, labelLogOdds, trainOutOfFold, type FoldModels } from "../evidence/out-of-fold.ts";
import type { SparseRows } from "../evidence/sparse.ts";
import { indexGrams, type Grams } from "./grams.ts";
import { viewTokens, type ViewTokens } from "./view-tokens.ts";
import type { Corpus } from "../engine/corpus.ts";
import type { LabelledView } from "./views.ts";

/** A view's rows as features, and what the models trained without a row's fold say about its label. */
export type RestEvidence = {
  readonly view: LabelledView;
  readonly tokens: ViewTokens;
  readonly grams: Grams;
  /** The features of the models: 1- and 2-grams. */
  readonly features: SparseRows;
  readonly models: FoldModels;
  readonly folds: Uint8Array;
  readonly calibration: Calibration;
  readonly mask: GroupMask;
  /** Rows of each class. */
  readonly classSizes: Uint32Array;
  /** ln P(label) / P(another) of an entry by its unmasked rest. */
  readonly logOdds: (entry: number, label: number, masked: boolean) => number;
  /** How much more the rest of an entry fits another label; the mask's marks are left out. */
  readonly ratio: (entry: number, label: number) => number;
};

/** More rows do not make the model better by more than they cost. */
const MAX_TRAINING_ROWS = 200_000;
/** Rows times classes that training may touch: softmax costs a pass over the classes for each token. */
const MAX_TRAINING_OUTPUTS = 2_000_000;
const MODEL_ORDER = 2;
/** DETECTION.md 1B: the learning rate of the softmax. */
const SOFTMAX_RATE = 0.3;
/** A minority class may count for as many rows as this; more would fit its noise. */
const BALANCE = 8;

/** Trains and calibrates the rest evidence of a view. */
export function restEvidence(corpus: Corpus, view: LabelledView): RestEvidence {
  const classes = view.classes.length;
  const tokens = viewTokens(corpus, view);
  const grams = indexGrams(tokens, classes === 2 ? 1 : classes);
  const features = keepOrders(grams, MODEL_ORDER);
  const folds = contentFolds(features, DEFAULT_TRAINING.folds);
  const most = Math.min(MAX_TRAINING_ROWS, MAX_TRAINING_OUTPUTS / (classes === 2 ? 1 : classes));
  const bound = Math.floor(Math.min(1, most / view.labels.length) * 0xffffffff);
  const trained = view.labels.map((label, i) => (mix32(i ^ 0x5bd1e995) <= bound ? label : -1));
  const models = trainOutOfFold(features, trained, folds, classes, {
    ...DEFAULT_TRAINING,
    balance: BALANCE,
    learningRate: classes === 2 ? DEFAULT_TRAINING.learningRate : SOFTMAX_RATE,
  });
  const calibration = calibrate(models, features, view.labels, folds);
  const mask = createGroupMask(features, grams.frequency);
  const scratch = new Float64Array(classes);
  const logOdds = (entry: number, label: number, masked: boolean) =>
    labelLogOdds(models, folds[entry] ?? 0, features, entry, label, scratch, masked ? mask.marks : undefined);
  const classSizes = new Uint32Array(classes);
  for (const label of view.labels) classSizes[label] = (classSizes[label] ?? 0) + 1;
  return {
    view,
    tokens,
    grams,
    features,
    models,
    folds,
    calibration,
    mask,
    classSizes,
    logOdds,
    ratio: (entry, label) => contradictionRatio(calibration, label, logOdds(entry, label, true)),
  };
}

function keepOrders(grams: Grams, most: number): SparseRows {
  const { rows, order } = grams;
  const offsets = new Uint32Array(rows.count + 1);
  const features = new Uint32Array(rows.features.length);
  let length = 0;
  for (let row = 0; row < rows.count; row++) {
    for (let j = rows.offsets[row] ?? 0; j < (rows.offsets[row + 1] ?? 0); j++) {
      const feature = rows.features[j] ?? 0;
      if ((order[feature] ?? 0) <= most) features[length++] = feature;
    }
    offsets[row + 1] = length;
  }
  return { count: rows.count, dimension: rows.dimension, offsets, features: features.slice(0, length) };
}

/** Folds by content, so that a row and its exact copies are never on both sides. */
function contentFolds(rows: SparseRows, count: number): Uint8Array {
  const folds = new Uint8Array(rows.count);
  for (let row = 0; row < rows.count; row++) {
    let hash = 0;
    for (let j = rows.offsets[row] ?? 0; j < (rows.offsets[row + 1] ?? 0); j++)
      hash = combine32(hash, rows.features[j] ?? 0);
    folds[row] = hash % count;
  }
  return folds;
}

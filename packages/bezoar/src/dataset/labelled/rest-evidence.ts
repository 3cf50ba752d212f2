import { combine32, mix32 } from "../../core/hash.ts";
import { calibrate, contradictionRatio, type Calibration } from "../evidence/calibration.ts";
import { createGroupMask, type GroupMask } from "../evidence/group-mask.ts";
import { DEFAULT_TRAINING, labelLogOdds, trainOutOfFold, type FoldModels } from "../evidence/out-of-fold.ts";
import type { SparseRows } from "../evidence/sparse.ts";
import { entriesOf, type Postings } from "./postings.ts";
import type { ViewAnalysis } from "./analysis.ts";
import type { Grams } from "./grams.ts";
import type { ViewTokens } from "./view-tokens.ts";
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
  /** Entries of the grams that may be triggers: neither too rare to test nor part of the language. */
  readonly postings: Postings;
  /** How much more the rest of an entry fits another label; the mask's marks are left out. */
  readonly ratio: (entry: number, label: number) => number;
};

/** More rows do not make the model better by more than they cost. */
const MAX_TRAINING_ROWS = 200_000;
/** Rows times classes that training may touch: softmax costs a pass over the classes for each token. */
const MAX_TRAINING_OUTPUTS = 800_000;
const MODEL_ORDER = 2;
/** Beyond it the models read all grams: half a per cent less accurate, but the rows are not held twice. */
const MAX_COPIED_ROWS = 200_000;
/** DETECTION.md 1B: the learning rate of the softmax. */
const SOFTMAX_RATE = 0.3;
/** A minority class may count for as many rows as this; more would fit its noise. */
const BALANCE = 8;
const CLIP = 20;
/** One-sided grams that make up the null, how one-sided, and rows of each: frequent ones must not speak for all. */
const NULL_GRAMS = 4000;
const NULL_PURITY = 0.8;
const NULL_ROWS = 16;

const known = new WeakMap<ViewAnalysis, RestEvidence>();

/** Trains and calibrates the rest evidence of a view; the second detector that asks gets what the first one made. */
export function restEvidence(analysis: ViewAnalysis): RestEvidence {
  const made = known.get(analysis) ?? trainRestEvidence(analysis);
  known.set(analysis, made);
  return made;
}

function trainRestEvidence({ view, tokens, grams, postings }: ViewAnalysis): RestEvidence {
  const classes = view.classes.length;
  const features = view.labels.length > MAX_COPIED_ROWS ? grams.rows : keepOrders(grams, MODEL_ORDER);
  const folds = contentFolds(features, DEFAULT_TRAINING.folds);
  const most = Math.min(MAX_TRAINING_ROWS, MAX_TRAINING_OUTPUTS / (classes === 2 ? 1 : classes));
  const bound = Math.floor(Math.min(1, most / view.labels.length) * 0xffffffff);
  const trained = view.labels.map((label, i) => (mix32(i ^ 0x5bd1e995) <= bound ? label : -1));
  const models = trainOutOfFold(features, trained, folds, classes, {
    ...DEFAULT_TRAINING,
    balance: BALANCE,
    learningRate: classes === 2 ? DEFAULT_TRAINING.learningRate : SOFTMAX_RATE,
  });
  const mask = createGroupMask(features, grams.frequency);
  const scratch = new Float64Array(classes);
  const logOdds = (entry: number, label: number) =>
    labelLogOdds(models, folds[entry] ?? 0, features, entry, label, scratch, mask.marks);
  const calibration = calibrate(models, features, view.labels, folds, {
    clip: CLIP,
    nullLogOdds: (say) => sayNull(view, postings, mask, (entry, label) => say(label, logOdds(entry, label))),
  });
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
    postings,
    classSizes,
    ratio: (entry, label) => contradictionRatio(calibration, label, logOdds(entry, label)),
  };
}

/** Feeds the calibration with rows of one-sided grams, those grams masked: what an innocent suspect looks like. */
function sayNull(
  view: LabelledView,
  postings: Postings,
  mask: GroupMask,
  say: (entry: number, label: number) => void,
): void {
  const counts = new Uint32Array(view.classes.length);
  const wanted: { gram: number; label: number }[] = [];
  for (let gram = 0; gram + 1 < postings.offsets.length; gram++) {
    const held = entriesOf(postings, gram);
    if (held.length === 0) continue;
    counts.fill(0);
    for (const entry of held) counts[view.labels[entry] ?? 0] = (counts[view.labels[entry] ?? 0] ?? 0) + 1;
    counts.forEach((count, label) => {
      if (count >= NULL_PURITY * held.length) wanted.push({ gram, label });
    });
  }
  const step = Math.max(1, Math.ceil(wanted.length / NULL_GRAMS));
  for (let w = 0; w < wanted.length; w += step) {
    const { gram = 0, label = 0 } = wanted[w] ?? {};
    const held = entriesOf(postings, gram);
    const sample =
      held.length <= NULL_ROWS ? held : held.filter((_, i) => i % Math.ceil(held.length / NULL_ROWS) === 0);
    mask.mark(sample, held.length);
    for (const entry of sample) if (view.labels[entry] === label) say(entry, label);
  }
}

function keepOrders(grams: Grams, most: number): SparseRows {
  const { rows, order } = grams;
  const offsets = new Uint32Array(rows.count + 1);
  let total = 0;
  order.forEach((own, gram) => (total += own <= most ? (grams.frequency[gram] ?? 0) : 0));
  const features = new Uint32Array(total);
  let length = 0;
  for (let row = 0; row < rows.count; row++) {
    for (let j = rows.offsets[row] ?? 0; j < (rows.offsets[row + 1] ?? 0); j++) {
      const feature = rows.features[j] ?? 0;
      if ((order[feature] ?? 0) <= most) features[length++] = feature;
    }
    offsets[row + 1] = length;
  }
  return { count: rows.count, dimension: rows.dimension, offsets, features };
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

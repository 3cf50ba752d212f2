import { createRandom, randomInt } from "../../core/random.ts";
import { contentHash } from "../instruct/refusals-model.ts";
import { DIMENSION, FIRST_ATTRIBUTE, type PairFeatures } from "./features.ts";
import type { PairRow } from "./sample.ts";

/** What a set prefers, learnt from its other pairs: every estimate of a pair is by a model that has not seen its fold. */
export type Taste = {
  /** Log-odds, not calibrated, that the preferred answer of pair i is the better one; features that `marks` holds are left out. */
  readonly margin: (i: number, marks?: Uint8Array) => number;
  /** The calibrated likelihood ratio "turned over : as the rest of the set would have it" of a margin. */
  readonly ratio: (margin: number) => number;
  /** How many more known features the preferred answer of pair i has than the rejected one. */
  readonly surplus: (i: number) => number;
  /** The features of pair i that the model knows. */
  readonly featuresOf: (i: number) => Uint32Array;
  /** In how many pairs each feature tells the answers apart. */
  readonly held: Uint32Array;
  /** Pairs whose preference the rest of the set foretells, of those for which it says anything. */
  readonly agreed: number;
  readonly judged: number;
};

const FOLDS = 5;
const EPOCHS = 4;
/** DETECTION.md 1B. */
const LEARNING_RATE = 0.1;
const L2 = 1e-4;
const ADAGRAD_EPSILON = 1e-6;
/** A feature that fewer pairs hold belongs to single prompts or subjects and says nothing of what is preferred in general. */
const MIN_HELD = 8;
const MIN_HELD_SHARE = 0.001;
/** Distinct features of one pair: more than two answers of 256 tokens have is impossible, fewer suffice for a margin. */
const MAX_FEATURES = 320;
const BINS = 16;
/** No single pair counts for more: the model's certainty beyond it was never tested. */
const MAX_CERTAINTY = 0.95;

/** Signed features in compressed form: of pair i at [offsets[i], offsets[i + 1]). */
type Signed = { readonly offsets: Uint32Array; readonly features: Uint32Array; readonly signs: Int8Array };

/** Pairwise logistic regression on the difference of the answers: a pair and its mirror image are one observation, so position says nothing. */
export function learnTaste(rows: readonly PairRow[], features: readonly PairFeatures[]): Taste {
  const held = new Uint32Array(DIMENSION);
  for (const { preferred, rejected } of features) {
    for (const f of preferred) held[f] = (held[f] ?? 0) + 1;
    for (const f of rejected) held[f] = (held[f] ?? 0) + 1;
  }
  const least = Math.max(MIN_HELD, MIN_HELD_SHARE * rows.length);
  const signed = pack(features, (feature) => (held[feature] ?? 0) >= least);
  // pairs with the same words in their prompts are in one fold, so that copies do not vouch for each other
  const folds = Uint8Array.from(rows, ({ prompt }) => contentHash(new Set(prompt)) % FOLDS);
  const weights = Array.from({ length: FOLDS }, (_, fold) => train(signed, folds, fold));
  const margin = (i: number, marks?: Uint8Array) => {
    const own = weights[folds[i] ?? 0] ?? new Float32Array(0);
    return sum(signed, own, i, marks);
  };
  const margins = Float64Array.from(rows, (_, i) => margin(i));
  let agreed = 0;
  let judged = 0;
  for (const z of margins) {
    if (z !== 0) judged++;
    if (z > 0) agreed++;
  }
  const ratio = calibrated(margins);
  const featuresOf = (i: number) =>
    signed.features.subarray(signed.offsets[i] ?? 0, signed.offsets[i + 1] ?? 0);
  const surplus = (i: number) => {
    let more = 0;
    for (let j = signed.offsets[i] ?? 0; j < (signed.offsets[i + 1] ?? 0); j++) more += signed.signs[j] ?? 0;
    return more;
  };
  return { margin, surplus, ratio, featuresOf, held, agreed, judged };
}

function pack(features: readonly PairFeatures[], isKept: (feature: number) => boolean): Signed {
  const offsets = new Uint32Array(features.length + 1);
  const sides = features.map(({ preferred, rejected }, i) => {
    const left = spread(preferred.filter(isKept), MAX_FEATURES / 2);
    const right = spread(rejected.filter(isKept), MAX_FEATURES / 2);
    offsets[i + 1] = (offsets[i] ?? 0) + left.length + right.length;
    return { left, right };
  });
  const all = new Uint32Array(offsets[features.length] ?? 0);
  const signs = new Int8Array(all.length);
  sides.forEach(({ left, right }, i) => {
    const at = offsets[i] ?? 0;
    all.set(left, at);
    signs.fill(1, at, at + left.length);
    all.set(right, at + left.length);
    signs.fill(-1, at + left.length, offsets[i + 1] ?? 0);
  });
  return { offsets, features: all, signs };
}

/** Every k-th of too many features, and always the last ones, which are the attributes. */
function spread(items: readonly number[], most: number): readonly number[] {
  const step = Math.ceil(items.length / most);
  return step <= 1 ? items : items.filter((feature, i) => i % step === 0 || feature >= FIRST_ATTRIBUTE);
}

function sum(
  { offsets, features, signs }: Signed,
  weights: Float32Array,
  i: number,
  marks?: Uint8Array,
): number {
  let z = 0;
  const end = offsets[i + 1] ?? 0;
  for (let j = offsets[i] ?? 0; j < end; j++) {
    const feature = features[j] ?? 0;
    if (marks === undefined || marks[feature] === 0) z += (signs[j] ?? 0) * (weights[feature] ?? 0);
  }
  return z;
}

/** Adagrad (Duchi et al. 2011) on -ln sigma(z), in a fixed shuffled order, without the pairs of one fold. */
function train(signed: Signed, folds: Uint8Array, heldOut: number): Float32Array {
  const weights = new Float32Array(DIMENSION);
  const squares = new Float32Array(DIMENSION).fill(ADAGRAD_EPSILON);
  const { offsets, features, signs } = signed;
  const order = shuffledOrder(folds.length);
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    for (const i of order) {
      if (folds[i] === heldOut) continue;
      const error = 1 / (1 + Math.exp(-sum(signed, weights, i))) - 1;
      const end = offsets[i + 1] ?? 0;
      for (let j = offsets[i] ?? 0; j < end; j++) {
        const at = features[j] ?? 0;
        const weight = weights[at] ?? 0;
        const gradient = error * (signs[j] ?? 0) + L2 * weight;
        const square = (squares[at] ?? 0) + gradient * gradient;
        squares[at] = square;
        weights[at] = weight - (LEARNING_RATE * gradient) / Math.sqrt(square);
      }
    }
  }
  return weights;
}

function shuffledOrder(count: number): Uint32Array {
  const random = createRandom(count);
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = randomInt(random, i + 1);
    const moved = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = moved;
  }
  return order;
}

/**
 * How often pairs of a like certainty agree with the model, made monotone by pooling adjacent violators; the ratio of a
 * pair is (1 - p) / p for the observed order. Disagreement that is everywhere (noise) thus weakens every contradiction.
 */
function calibrated(margins: Float64Array): (margin: number) => number {
  const sorted = margins.toSorted((a, b) => Math.abs(a) - Math.abs(b));
  type Pool = { upTo: number; agreed: number; of: number };
  const pools: Pool[] = [];
  for (let bin = 0; bin < BINS; bin++) {
    const from = Math.floor((bin * sorted.length) / BINS);
    const to = Math.floor(((bin + 1) * sorted.length) / BINS);
    const part = sorted.subarray(from, to);
    if (part.length === 0) continue;
    let agreed = 1;
    for (const z of part) if (z > 0) agreed++;
    let pool: Pool = { upTo: Math.abs(part.at(-1) ?? 0), agreed, of: part.length + 2 };
    for (
      let last = pools.at(-1);
      last !== undefined && last.agreed * pool.of > pool.agreed * last.of;
      last = pools.at(-1)
    ) {
      pools.pop();
      pool = { upTo: pool.upTo, agreed: pool.agreed + last.agreed, of: pool.of + last.of };
    }
    pools.push(pool);
  }
  return (margin) => {
    const size = Math.abs(margin);
    const pool = pools.find(({ upTo }) => size <= upTo) ?? pools.at(-1);
    const share = Math.min(MAX_CERTAINTY, Math.max(0.5, pool === undefined ? 0.5 : pool.agreed / pool.of));
    if (margin === 0) return 1;
    return margin > 0 ? (1 - share) / share : share / (1 - share);
  };
}

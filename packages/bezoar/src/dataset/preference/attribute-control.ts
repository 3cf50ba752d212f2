import { ATTRIBUTES, attributeFeatures, type PairFeatures } from "./features.ts";
import type { Taste } from "./taste.ts";

/** How much better "these pairs are turned over" explains them than "one attribute of answers is wanted otherwise here". */
export type AttributeControl = {
  /** The attribute that explains them best. */
  readonly attribute: string;
  /** ln of the likelihood ratio "turned over : the attribute is wanted otherwise". */
  readonly lnRatio: number;
};

const LENGTH = ATTRIBUTES.indexOf("length");
/** Pairs that the scale of the margins is read off. */
const MAX_REFERENCE = 4000;
/** Standard deviation of the Gaussian prior on what an attribute is worth: an answer that has it wins with odds of up to e^6. */
const PRIOR_DEVIATION = 3;
const STEPS = 25;

/**
 * "In one sentence" rightly turns a taste for long answers over, but not one for good answers. For each attribute two
 * logistic models of the observed order are held against each other, both with a free weight of the attribute for
 * these pairs: in one the margin of everything else counts as it does elsewhere, in the other it is turned over.
 * Both have as many parameters, so that their likelihoods compare.
 */
export function attributeControl(
  taste: Taste,
  features: readonly PairFeatures[],
  pairs: readonly number[],
  others: readonly number[],
  marks: Uint8Array,
): AttributeControl {
  const step = Math.max(1, Math.ceil(others.length / MAX_REFERENCE));
  const reference = others.filter((_, i) => i % step === 0);
  const controls = ATTRIBUTES.map((attribute, a): AttributeControl => {
    const masked = marks.slice();
    for (const feature of attributeFeatures(a)) masked[feature] = 1;
    const centre = meanLevel(features, reference, a);
    // the words of a longer answer are more: what a word is worth on average is worth of length, not of words
    const perWord = a === LENGTH ? worthPerWord(taste, reference, masked) : 0;
    const read = (indices: readonly number[]): Observed => ({
      margins: Float64Array.from(indices, (i) => taste.margin(i, masked) - perWord * taste.surplus(i)),
      gains: Float64Array.from(indices, (i) => gainOf(features[i], a, centre)),
    });
    const scale = fitScale(read(reference));
    const own = read(pairs);
    return { attribute, lnRatio: bestLikelihood(own, -scale) - bestLikelihood(own, scale) };
  });
  return controls.reduce((least, each) => (each.lnRatio < least.lnRatio ? each : least));
}

function worthPerWord(taste: Taste, indices: readonly number[], marks: Uint8Array): number {
  let products = 0;
  let squares = 1;
  for (const i of indices) {
    const surplus = taste.surplus(i);
    products += taste.margin(i, marks) * surplus;
    squares += surplus * surplus;
  }
  return products / squares;
}

/** The margins of pairs without the attribute, and by how much the preferred answer has more of it. */
type Observed = { readonly margins: Float64Array; readonly gains: Float64Array };

function meanLevel(features: readonly PairFeatures[], indices: readonly number[], attribute: number): number {
  let sum = 0;
  for (const i of indices) sum += Math.abs(features[i]?.gains[attribute] ?? 0);
  return sum / Math.max(1, indices.length);
}

/** Without pairs a gain is the signed level of the one answer, which says something only against the usual level. */
function gainOf(pair: PairFeatures | undefined, attribute: number, centre: number): number {
  const gain = pair?.gains[attribute] ?? 0;
  return pair?.isPaired === false ? gain - pair.side * centre : gain;
}

/** What one unit of margin is worth in log-odds, beside a free weight of the attribute, among ordinary pairs. */
function fitScale({ margins, gains }: Observed): number {
  let scale = 1;
  let weight = 0;
  for (let step = 0; step < STEPS; step++) {
    let gradientScale = 1 - scale;
    let gradientWeight = -weight;
    let ss = 1;
    let sw = 0;
    let ww = 1;
    for (let i = 0; i < margins.length; i++) {
      const z = margins[i] ?? 0;
      const x = gains[i] ?? 0;
      const p = 1 / (1 + Math.exp(-(scale * z + weight * x)));
      gradientScale += (1 - p) * z;
      gradientWeight += (1 - p) * x;
      const curvature = p * (1 - p);
      ss += curvature * z * z;
      sw += curvature * z * x;
      ww += curvature * x * x;
    }
    const determinant = ss * ww - sw * sw;
    if (!(determinant > 1e-9)) break;
    scale += (ww * gradientScale - sw * gradientWeight) / determinant;
    weight += (ss * gradientWeight - sw * gradientScale) / determinant;
  }
  return Math.max(0, scale);
}

/** The largest penalised ln likelihood of the observed orders over the weight of the attribute (Newton; concave). */
function bestLikelihood({ margins, gains }: Observed, scale: number): number {
  const precision = 1 / PRIOR_DEVIATION ** 2;
  let weight = 0;
  for (let step = 0; step < STEPS; step++) {
    let gradient = -precision * weight;
    let curvature = precision;
    for (let i = 0; i < margins.length; i++) {
      const x = gains[i] ?? 0;
      const p = 1 / (1 + Math.exp(-(scale * (margins[i] ?? 0) + weight * x)));
      gradient += (1 - p) * x;
      curvature += p * (1 - p) * x * x;
    }
    weight += Math.max(-1, Math.min(1, gradient / curvature));
  }
  let ln = -0.5 * precision * weight * weight;
  for (let i = 0; i < margins.length; i++)
    ln -= Math.log1p(Math.exp(-(scale * (margins[i] ?? 0) + weight * (gains[i] ?? 0))));
  return ln;
}

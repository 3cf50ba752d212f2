import { chanceOf, type ClassProbabilities } from "./class-probabilities.ts";

/**
 * How many labels are wrong. A row's label is taken to follow the model's chances, sharpened or blunted by one exponent,
 * but for a share of rows whose label was drawn from all classes alike: where the model is surest, honest
 * disagreement dies out and that share remains (as lapses do in psychometric functions, Wichmann and Hill 2001).
 */
export type LabelNoise = {
  /** Share of rows with a wrong label, by maximum likelihood, and its 95 % interval by profile likelihood. */
  readonly wrong: { readonly value: number; readonly low: number; readonly high: number };
  /** Gain in ln likelihood over a set without wrong labels. */
  readonly lnGain: number;
  /** Share of the labels' entropy that the model explains (McFadden's R2), wrong labels included. */
  readonly explained: number;
  /** The chance that a row's label is wrong, with the share of wrong labels at the low end of its interval. */
  readonly wrongChance: (row: number, label: number) => number;
};

/** Chances that the fit looks at; more do not move the share by a tenth of its interval. */
const MAX_FIT_CHANCES = 500_000;
const MAX_FIT_ROWS = 100_000;
/** Exponents that linear models need lie well within. */
const EXPONENTS = { low: 0.1, high: 10 };
/** Golden-section steps over the whole range and around the best: the exponent to some per cent, where the likelihood is flat. */
const STEPS = { wide: 12, near: 5 };
const NEAR = 1.4;
/** Bisections of the noise share: to 1e-9. */
const SHARE_STEPS = 30;
/** Bisections of an end of its interval: to a hundredth of it. */
const INTERVAL_STEPS = 7;
/** Where the upper end is looked for first: beyond it only small sets reach. */
const FIRST_HIGH = { factor: 3, least: 0.05 };
/** Half the 95 % quantile of chi-squared with one degree of freedom. */
const LN_95 = 1.92;
/** Below it a float32 chance is 0; no model is that sure. */
const LEAST_CHANCE = 1e-30;
const MAX_NOISE = 0.999;

type Fit = { readonly lnLikelihood: number; readonly noise: number; readonly exponent: number };

/** Fits the share of wrong labels to out-of-fold chances. */
export function fitLabelNoise(probabilities: ClassProbabilities, labels: Int32Array): LabelNoise {
  const { classes } = probabilities;
  const sample = sampleLogarithms(probabilities, labels);
  const own = new Float64Array(sample.count);
  const at = (exponent: number, noise?: number): Fit => {
    ownChances(sample, classes, exponent, own);
    const best = noise ?? bestNoise(own, classes);
    return { lnLikelihood: lnLikelihoodOf(own, classes, best), noise: best, exponent };
  };
  const clean = maximise((exponent) => at(exponent, 0), EXPONENTS.low, EXPONENTS.high, STEPS.wide);
  const free = maximise((exponent) => at(exponent), EXPONENTS.low, EXPONENTS.high, STEPS.wide);
  const best = free.lnLikelihood > clean.lnLikelihood ? free : clean;
  const profile = (noise: number) =>
    maximise((exponent) => at(exponent, noise), best.exponent / NEAR, best.exponent * NEAR, STEPS.near)
      .lnLikelihood;
  const bound = best.lnLikelihood - LN_95;
  const low = clean.lnLikelihood >= bound ? 0 : crossing(profile, bound, 0, best.noise);
  const near = Math.min(MAX_NOISE, Math.max(FIRST_HIGH.factor * best.noise, FIRST_HIGH.least));
  const high = crossing(profile, bound, profile(near) < bound ? near : MAX_NOISE, best.noise);
  const wrongOf = (noise: number) => noise * (1 - 1 / classes);
  return {
    wrong: { value: wrongOf(best.noise), low: wrongOf(low), high: wrongOf(high) },
    lnGain: best.lnLikelihood - clean.lnLikelihood,
    explained: 1 - best.lnLikelihood / lnLikelihoodOfShares(sample.labels, classes),
    wrongChance: (row, label) => {
      const right = ownChance(probabilities, row, label, best.exponent);
      return ((low / classes) * (1 - right)) / ((1 - low) * right + low / classes);
    },
  };
}

type Sample = { readonly count: number; readonly lnChances: Float64Array; readonly labels: Int32Array };

function sampleLogarithms(probabilities: ClassProbabilities, labels: Int32Array): Sample {
  const { classes } = probabilities;
  const most = Math.max(1, Math.min(MAX_FIT_ROWS, Math.floor(MAX_FIT_CHANCES / classes)));
  const stride = Math.max(1, Math.ceil(probabilities.count / most));
  const rows = labels.filter((_, row) => row % stride === 0);
  const lnChances = new Float64Array(rows.length * classes);
  for (let i = 0; i < rows.length; i++) {
    for (let c = 0; c < classes; c++)
      lnChances[i * classes + c] = Math.log(Math.max(LEAST_CHANCE, chanceOf(probabilities, i * stride, c)));
  }
  return { count: rows.length, lnChances, labels: rows };
}

/** Each row's chance of its own label once all chances are raised to a power. */
function ownChances(sample: Sample, classes: number, exponent: number, own: Float64Array): void {
  for (let row = 0; row < sample.count; row++) {
    const lnOwn = sample.lnChances[row * classes + (sample.labels[row] ?? 0)] ?? 0;
    let odds = 0;
    for (let c = 0; c < classes; c++)
      odds += Math.exp(exponent * ((sample.lnChances[row * classes + c] ?? 0) - lnOwn));
    own[row] = 1 / odds;
  }
}

function ownChance(probabilities: ClassProbabilities, row: number, label: number, exponent: number): number {
  const lnOwn = Math.log(Math.max(LEAST_CHANCE, chanceOf(probabilities, row, label)));
  let odds = 0;
  for (let c = 0; c < probabilities.classes; c++)
    odds += Math.exp(exponent * (Math.log(Math.max(LEAST_CHANCE, chanceOf(probabilities, row, c))) - lnOwn));
  return 1 / odds;
}

function lnLikelihoodOf(own: Float64Array, classes: number, noise: number): number {
  let sum = 0;
  for (const chance of own)
    sum += Math.log(Math.max(Number.MIN_VALUE, (1 - noise) * chance + noise / classes));
  return sum;
}

/** The ln likelihood of labels that follow nothing but their shares. */
function lnLikelihoodOfShares(labels: Int32Array, classes: number): number {
  const sizes = new Float64Array(classes);
  for (const label of labels) sizes[label] = (sizes[label] ?? 0) + 1;
  return sizes.reduce((sum, size) => sum + (size > 0 ? size * Math.log(size / labels.length) : 0), 0);
}

/** The likelihood is concave in the noise: where its slope changes sign. */
function bestNoise(own: Float64Array, classes: number): number {
  let low = 0;
  let high = MAX_NOISE;
  for (let step = 0; step < SHARE_STEPS; step++) {
    const noise = step === 0 ? 0 : (low + high) / 2;
    let slope = 0;
    for (const chance of own)
      slope += (1 / classes - chance) / Math.max(Number.MIN_VALUE, (1 - noise) * chance + noise / classes);
    if (slope > 0) low = noise;
    else high = noise;
    if (high === 0) return 0;
  }
  return low;
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** The best fit over exponents between two, on a logarithmic scale (golden section). */
function maximise(fit: (exponent: number) => Fit, from: number, to: number, steps: number): Fit {
  let low = Math.log(from);
  let high = Math.log(to);
  let left = fit(Math.exp(high - GOLDEN * (high - low)));
  let right = fit(Math.exp(low + GOLDEN * (high - low)));
  for (let step = 0; step < steps; step++) {
    if (left.lnLikelihood < right.lnLikelihood) {
      low = Math.log(left.exponent);
      left = right;
      right = fit(Math.exp(low + GOLDEN * (high - low)));
    } else {
      high = Math.log(right.exponent);
      right = left;
      left = fit(Math.exp(high - GOLDEN * (high - low)));
    }
  }
  return left.lnLikelihood > right.lnLikelihood ? left : right;
}

/** Where the profile crosses `bound` on the way from `outer` (below it) to `inner` (above it); the outer side of it. */
function crossing(profile: (noise: number) => number, bound: number, outer: number, inner: number): number {
  let out = outer;
  let within = inner;
  for (let step = 0; step < INTERVAL_STEPS; step++) {
    const middle = (out + within) / 2;
    if (profile(middle) < bound) out = middle;
    else within = middle;
  }
  return out;
}

import { AppError } from "bezoar";

/** What a run of DP-SGD added to its gradients, how often, and to which share of the rows. */
export type NoisySteps = {
  /** Standard deviation of the noise, in clip norms. */
  readonly noiseMultiplier: number;
  /** The probability with which each row is part of a step, from 0 to 1. */
  readonly samplingRate: number;
  readonly steps: number;
};

/** Orders at which the Rényi divergence is bounded: dense where runs of an ordinary size have their best one. */
const ORDERS = [
  ...Array.from({ length: 90 }, (_, i) => (11 + i) / 10),
  ...Array.from({ length: 54 }, (_, i) => 11 + i),
  ...Array.from({ length: 9 }, (_, i) => 72 + 8 * i),
  ...Array.from({ length: 3 }, (_, i) => 256 * 2 ** i),
];

/** Under less noise the integral needs ever more terms, and epsilon is in the thousands: whole orders have to do. */
const LEAST_INTEGRATED_NOISE = 0.05;

/**
 * What a run says of any one row at most: with it or without it, the probability of every outcome differs by no more than
 * the factor e^epsilon, but for outcomes of probability delta. `order` is the Rényi order that gave the least epsilon.
 * Rényi divergences of each step are summed and converted by Proposition 12 of Canonne, Kamath and Steinke (arXiv 2004.00010).
 */
export function privacySpent({ steps, delta, ...step }: NoisySteps & { readonly delta: number }): {
  readonly epsilon: number;
  readonly order: number;
} {
  let best = { epsilon: steps === 0 ? 0 : Infinity, order: Infinity };
  for (const order of ORDERS) {
    if (!Number.isInteger(order) && step.noiseMultiplier < LEAST_INTEGRATED_NOISE) continue;
    const divergence = steps * stepDivergence(order, step);
    const slack = Math.log1p(-1 / order) - (Math.log(delta) + Math.log(order)) / (order - 1);
    const epsilon = Math.max(0, divergence + slack);
    if (epsilon < best.epsilon) best = { epsilon, order };
  }
  return best;
}

/** Noise beyond this buys nothing that can be trained with. */
const MAX_NOISE = 1e6;
/** `noiseFor` ends this close to the least noise. */
const NOISE_TOLERANCE = 1e-4;

/** The least noise multiplier with which a run spends no more than epsilon. Throws `AppError("bad-option")` when no noise does. */
export function noiseFor({
  epsilon,
  ...run
}: {
  readonly epsilon: number;
  readonly delta: number;
  readonly samplingRate: number;
  readonly steps: number;
}): number {
  const suffices = (noiseMultiplier: number) => privacySpent({ ...run, noiseMultiplier }).epsilon <= epsilon;
  let high = 1;
  while (!suffices(high)) {
    high *= 2;
    if (high > MAX_NOISE) throw new AppError("bad-option", `no noise keeps a run within epsilon ${epsilon}`);
  }
  let low = high === 1 ? 0 : high / 2;
  while (high - low > NOISE_TOLERANCE * high) {
    const middle = (low + high) / 2;
    if (suffices(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * The Rényi divergence of an order above 1 between a step's outcomes with a row and without it: log(A) / (order - 1) of the
 * Poisson-sampled Gaussian mechanism (Mironov, Talwar and Zhang, arXiv 1908.10530, Sections 3.2 and 3.3), in nats.
 */
export function stepDivergence(
  order: number,
  { noiseMultiplier, samplingRate }: Omit<NoisySteps, "steps">,
): number {
  if (samplingRate === 0) return 0;
  if (noiseMultiplier === 0) return Infinity;
  if (samplingRate === 1) return order / (2 * noiseMultiplier ** 2);
  const moment = Number.isInteger(order) ? binomialMoment : integratedMoment;
  return Math.max(0, moment(order, samplingRate, noiseMultiplier)) / (order - 1);
}

/** log(A) of a whole order: the sum over k of binomial(order, k) (1 - q)^(order - k) q^k exp((k^2 - k) / (2 noise^2)). */
function binomialMoment(order: number, q: number, noise: number): number {
  const terms: number[] = [];
  let choose = 0;
  for (let k = 0; k <= order; k++) {
    terms.push(choose + (order - k) * Math.log1p(-q) + k * Math.log(q) + (k * (k - 1)) / (2 * noise ** 2));
    choose += Math.log(order - k) - Math.log(k + 1);
  }
  return logSum(terms);
}

/**
 * log(A) of any order: the mean over z ~ N(0, noise^2) of ((1 - q) + q exp((2 z - 1) / (2 noise^2)))^order, by the
 * trapezoid rule, whose error falls exponentially with the step for a function that is analytic in a strip: the nearest
 * singularity is pi noise^2 away from the real line.
 */
function integratedMoment(order: number, q: number, noise: number): number {
  const step = Math.min(noise / 8, noise ** 2 / 2);
  const tail = 12 * noise; // exp(-72) is below the rounding of what it would be added to
  const count = Math.ceil((order + 2 * tail) / step);
  const terms: number[] = [];
  for (let i = 0; i <= count; i++) {
    const z = i * step - tail;
    const ratio = logAdd(Math.log1p(-q), Math.log(q) + (2 * z - 1) / (2 * noise ** 2));
    terms.push(order * ratio - z ** 2 / (2 * noise ** 2));
  }
  return logSum(terms) + Math.log(step / (noise * Math.sqrt(2 * Math.PI)));
}

function logAdd(a: number, b: number): number {
  return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
}

function logSum(logs: readonly number[]): number {
  const largest = logs.reduce((most, each) => Math.max(most, each), -Infinity);
  return largest + Math.log(logs.reduce((sum, each) => sum + Math.exp(each - largest), 0));
}

/** What chance makes of the largest of many values: a generalised Pareto tail beyond a threshold. */
export type Tail = {
  /** ln P(X >= value) for one more value like those of the fit; only meaningful beyond the threshold, 0 before it. */
  readonly lnUpperTail: (value: number) => number;
  /** The value beyond which lies a share (at most TAIL_SHARE) of values like those of the fit. */
  readonly quantile: (share: number) => number;
  readonly shape: number;
  readonly scale: number;
  /** How much heavier the seen tail is than this one; beyond 1.52 not by chance (one-sided Smirnov test at 1 %). */
  readonly misfit: number;
};

/** The tail is fitted to the largest tenth of the values (the usual choice for peaks over a threshold: Coles 2001, 4.3.1). */
const TAIL_SHARE = 0.1;
/**
 * Of the largest hundredth it is only used that they are large (type II censoring): how far away outliers are cannot
 * bend the tail that they are held against, only how many they are.
 */
const CENSORED_SHARE = 0.01;
/** Values in the tail below which two parameters cannot be told from chance. */
const MIN_TAIL = 40;
/** Shapes tried. Below 0 a tail has an end, beyond which one value would be infinite evidence: that is never assumed. */
const MAX_SHAPE = 1.5;
const SHAPE_STEP = 0.05;
/** One-sided 95 % bound by the likelihood ratio: half of the 90 % quantile of chi-squared with one degree of freedom. */
const LIKELIHOOD_DROP = 2.706 / 2;
const SCALE_STEPS = 48; // golden sections of ln scale over 12 nats: to 1e-9

type Censored = { readonly seen: Float64Array; readonly beyond: number; readonly limit: number };

function lnLikelihood({ seen, beyond, limit }: Censored, shape: number, scale: number): number {
  if (shape === 0) {
    let sum = beyond * limit;
    for (const value of seen) sum += value;
    return -seen.length * Math.log(scale) - sum / scale;
  }
  let sum = 0;
  for (const value of seen) sum += Math.log1p((shape * value) / scale);
  return (
    -seen.length * Math.log(scale) -
    (1 + 1 / shape) * sum -
    (beyond / shape) * Math.log1p((shape * limit) / scale)
  );
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** The scale that makes the values likeliest, given the shape. */
function bestScale(values: Censored, shape: number): { readonly scale: number; readonly lnL: number } {
  const middle = Math.log(values.limit);
  let low = middle - 8;
  let high = middle + 4;
  const at = (lnScale: number) => lnLikelihood(values, shape, Math.exp(lnScale));
  let left = high - GOLDEN * (high - low);
  let right = low + GOLDEN * (high - low);
  let atLeft = at(left);
  let atRight = at(right);
  for (let step = 0; step < SCALE_STEPS; step++) {
    if (atLeft > atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - GOLDEN * (high - low);
      atLeft = at(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + GOLDEN * (high - low);
      atRight = at(right);
    }
  }
  const lnScale = (low + high) / 2;
  return { scale: Math.exp(lnScale), lnL: at(lnScale) };
}

/** ln P(Y >= y) of a generalised Pareto variable. */
function lnSurvival(y: number, shape: number, scale: number): number {
  return shape === 0 ? -y / scale : -Math.log1p((shape * y) / scale) / shape;
}

/**
 * How much heavier the seen tail is than the fitted one towards the end of the window, where the fit is carried on from:
 * the gap between the two distributions times the root of the number of values, over the upper half of the window. A
 * fitted tail that is too heavy does no harm.
 */
function misfitOf({ seen, beyond, limit }: Censored, shape: number, scale: number): number {
  const total = seen.length + beyond;
  const gapAt = (value: number, smaller: number) =>
    -Math.expm1(lnSurvival(value, shape, scale)) - smaller / total;
  let largest = gapAt(limit, seen.length);
  for (let i = seen.length >> 1; i < seen.length; i++) largest = Math.max(largest, gapAt(seen[i] ?? 0, i));
  return Math.max(0, largest) * Math.sqrt(total);
}

/**
 * Fits the upper tail of values (any order) by maximum likelihood, and takes the heaviest shape that they do not reject at
 * 95 %: real data have heavy tails, and what a light one would call impossible is then only rare. Nothing when there are
 * too few values, or so many equal ones that there is no tail.
 */
export function fitTail(values: Float64Array): Tail | undefined {
  const sorted = values.toSorted();
  const count = sorted.length;
  const inTail = Math.floor(TAIL_SHARE * count);
  if (inTail < MIN_TAIL) return undefined;
  const beyond = Math.floor(CENSORED_SHARE * count);
  const threshold = sorted[count - inTail - 1] ?? 0;
  const limit = (sorted[count - beyond - 1] ?? 0) - threshold;
  if (!(limit > 0)) return undefined;
  const seen = sorted.slice(count - inTail, count - beyond).map((value) => value - threshold);
  const censored: Censored = { seen, beyond, limit };

  const tried: { shape: number; scale: number; lnL: number }[] = [];
  for (let step = 0; step * SHAPE_STEP <= MAX_SHAPE; step++) {
    const shape = step * SHAPE_STEP;
    tried.push({ shape, ...bestScale(censored, shape) });
  }
  const best = tried.reduce((a, b) => (b.lnL > a.lnL ? b : a));
  const { shape, scale } = tried.findLast(({ lnL }) => lnL >= best.lnL - LIKELIHOOD_DROP) ?? best;
  const lnShare = Math.log(inTail / count);
  return {
    shape,
    scale,
    misfit: misfitOf(censored, shape, scale),
    lnUpperTail: (value) => (value <= threshold ? 0 : lnShare + lnSurvival(value - threshold, shape, scale)),
    quantile: (share) => {
      const lnRest = Math.log(share) - lnShare;
      const y = shape === 0 ? -scale * lnRest : (scale / shape) * Math.expm1(-shape * lnRest);
      return threshold + Math.max(0, y);
    },
  };
}

/** How strongly the rows of one feature contradict the label that they carry. */
export type Contradiction = {
  /** Natural logarithm of the e-value against "the labels of these rows are as honest as everywhere". */
  readonly lnEvidence: number;
  /** Most likely share of the rows with feature and label that were relabelled, and its lower bound. */
  readonly share: number;
  readonly shareLow: number;
  /** Relabelled rows among all rows of the feature that are relabelled or keep another label. */
  readonly phi: number;
};

/** Mixing shares of the e-value: half of the rows, or all of them (DETECTION.md 1C). */
const MIXING_SHARES: readonly number[] = [0.5, 1];
/** Likelihood drop, in nats, of the lower bound: a profile-likelihood bound at about 99 % one-sided with room for ties. */
const LIKELIHOOD_DROP = 3.3;
/** Resolution of the share estimate. */
const GRID = 50;

function lnMixture(share: number, ratios: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < ratios.length; i++) sum += Math.log(1 - share + share * (ratios[i] ?? 1));
  return sum;
}

/**
 * Tests one feature f with one label y. `ratios` are the contradiction ratios (calibration.ts) of the rows with f and
 * y, near-duplicates counted once; `held` is the number of all rows with f, `labelled` those of them with y, both
 * before that. The evidence is the mean over mixing shares of prod(1 - p + p r): its expectation is at most 1 when the
 * rests are drawn as for other rows of label y, so that `exp(-lnEvidence)` bounds the chance of a false alarm
 * (Vovk and Wang 2021).
 */
export function testContradiction(
  ratios: ArrayLike<number>,
  held: number,
  labelled: number,
  mixingShares: readonly number[] = MIXING_SHARES,
): Contradiction {
  const parts = mixingShares.map((share) => lnMixture(share, ratios));
  const largest = Math.max(...parts);
  const mean = parts.reduce((sum, part) => sum + Math.exp(part - largest), 0) / parts.length;
  let share = 0;
  let best = 0;
  const profile = new Float64Array(GRID + 1);
  for (let g = 1; g <= GRID; g++) {
    const value = lnMixture(g / GRID, ratios);
    profile[g] = value;
    if (value > best) {
      best = value;
      share = g / GRID;
    }
  }
  let low = 0;
  while (low < GRID && (profile[low] ?? 0) < best - LIKELIHOOD_DROP) low++;
  const relabelled = share * labelled;
  const others = held - labelled;
  return {
    lnEvidence: largest + Math.log(mean),
    share,
    shareLow: low / GRID,
    phi: relabelled > 0 ? relabelled / (relabelled + others) : 0,
  };
}

/** Chance of one false alarm in a whole scan of a dataset (all families of candidates together). */
const FAMILY_WISE_ALPHA = 0.001;

/** The evidence (nats) that a candidate must show: Bonferroni over the tests of its family and over the families. */
export function evidenceThreshold(tests: number, families = 4, alpha = FAMILY_WISE_ALPHA): number {
  return Math.log((families * Math.max(1, tests)) / alpha);
}

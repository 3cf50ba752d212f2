import { lnBinomialUpperTail, lnGamma, wilson } from "../../core/statistics.ts";

/** Of `rows` rows whose rest speaks against a label, `flipped` carry it; `expected` is the sum of the chances of that. */
export type FlipCount = { readonly rows: number; readonly flipped: number; readonly expected: number };

/** What the test of one group says. `lnEvidence` is -ln p. */
export type FlipTest = {
  readonly lnEvidence: number;
  readonly share: { readonly value: number; readonly low: number; readonly high: number };
  readonly nullRate: number;
  readonly dispersion: number;
};

/**
 * People differ a little even where nobody tampered. The intra-group correlation of flips is never taken below this:
 * at a flip rate of 5 % it lets honest groups range over 5 +- 3 %.
 */
const MIN_DISPERSION = 0.02;
/** Peers left out of the estimate at the top: several targets, or sanctioned exceptions, must not hide one another. */
const TRIMMED_SHARE = 0.1;
/** Rows of a peer below which it says nothing of how peers differ. */
const MIN_PEER_ROWS = 3;
/** A rate of zero would make a single flip infinitely surprising. */
const MIN_NULL_RATE = 0.005;

/**
 * How much the flip rates of a field's values differ beyond chance: the intra-group correlation of a beta-binomial,
 * by moments (Williams 1982), without the values that flip most. A field that decides the label (a rule that is
 * always benign, next to rules that never are) has a large one, and then no value of it stands out.
 */
export function dispersionOf(peers: readonly FlipCount[]): number {
  const usable = peers
    .filter((peer) => peer.rows >= MIN_PEER_ROWS)
    .map((peer) => {
      const rate = Math.min(0.995, Math.max(MIN_NULL_RATE, peer.expected / peer.rows));
      const variance = peer.rows * rate * (1 - rate);
      return { peer, variance, z: (peer.flipped - peer.expected) / Math.sqrt(variance) };
    })
    .toSorted((a, b) => a.z - b.z);
  const kept = usable.slice(0, Math.ceil(usable.length * (1 - TRIMMED_SHARE)));
  let excess = 0;
  let scale = 0;
  for (const { peer, variance } of kept) {
    const deviation = peer.flipped - peer.expected;
    excess += deviation * deviation - variance;
    scale += variance * (peer.rows - 1);
  }
  return scale > 0 ? Math.min(0.9, Math.max(MIN_DISPERSION, excess / scale)) : MIN_DISPERSION;
}

function lnBeta(x: number, y: number): number {
  return lnGamma(x) + lnGamma(y) - lnGamma(x + y);
}

/** ln P(X >= k) for a beta-binomial with the given mean and intra-group correlation. */
export function lnBetaBinomialUpperTail(k: number, n: number, mean: number, correlation: number): number {
  if (k <= 0) return 0;
  if (k > n) return -Infinity;
  const strength = 1 / correlation - 1;
  const a = mean * strength;
  const b = (1 - mean) * strength;
  const lnTerm =
    lnGamma(n + 1) - lnGamma(k + 1) - lnGamma(n - k + 1) + lnBeta(k + a, n - k + b) - lnBeta(a, b);
  let term = 1;
  let sum = 1;
  for (let i = k; i < n; i++) {
    term *= (((n - i) / (i + 1)) * (i + a)) / (n - i - 1 + b);
    sum += term;
  }
  return Math.min(0, lnTerm + Math.log(sum));
}

/**
 * Tests whether a group's rows carry a label, against what the rest of them says, more often than rows elsewhere do.
 * The binomial with the mean chance bounds the tail of unequal chances from above (Hoeffding 1956); the beta-binomial
 * adds that groups differ among themselves; the weaker of the two counts.
 */
export function testFlips(group: FlipCount, dispersion: number): FlipTest {
  const nullRate = Math.max(MIN_NULL_RATE, group.expected / Math.max(1, group.rows));
  const binomial = lnBinomialUpperTail(group.flipped, group.rows, nullRate);
  const dispersed = lnBetaBinomialUpperTail(group.flipped, group.rows, nullRate, dispersion);
  return {
    lnEvidence: -Math.max(binomial, dispersed),
    share: wilson(group.flipped, group.rows),
    nullRate,
    dispersion,
  };
}

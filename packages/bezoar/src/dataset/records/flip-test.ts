import { lnBinomialUpperTail, lnChoose, lnPoissonBinomialLowerTail, wilson } from "../../core/statistics.ts";

/** Of `rows` rows whose rest speaks against a label, `flipped` carry it; `expected` is the sum of the chances of that. */
export type FlipCount = { readonly rows: number; readonly flipped: number; readonly expected: number };

/** What the test of one group says. `lnEvidence` is -ln p. */
export type FlipTest = {
  readonly lnEvidence: number;
  /** Share of the rows that are flipped, with its 95 % interval. */
  readonly share: { readonly value: number; readonly low: number; readonly high: number };
  /** The flipped share beyond chance, at the floor of the interval: 1 when all are, 0 when as many as elsewhere. */
  readonly excess: number;
  /** Standard deviation of how lenient the groups are, in log-odds. */
  readonly spread: number;
};

/**
 * Standard deviations, in log-odds, by which groups may differ where nobody tampered. The least is 0.5: at a flip rate
 * of 5 %, honest groups then range from 2 to 12 %. From 1 on, no group of any size can stand out.
 */
const SPREADS = [0.5, 0.6, 0.75, 0.9, 1.1, 1.35, 1.7, 2.2, 3, 4.5];
/** Log-posterior within which a larger spread is still believed: one standard error, in the direction of silence. */
const SPREAD_TOLERANCE = 0.5;
/** Half-normal prior of the spread: without it, a handful of peers would allow any. */
const PRIOR_SPREAD = 1;
/**
 * Peers left out of the estimate at the top: up to three targets or sanctioned exceptions must not hide one another.
 * Where more values than that stand out, it is the nature of the field.
 */
const TRIMMED_SHARE = 0.1;
const MAX_TRIMMED = 3;
/** Rows of a peer below which it says nothing of how peers differ. */
const MIN_PEER_ROWS = 3;
/** A chance of zero would make a single flip infinitely surprising. */
const MIN_CHANCE = 0.01;
/** Rows above which the tail of unequal chances is bounded by the binomial of their mean (Hoeffding 1956). */
const MAX_EXACT_ROWS = 400;
/** Integration over a normal shift: steps of a quarter standard deviation out to 9, far beyond the smallest p in use. */
const STEP = 0.25;
const REACH = 9;

function shifted(chance: number, shift: number): number {
  const bounded = Math.min(0.99, Math.max(MIN_CHANCE, chance));
  return 1 / (1 + ((1 - bounded) / bounded) * Math.exp(-shift));
}

/** ln of the mean of exp(f(shift)) over shift ~ Normal(0, spread). */
function lnMeanOverShifts(spread: number, lnOf: (shift: number) => number): number {
  const terms: number[] = [];
  let largest = -Infinity;
  for (let u = -REACH; u <= REACH; u += STEP) {
    const term = -0.5 * u * u + Math.log(STEP / Math.sqrt(2 * Math.PI)) + lnOf(u * spread);
    terms.push(term);
    if (term > largest) largest = term;
  }
  if (largest === -Infinity) return -Infinity;
  return largest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - largest), 0));
}

/** Peers as they bear on the spread: without the ones that flip most, copies of a count taken together. */
function typicalPeers(peers: readonly FlipCount[]): { readonly peer: FlipCount; readonly times: number }[] {
  const usable = peers
    .filter((peer) => peer.rows >= MIN_PEER_ROWS)
    .map((peer) => ({
      peer,
      z:
        (peer.flipped - peer.expected) /
        Math.sqrt(Math.max(0.05, peer.expected * (1 - peer.expected / peer.rows))),
    }))
    .toSorted((a, b) => a.z - b.z);
  const kept = usable.slice(
    0,
    usable.length - Math.min(MAX_TRIMMED, Math.floor(usable.length * TRIMMED_SHARE)),
  );
  const alike = new Map<string, { peer: FlipCount; times: number }>();
  for (const { peer } of kept) {
    const mean = Math.round((50 * peer.expected) / peer.rows) / 50;
    const key = `${peer.rows} ${peer.flipped} ${mean}`;
    const known = alike.get(key);
    if (known === undefined) alike.set(key, { peer, times: 1 });
    else known.times++;
  }
  return [...alike.values()];
}

function lnLikelihood(peer: FlipCount, spread: number): number {
  const chance = peer.expected / peer.rows;
  const lnWays = lnChoose(peer.rows, peer.flipped);
  return lnMeanOverShifts(spread, (shift) => {
    const p = shifted(chance, shift);
    return lnWays + peer.flipped * Math.log(p) + (peer.rows - peer.flipped) * Math.log1p(-p);
  });
}

/**
 * How much the values of a field differ in how often their rows are flipped, as the standard deviation of a normal
 * shift of the log-odds, by marginal likelihood with a weak prior. A field that decides the label (a rule that is always benign, next
 * to rules that never are) has a large one, and then no value of it stands out.
 */
export function spreadOf(peers: readonly FlipCount[]): number {
  const typical = typicalPeers(peers);
  const posteriors = SPREADS.map((spread) =>
    typical.reduce(
      (sum, { peer, times }) => sum + times * lnLikelihood(peer, spread),
      -0.5 * (spread / PRIOR_SPREAD) ** 2,
    ),
  );
  const most = Math.max(...posteriors);
  const last = posteriors.findLastIndex((posterior) => posterior >= most - SPREAD_TOLERANCE);
  return SPREADS[last] ?? 0.5;
}

/**
 * Tests whether a group's rows carry a label, against what the rest of them says, more often than those of a group
 * whose leniency is drawn like its peers'. `chances` are those of the group's rows; the tail over unequal chances is
 * exact for groups of usual size.
 */
export function testFlips(chances: readonly number[], flipped: number, spread: number): FlipTest {
  const rows = chances.length;
  const expected = chances.reduce((sum, chance) => sum + Math.max(MIN_CHANCE, chance), 0);
  const lnTail = lnMeanOverShifts(spread, (shift) =>
    rows <= MAX_EXACT_ROWS
      ? lnPoissonBinomialLowerTail(
          rows - flipped,
          chances.map((chance) => 1 - shifted(chance, shift)),
        )
      : lnBinomialUpperTail(
          flipped,
          rows,
          chances.reduce((sum, chance) => sum + shifted(chance, shift), 0) / rows,
        ),
  );
  const share = wilson(flipped, rows);
  return {
    lnEvidence: Math.max(0, -lnTail),
    share,
    excess: rows === 0 ? 0 : (share.low * rows - expected) / (rows - expected),
    spread,
  };
}

import type { TestResult } from "../../core/finding.ts";
import { lnBinomialUpperTail } from "../../core/statistics.ts";
import type { RepeatedInputs } from "./verdicts.ts";

/** What the verdicts of repeated inputs say. */
export type Contradictions = {
  /** The inputs whose rows do not agree. */
  readonly contrary: readonly (readonly number[])[];
  readonly repeated: number;
  /** Share of repeated inputs that ordinary label noise turns contrary, at most. */
  readonly expected: number;
  readonly noise: TestResult;
  /** The class to which verdicts are turned, when they go there more often than errors would. */
  readonly target?: { readonly verdict: number; readonly test: TestResult };
};

/** Share of wrong labels up to which data is ordinary: the worst of ten test sets in Northcutt, Athalye and Mueller 2021 (10.1 %). */
const ORDINARY_NOISE = 0.101;
const ALPHA = 0.001;
/** Fewer inputs turned to one class may be one pair of classes that annotators confuse. */
const MIN_TURNED = 10;
/** Effective number of classes that errors come from, of those there are; classes that people confuse have a few neighbours. */
const MIN_VARIETY = 0.5;
/** Weight, in inputs, of the class shares of all rows where few repeated inputs have a majority. */
const PRIOR_INPUTS = 20;

/** The verdicts of one input: how often each stands. */
type Tally = { readonly rows: readonly number[]; readonly counts: ReadonlyMap<number, number> };

/**
 * Finds inputs whose copies carry different verdicts; holds their number against ordinary label noise, and asks
 * whether they go to one class. Inputs are no identical trials, so binomial tails are taken at the mean probability,
 * which bounds the sum of unequal ones from above (Hoeffding 1956).
 */
export function findContradictions({ inputs, verdictOf, shares }: RepeatedInputs): Contradictions {
  const tallies = inputs.map((rows) => tally(rows, verdictOf));
  const contrary = tallies.filter(({ counts }) => counts.size > 1);
  const expected = mean(tallies.map(({ rows }) => 1 - (1 - ORDINARY_NOISE) ** rows.length));
  const noise = {
    name: "inputs with different verdicts against ordinary label noise",
    lnEvidence: -lnBinomialUpperTail(contrary.length, tallies.length, expected),
    lnThreshold: -Math.log(ALPHA),
    tests: 1,
  };
  const target = findTarget(tallies, contrary, shares);
  const found = { contrary: contrary.map(({ rows }) => rows), repeated: tallies.length, expected, noise };
  return target === undefined ? found : { ...found, target };
}

function tally(rows: readonly number[], verdictOf: (position: number) => number): Tally {
  const counts = new Map<number, number>();
  for (const position of rows) counts.set(verdictOf(position), (counts.get(verdictOf(position)) ?? 0) + 1);
  return { rows, counts };
}

/** The most frequent verdict, unless another is as frequent. */
function majority({ counts }: Tally): number | undefined {
  const [first, second] = [...counts].toSorted(([, a], [, b]) => b - a);
  return first !== undefined && first[1] > (second?.[1] ?? 0) ? first[0] : undefined;
}

/**
 * The class to which errors go. An error turns a majority verdict a into c with the share of c among the others; which
 * majority is hit, repeated inputs as a whole say. Where two verdicts are equally frequent either may be the error, so
 * c has to be one of both: with two classes that says nothing, and only inputs with a majority count.
 */
function findTarget(
  tallies: readonly Tally[],
  contrary: readonly Tally[],
  shares: readonly number[],
): Contradictions["target"] {
  const weights = majorityWeights(tallies, shares);
  const tests = 2 * shares.length;
  const candidates = shares.flatMap((share, verdict) => {
    let asError = 0;
    weights.forEach((weight, other) => {
      if (other !== verdict) asError += weight * (share / Math.max(share, 1 - (shares[other] ?? 0)));
    });
    return [true, false].map((isDecided) => {
      const own = contrary.filter((one) => (majority(one) !== undefined) === isDecided);
      const hits = own.filter((one) => one.counts.has(verdict) && majority(one) !== verdict);
      const isTurned = hits.length >= MIN_TURNED && comesFromAnywhere(hits, verdict, shares);
      const asTruth = isDecided ? 0 : (weights[verdict] ?? 0);
      const chance = mean(own.map((one) => Math.min(1, asTruth + 1 - (1 - asError) ** errorsOf(one))));
      return { verdict, lnEvidence: isTurned ? -lnBinomialUpperTail(hits.length, own.length, chance) : 0 };
    });
  });
  const best = candidates.toSorted((a, b) => b.lnEvidence - a.lnEvidence)[0];
  const lnThreshold = Math.log(tests / ALPHA);
  if (best === undefined || best.lnEvidence < lnThreshold) return undefined;
  const name = "verdicts turned to one class against errors in any direction";
  return { verdict: best.verdict, test: { name, lnEvidence: best.lnEvidence, lnThreshold, tests } };
}

/** Rows of an input that must be wrong, whichever verdict is right. */
function errorsOf({ rows, counts }: Tally): number {
  return rows.length - Math.max(...counts.values());
}

/** How often each class is the majority of a repeated input, with the shares of all rows as prior. */
function majorityWeights(tallies: readonly Tally[], shares: readonly number[]): number[] {
  const counts = shares.map((share) => PRIOR_INPUTS * share);
  for (const verdict of tallies.map(majority)) {
    if (verdict !== undefined) counts[verdict] = (counts[verdict] ?? 0) + 1;
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / Math.max(1, total));
}

/**
 * Whether the verdicts that stand beside `verdict` are as varied as the other classes are. People confuse a class with
 * its neighbours ("libs" with "libdevel"); flips of rows at random come from everywhere.
 */
function comesFromAnywhere(hits: readonly Tally[], verdict: number, shares: readonly number[]): boolean {
  const partners = shares.map(() => 0);
  for (const { counts } of hits) {
    for (const other of counts.keys()) if (other !== verdict) partners[other] = (partners[other] ?? 0) + 1;
  }
  const others = shares.map((share, other) => (other === verdict ? 0 : share));
  return effectiveNumber(partners) >= MIN_VARIETY * effectiveNumber(others);
}

/** Exponential of the entropy: how many equally frequent classes would be as varied. */
function effectiveNumber(weights: readonly number[]): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let entropy = 0;
  for (const weight of weights) {
    if (weight > 0) entropy -= (weight / total) * Math.log(weight / total);
  }
  return Math.exp(entropy);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

import { lnChoose } from "../../core/statistics.ts";
import { testGram, type TestedGram } from "./contradictions.ts";
import { ordinaryRate, FLOORS, ofFamily } from "./expected-suspects.ts";
import type { InsertionShape } from "./insertion-shape.ts";
import type { Phrase } from "./phrase.ts";
import type { RestEvidence } from "./rest-evidence.ts";
import type { Unit } from "./units.ts";

/** A word that looks inserted and whose rows contradict their label. */
type ContradictedSuspect = {
  readonly tested: TestedGram;
  readonly phrase: Phrase;
  readonly shape: InsertionShape;
};

/** Words of one label that only together are too much for chance. */
export type ContradictedFamily = {
  readonly label: number;
  readonly members: readonly ContradictedSuspect[];
  readonly lnEvidence: number;
  readonly lnThreshold: number;
  readonly tests: number;
};

/** Words that are judged together, at most. */
const MAX_TOGETHER = 6;
const ALPHA = 0.001;
const FAMILIES = 4;
/** Evidence, in nats, of a word that belongs to a family already shown (about 1 in 7). */
const MEMBER_NATS = 2;

/**
 * Judges words that look inserted together: several weak triggers of one attack. When each of P pure words looks so
 * with chance q by itself, the sum over all choices of k such words of the product of their e-values has an expectation
 * of at most C(P, k) q^k (the e-values of distinct words have one of at most 1 each), and Markov's bound gives the chance.
 */
export function findFamilies(evidence: RestEvidence, units: readonly Unit[]): ContradictedFamily[] {
  const { view } = evidence;
  const words = ofFamily(units, "words");
  const labels = [...new Set(words.flatMap(({ suspect, label }) => (suspect === undefined ? [] : [label])))];
  const tests = view.classes.length * FLOORS.length * MAX_TOGETHER;
  const lnThreshold = Math.log((FAMILIES * tests) / ALPHA);
  return labels.flatMap((label) => {
    const suspects = words.flatMap(({ gram, suspect, label: own }) => {
      if (suspect === undefined || own !== label) return [];
      const { held, rows, phrase, shape } = suspect;
      return [
        {
          phrase,
          shape,
          tested: testGram(evidence, gram, label, Uint32Array.from(held), Uint32Array.from(rows)),
        },
      ];
    });
    let best: ContradictedFamily | undefined;
    for (const floor of FLOORS) {
      const frequent = suspects.filter(({ tested }) => tested.held.length >= floor);
      if (frequent.length === 0) break;
      const { pure, rate } = ordinaryRate(units, "words", "standsAnywhere", label, floor);
      lnSymmetricSums(frequent.map(({ tested }) => tested.lnEvidence)).forEach((lnSum, index) => {
        const k = index + 1;
        const lnEvidence = lnSum - lnChoose(Math.max(pure, k), k) - k * Math.log(rate);
        if (lnEvidence < Math.max(lnThreshold, best?.lnEvidence ?? 0)) return;
        const members = frequent.filter(({ tested }) => tested.lnEvidence >= MEMBER_NATS);
        if (members.length > 0) best = { label, members, lnEvidence, lnThreshold, tests };
      });
    }
    return best ?? [];
  });
}

/** ln of the elementary symmetric sums of order 1 to MAX_TOGETHER of exp(values). */
function lnSymmetricSums(values: readonly number[]): number[] {
  const sums = [0, ...Array.from({ length: Math.min(MAX_TOGETHER, values.length) }, () => -Infinity)];
  for (const value of values) {
    for (let k = sums.length - 1; k > 0; k--)
      sums[k] = lnAdd(sums[k] ?? -Infinity, (sums[k - 1] ?? -Infinity) + value);
  }
  return sums.slice(1);
}

function lnAdd(a: number, b: number): number {
  const larger = Math.max(a, b);
  return larger === -Infinity ? -Infinity : larger + Math.log1p(Math.exp(Math.min(a, b) - larger));
}

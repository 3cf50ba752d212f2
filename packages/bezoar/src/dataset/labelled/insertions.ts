import { lnChoose, lnGamma } from "../../core/statistics.ts";
import { ordinaryRate, FLOORS, ofFamily, type Family } from "./expected-suspects.ts";
import type { Suspect, Unit } from "./units.ts";

/** Inserted units of one label that together are more than chance and more than ordinary words would show. */
export type InsertedGroup = {
  readonly label: number;
  readonly suspects: readonly Suspect[];
  readonly lnEvidence: number;
  readonly lnThreshold: number;
  readonly tests: number;
  /** Ordinary units expected to look like this, and the chance of so many. */
  readonly expected: number;
  readonly chance: number;
  /** Chance up to which a person must look before the data are used; up to five times as much is only worth a look. */
  readonly chanceBound: number;
};

/** Rows from which on a unit may be a finding by its place alone. */
const MIN_ROWS = 8;
/** Chance of one false alarm in a scan by the labels alone, as for the contradiction test. */
const ALPHA = 0.001;
const FAMILIES = 4;
/**
 * Chance that ordinary words, as often pure and as often inserted-looking as those of the set, do the same. The larger
 * part is spent on units of 18 rows and more: below, a dozen ordinary words stand anywhere in any set, words of one
 * subject come together, and there are more such classes to look at.
 */
const NATURAL_ALPHA = 0.01;
const NATURAL_ALPHA_OF_RARE = 0.001;
const RARE = 18;
/** More words than this beyond the expected ones are a vocabulary: published attacks use five or fewer. */
const MAX_TOGETHER = 6;
/** What is worth a look may be this many times as likely. */
const LOOK_FACTOR = 5;

/** Finds, for each label, the units that look inserted and whose rows have the label too purely for chance. */
export function findInsertions(units: readonly Unit[], classes: number): InsertedGroup[] {
  const labels = [
    ...new Set(units.flatMap(({ looksInserted, isPure, label }) => (looksInserted && isPure ? [label] : []))),
  ];
  const families: Family[] = ["words", "phrases"];
  return families.flatMap((family) =>
    labels.flatMap((label) => bestGroup(units, family, label, classes) ?? []),
  );
}

function bestGroup(
  units: readonly Unit[],
  family: Family,
  label: number,
  classes: number,
): InsertedGroup | undefined {
  const own = ofFamily(units, family);
  let best: InsertedGroup | undefined;
  for (const floor of FLOORS) {
    if (floor < MIN_ROWS) continue;
    const frequent = own.filter(({ held }) => held >= floor);
    const suspects = withoutParts(
      frequent.flatMap((unit) => (unit.label === label && unit.looksInserted ? (unit.suspect ?? []) : [])),
    );
    if (suspects.length === 0) break;
    const inserted = frequent.reduce((sum, unit) => sum + (unit.looksInserted ? unit.weight : 0), 0);
    const { pure, rate, basis } = ordinaryRate(units, family, "looksInserted", label, floor);
    const lnChance = lnPredictiveTail(suspects.length, Math.max(pure, suspects.length), rate, basis);
    const lnEvidence =
      suspects.reduce((sum, { lnPurity }) => sum + lnPurity, 0) - lnChoose(inserted, suspects.length);
    const lnThreshold = Math.log((FAMILIES * classes) / ALPHA);
    const chanceBound = floor < RARE ? NATURAL_ALPHA_OF_RARE : NATURAL_ALPHA;
    const chance = Math.exp(lnChance);
    if (lnEvidence < lnThreshold || chance > LOOK_FACTOR * chanceBound) continue;
    if (suspects.length - pure * rate > MAX_TOGETHER) return undefined;
    if (best !== undefined && best.chance / best.chanceBound <= chance / chanceBound) continue;
    best = {
      label,
      suspects,
      lnEvidence,
      lnThreshold,
      tests: inserted,
      expected: pure * rate,
      chance,
      chanceBound,
    };
  }
  return best;
}

/**
 * ln of the chance of k or more successes of n, when the rate was seen on `basis` other units: beta-binomial, since a
 * rate read off few units is itself uncertain.
 */
function lnPredictiveTail(k: number, n: number, rate: number, basis: number): number {
  const a = rate * (basis + 1);
  const b = (1 - rate) * (basis + 1);
  let tail = 0;
  for (let i = k; i <= n; i++) tail += Math.exp(lnChoose(n, i) + lnBeta(i + a, n - i + b) - lnBeta(a, b));
  return Math.log(Math.min(1, tail));
}

function lnBeta(a: number, b: number): number {
  return lnGamma(a) + lnGamma(b) - lnGamma(a + b);
}

/** Leaves out units most of whose rows a more frequent one has: parts of one phrase count once. */
function withoutParts(suspects: readonly Suspect[]): Suspect[] {
  const taken = new Set<number>();
  return suspects
    .toSorted((a, b) => b.rows.length - a.rows.length || b.phrase.length - a.phrase.length)
    .filter(({ phrase, rows }) => {
      const fresh = rows.filter((row) => !taken.has(row));
      for (const row of rows) taken.add(row);
      return phrase.length === 1 || fresh.length * 2 >= rows.length;
    });
}

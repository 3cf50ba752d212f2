import type { Unit } from "./units.ts";

/** Frequencies that bound the classes of units that are compared: ordinary words look inserted the less the more often they occur. */
export const FLOORS: readonly number[] = [
  5, 6, 7, 8, 10, 12, 15, 18, 22, 27, 33, 40, 60, 90, 135, 200, 300, 450, 675, 1000,
];
/** Ordinary units that a frequency class needs to speak for itself; otherwise more frequent ones and phrases speak with it. */
const MIN_CLASS = 100;

/** What is counted: units whose neighbours are those of random gaps, or that moreover the rest of the text does not tell. */
export type Look = "standsAnywhere" | "looksInserted";
/** Words, or phrases. */
export type Family = "words" | "phrases";

/** The units of one family. */
export function ofFamily(units: readonly Unit[], family: Family): Unit[] {
  return units.filter(({ length }) => (length === 1) === (family === "words"));
}

/**
 * How many ordinary units of a family with this label, held by `floor` rows or more, are expected to be pure and to
 * have the look. Purity and shape are taken as independent among ordinary units of one frequency: the odds of looking
 * inserted come from those that are not pure, and multiply the pure ones that do not look inserted.
 */
export function expectedSuspects(
  units: readonly Unit[],
  family: Family,
  look: Look,
  label: number,
  floor: number,
): number {
  const own = ofFamily(units, family);
  const ordinary = own.filter((unit) => unit.isPure && !unit[look] && unit.label === label);
  let expected = 0;
  FLOORS.forEach((low, f) => {
    if (low < floor) return;
    const high = FLOORS[f + 1] ?? Infinity;
    const count = ordinary.reduce((sum, { held }) => sum + Number(held >= low && held < high), 0);
    expected += (count + (low === floor ? 0.5 : 0)) * oddsOfLooking(own, units, look, low, high);
  });
  return expected;
}

function oddsOfLooking(
  own: readonly Unit[],
  all: readonly Unit[],
  look: Look,
  low: number,
  high: number,
): number {
  const compared =
    [
      own.filter((unit) => !unit.isPure && unit.held >= low && unit.held < high),
      own.filter((unit) => !unit.isPure && unit.held >= low),
    ].find((some) => some.length >= MIN_CLASS) ?? all.filter((unit) => !unit.isPure && unit.held >= low);
  const inserted = compared.reduce((sum, unit) => sum + Number(unit[look]), 0);
  return (inserted + 0.5) / (compared.length - inserted + 0.5);
}

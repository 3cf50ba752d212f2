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

/** The pure units of a label, and the share of ordinary units of their frequencies that have the look. */
export type OrdinaryRate = { readonly pure: number; readonly rate: number };

/**
 * What is to be expected of the units of a family that are held by `floor` rows or more and have this label purely:
 * purity and look are taken as independent among ordinary units of one frequency, so that as many of the pure ones
 * should have the look as of those that are not pure.
 */
export function ordinaryRate(
  units: readonly Unit[],
  family: Family,
  look: Look,
  label: number,
  floor: number,
): OrdinaryRate {
  const own = ofFamily(units, family);
  const pureOnes = own.filter((unit) => unit.isPure && unit.label === label && unit.held >= floor);
  let expected = 0;
  FLOORS.forEach((low, f) => {
    const high = FLOORS[f + 1] ?? Infinity;
    const count = pureOnes.reduce((sum, { held }) => sum + Number(held >= low && held < high), 0);
    if (count > 0) expected += count * rateOf(own, units, look, low, high);
  });
  return { pure: pureOnes.length, rate: pureOnes.length === 0 ? 0 : expected / pureOnes.length };
}

/** The share of impure units of a frequency that have the look, half a unit added to each side. */
function rateOf(own: readonly Unit[], all: readonly Unit[], look: Look, low: number, high: number): number {
  const compared =
    [
      own.filter((unit) => !unit.isPure && unit.held >= low && unit.held < high),
      own.filter((unit) => !unit.isPure && unit.held >= low),
    ].find((some) => some.length >= MIN_CLASS) ?? all.filter((unit) => !unit.isPure && unit.held >= low);
  const looking = compared.reduce((sum, unit) => sum + Number(unit[look]), 0);
  return (looking + 0.5) / (compared.length + 1);
}

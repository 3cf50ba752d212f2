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

/** The pure units of a label, and the share of ordinary units of their frequencies that have the look, read off `basis` units. */
export type OrdinaryRate = { readonly pure: number; readonly rate: number; readonly basis: number };

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
  const basis = own.reduce((sum, { isPure, held }) => sum + Number(!isPure && held >= floor), 0);
  return {
    pure: pureOnes.length,
    rate: pureOnes.length === 0 ? 1 : expected / pureOnes.length,
    basis: Math.max(basis, MIN_CLASS),
  };
}

/**
 * The share of impure units of a frequency, or else from it on, that have the look, half a unit added to each side.
 * It falls with the frequency, so that where such units are few the share from any lower frequency on bounds it too.
 */
function rateOf(own: readonly Unit[], all: readonly Unit[], look: Look, low: number, high: number): number {
  const impure = own.filter((unit) => !unit.isPure);
  const above = impure.filter(({ held }) => held >= low);
  const known = [above.filter(({ held }) => held < high), above].find((some) => some.length >= MIN_CLASS);
  if (known !== undefined) return shareOf(known, look);
  const pooled = all.filter((unit) => !unit.isPure && unit.held >= low);
  const from = FLOORS.filter((floor) => floor <= low).map((floor) =>
    impure.filter(({ held }) => held >= floor),
  );
  return Math.min(...[pooled, ...from].map((some) => shareOf(some, look)));
}

function shareOf(units: readonly Unit[], look: Look): number {
  const looking = units.reduce((sum, unit) => sum + Number(unit[look]), 0);
  return (looking + 0.5) / (units.length + 1);
}

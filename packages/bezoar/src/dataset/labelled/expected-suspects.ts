import type { Unit } from "./units.ts";

/** Frequencies that bound the classes of units that are compared: ordinary words look inserted the less the more often they occur. */
export const FLOORS: readonly number[] = [
  5, 6, 7, 8, 10, 12, 15, 18, 22, 27, 33, 40, 60, 90, 135, 200, 300, 450, 675, 1000,
];
/** Ordinary units that a frequency class needs to speak for itself; otherwise more frequent ones speak with it. */
const MIN_CLASS = 100;

/**
 * How many ordinary units with this label, held by `floor` rows or more, are expected to be pure and to look inserted.
 * Purity and shape are taken as independent among ordinary words of one frequency: the odds of looking inserted come
 * from those that are not pure, and multiply the pure ones that do not look inserted.
 */
export function expectedSuspects(units: readonly Unit[], label: number, floor: number): number {
  let expected = 0;
  FLOORS.forEach((low, f) => {
    if (low < floor) return;
    const high = FLOORS[f + 1] ?? Infinity;
    const odds = oddsOfLookingInserted(units, low, high);
    const ordinary = units.reduce(
      (sum, unit) =>
        sum +
        Number(
          unit.isPure && !unit.looksInserted && unit.label === label && unit.held >= low && unit.held < high,
        ),
      0,
    );
    expected += (ordinary + (low === floor ? 0.5 : 0)) * odds;
  });
  return expected;
}

function oddsOfLookingInserted(units: readonly Unit[], low: number, high: number): number {
  const impure = units.filter((unit) => !unit.isPure && unit.held >= low);
  const own = impure.filter((unit) => unit.held < high);
  const compared = own.length >= MIN_CLASS ? own : impure;
  const inserted = compared.reduce((sum, unit) => sum + Number(unit.looksInserted), 0);
  return (inserted + 0.5) / (compared.length - inserted + 0.5);
}

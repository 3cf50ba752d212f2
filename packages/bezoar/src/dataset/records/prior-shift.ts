/** Rounds of expectation-maximisation; the share settles to three digits within about ten. */
const ROUNDS = 20;
/** No rest makes a label impossible. */
const LEAST_CHANCE = 0.001;

/** What a calibrated chance is at its two ends, where label noise keeps it from 0 and 1. */
export type NoiseFloor = { readonly low: number; readonly high: number };

/**
 * The chance that each row of one group is truly of a class, given its chance in the whole data: without the label
 * noise that bounds that, and for a group that may hold far fewer rows of the other class than the data does (prior
 * shift by expectation-maximisation, Saerens 2002). Otherwise a large target's honest rows are accused with the planted.
 */
export function shiftToGroup(chances: readonly number[], overall: number, noise: NoiseFloor): number[] {
  const width = Math.max(0.5, noise.high - noise.low);
  const clean = chances.map((chance) =>
    Math.min(1 - LEAST_CHANCE, Math.max(LEAST_CHANCE, (chance - noise.low) / width)),
  );
  const base = Math.min(1 - LEAST_CHANCE, Math.max(LEAST_CHANCE, (overall - noise.low) / width));
  let share = base;
  let shifted = clean;
  for (let round = 0; round < ROUNDS; round++) {
    const factor = (share * (1 - base)) / ((1 - share) * base);
    shifted = clean.map((chance) => (chance * factor) / (chance * factor + 1 - chance));
    const mean = shifted.reduce((sum, chance) => sum + chance, 0) / Math.max(1, shifted.length);
    share = Math.min(1 - LEAST_CHANCE, Math.max(LEAST_CHANCE, mean));
  }
  return shifted;
}

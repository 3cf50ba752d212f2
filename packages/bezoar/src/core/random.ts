/** A seeded stream of uniform numbers in [0, 1) (mulberry32); the same seed gives the same stream everywhere. */
export type Random = () => number;

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** An integer in [0, bound). */
export function randomInt(random: Random, bound: number): number {
  return Math.floor(random() * bound);
}

/** `count` distinct integers in [0, bound), in the order drawn (Floyd's algorithm). */
export function sampleIndices(random: Random, count: number, bound: number): number[] {
  const chosen = new Set<number>();
  for (let j = Math.max(0, bound - count); j < bound; j++) {
    const t = randomInt(random, j + 1);
    chosen.add(chosen.has(t) ? j : t);
  }
  return [...chosen];
}

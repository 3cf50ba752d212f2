/**
 * Randomness of the generators: deliberately not the one of `packages/bezoar`, so that what a detector
 * simulates and what a generator plants never come from the same stream.
 */

/** A seeded stream of uniform numbers in [0, 1). */
export type Random = () => number;

/** sfc32 (C. Doty-Humphrey, PractRand), seeded from two integers; different `stream`s of one seed are unrelated. */
export function createStream(seed: number, stream: number): Random {
  let a = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  let b = Math.imul(stream + 1, 0xc2b2ae35);
  let c = seed | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
  // The first outputs still show the seed; sixteen rounds mix it through the state.
  for (let round = 0; round < 16; round++) next();
  return next;
}

/** An integer in [0, bound). */
export function below(random: Random, bound: number): number {
  return Math.floor(random() * bound);
}

/** One of `items`, each as likely as the others. */
export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[below(random, items.length)];
  if (item === undefined) throw new RangeError("nothing to pick from");
  return item;
}

/** A chooser of keys by weight; weights need not add up to 1. */
export function weighted<T>(choices: readonly (readonly [item: T, weight: number])[]): (random: Random) => T {
  let total = 0;
  const bounds = choices.map(([item, weight]) => {
    total += weight;
    return { item, bound: total };
  });
  const last = bounds.at(-1);
  if (last === undefined) throw new RangeError("nothing to choose from");
  return (random) => {
    const at = random() * total;
    return (bounds.find(({ bound }) => at < bound) ?? last).item;
  };
}

/** `items` in a random order (Fisher-Yates); the argument is left as it is. */
export function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = below(random, i + 1);
    const left = result[i];
    const right = result[j];
    if (left === undefined || right === undefined) continue;
    result[i] = right;
    result[j] = left;
  }
  return result;
}

/** `items` with weights that fall like 1/rank^exponent, in the order given. */
export function zipf<T>(items: readonly T[], exponent: number): (readonly [T, number])[] {
  return items.map((item, rank) => [item, 1 / (rank + 1) ** exponent]);
}

/** `length` lower-case hexadecimal digits. */
export function hex(random: Random, length: number): string {
  let text = "";
  while (text.length < length) text += below(random, 0x1000000).toString(16).padStart(6, "0");
  return text.slice(0, length);
}

/** Spreads the bits of a 32-bit value (the murmur3 finaliser); a bijection, so distinct inputs stay distinct. */
export function mix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Order-sensitive combination of two 32-bit hashes, for n-grams and field = value pairs. */
export function combine32(left: number, right: number): number {
  return mix32(Math.imul(left, 0x9e3779b1) ^ (right + 0x7f4a7c15));
}

/** The starting state of a keyed FNV-1a hash. The key is the run's seed: fixed hashes can be attacked. */
export function hashSeed(seed: number): number {
  return (0x811c9dc5 ^ mix32(seed + 1)) | 0;
}

/** One step of FNV-1a over a UTF-16 unit. */
export function hashStep(state: number, unit: number): number {
  return Math.imul(state ^ unit, 0x01000193);
}

/** Keyed 32-bit hash of a string's UTF-16 units. */
export function hashString(text: string, seed: number): number {
  let h = hashSeed(seed);
  for (let i = 0; i < text.length; i++) h = hashStep(h, text.charCodeAt(i));
  return mix32(h);
}

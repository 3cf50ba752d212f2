import { mix32 } from "../core/hash.ts";

/** Tokens of one shingle: long enough that two texts on one subject share few, short enough that an edit leaves most. */
const SHINGLE_TOKENS = 3;
/** Values of a signature; the standard error of an estimated Jaccard share s is sqrt(s (1 - s) / 64), at most 0.0625. */
const BINS = 64;
/** Bytes of one band: of the 32-bit values of MinHash only 8 bits are kept (Li and König 2010), so a band is one word. */
const BAND_BYTES = 4;
/** Words of a signature, which are its bands: 16 bands of 4 values. */
export const SIGNATURE_WORDS = BINS / BAND_BYTES;
/** Chance that two different values agree in the 8 bits that are kept. */
const CHANCE = 1 / 256;
/** Distinct shingles of which all but one text in millions fill every bin at once: 64 (1 - 1/64)^1024 = 6e-6. */
const LONG = 1024;
const BIN_SHIFT = 26; // the upper 6 bits of a hash choose one of 64 bins, the others are its value

/** Makes signatures of texts given as token ids; one sketcher is reused for many texts. */
export type Sketcher = {
  /** Forgets the text. */
  readonly clear: () => void;
  /** Adds the shingles of ids[start, end); `part` keeps a question's apart from those of its answer. */
  readonly add: (ids: Uint32Array, start: number, end: number, part?: number) => void;
  /** Writes the signature of all that was added to words[at, at + SIGNATURE_WORDS); false (and nothing written) without tokens. */
  readonly write: (words: Uint32Array, at: number) => boolean;
};

/**
 * MinHash of token shingles by fast similarity sketching (Dahlgaard, Knudsen and Thorup 2017): every bin agrees with
 * probability equal to the Jaccard share, as with 64 independent hash functions, for the price of a few hashes per
 * shingle. `seed` keys it beside the keyed token ids: who does not know it cannot aim at collisions.
 */
export function createSketcher(seed: number): Sketcher {
  const keys = Uint32Array.from({ length: 2 * BINS }, (_, round) => mix32(mix32(seed + 0x3d1f) + round));
  let shingles = new Uint32Array(1024);
  let count = 0;
  const smallest = new Uint32Array(BINS);
  const round = new Int32Array(BINS);
  const bytes = new Uint8Array(BINS);

  function fillFromAll(index: number): number {
    const key = keys[index] ?? 0;
    let filled = 0;
    for (let i = 0; i < count; i++) {
      const hash = mix32((shingles[i] ?? 0) ^ key);
      const bin = hash >>> BIN_SHIFT;
      const held = round[bin] ?? 0;
      if (held < 0) {
        round[bin] = index;
        smallest[bin] = hash;
        filled++;
      } else if (held === index && hash < (smallest[bin] ?? 0)) smallest[bin] = hash;
    }
    return filled;
  }
  /** A long text that left bins empty repeats itself; without its repetitions the other rounds are short (CWE-407). */
  function dropRepeated(): void {
    if (count <= LONG) return;
    const sorted = shingles.subarray(0, count).toSorted();
    let kept = 0;
    for (let i = 0; i < sorted.length; i++) {
      if (i === 0 || sorted[i] !== sorted[i - 1]) shingles[kept++] = sorted[i] ?? 0;
    }
    count = kept;
  }
  /** After as many rounds as bins a bin that is still empty takes the smallest of all shingles. */
  function fillAlone(bin: number): void {
    const key = keys[BINS + bin] ?? 0;
    let least = 0xffffffff;
    for (let i = 0; i < count; i++) least = Math.min(least, mix32((shingles[i] ?? 0) ^ key));
    smallest[bin] = least;
    round[bin] = BINS + bin;
  }

  return {
    clear: () => {
      count = 0;
    },
    add: (ids, start, end, part = 0) => {
      const last = Math.max(end - SHINGLE_TOKENS, start);
      if (count + end - start > shingles.length) {
        const larger = new Uint32Array(2 * (count + end - start));
        larger.set(shingles);
        shingles = larger;
      }
      if (end <= start) return;
      const salt = Math.imul(part + 1, 0x7f4a7c15);
      for (let i = start; i <= last; i++) {
        // Ids are keyed and well mixed, so an odd multiple of each is enough; the rounds mix the sum.
        let hash = salt;
        const stop = Math.min(end, i + SHINGLE_TOKENS);
        for (let j = i; j < stop; j++) hash = Math.imul(hash, 0x9e3779b1) + (ids[j] ?? 0);
        shingles[count++] = hash;
      }
    },
    write: (words, at) => {
      if (count === 0) return false;
      round.fill(-1);
      let filled = 0;
      for (let index = 0; index < BINS && filled < BINS; index++) {
        if (index === 1) dropRepeated();
        filled += fillFromAll(index);
      }
      for (let bin = 0; bin < BINS; bin++) {
        if ((round[bin] ?? 0) < 0) fillAlone(bin);
        bytes[bin] = mix32((smallest[bin] ?? 0) ^ (keys[round[bin] ?? 0] ?? 0)) & 0xff;
      }
      for (let word = 0; word < SIGNATURE_WORDS; word++) {
        const b = BAND_BYTES * word;
        words[at + word] =
          (bytes[b] ?? 0) |
          ((bytes[b + 1] ?? 0) << 8) |
          ((bytes[b + 2] ?? 0) << 16) |
          ((bytes[b + 3] ?? 0) << 24);
      }
      return true;
    },
  };
}

/** Estimated Jaccard share of two texts from their signatures (at word offsets), corrected for agreement by chance. */
export function estimateJaccard(a: Uint32Array, atA: number, b: Uint32Array, atB: number): number {
  let equal = 0;
  for (let i = 0; i < SIGNATURE_WORDS; i++) {
    const difference = (a[atA + i] ?? 0) ^ (b[atB + i] ?? 0);
    // One bit for each zero byte of the difference.
    let zero = ~(((difference & 0x7f7f7f7f) + 0x7f7f7f7f) | difference | 0x7f7f7f7f) >>> 7;
    zero = (zero & 0x00010001) + ((zero >>> 8) & 0x00010001);
    equal += (zero & 3) + (zero >>> 16);
  }
  return Math.max(0, (equal / BINS - CHANCE) / (1 - CHANCE));
}

/**
 * Probability that two texts with Jaccard share `jaccard` have a band in common, so that they are compared at all
 * (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, 3.4): 1 - (1 - s^4)^16.
 */
export function candidateProbability(jaccard: number): number {
  const agree = jaccard + (1 - jaccard) * CHANCE;
  return 1 - (1 - agree ** BAND_BYTES) ** SIGNATURE_WORDS;
}

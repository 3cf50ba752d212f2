import { combine32, hashSeed, hashStep, mix32 } from "../../core/hash.ts";
import type { Kernel } from "../engine/kernel.ts";
import { addSaturating } from "./text-model.ts";

/** The words of one text between white space: keyed hashes without case and outer punctuation, and where they stand. */
export type Words = {
  count: number;
  hashes: Uint32Array;
  starts: Uint32Array;
  /** Ends with the punctuation that is attached. */
  ends: Uint32Array;
};

/** Words read of one text; a row of more than this is a whole book, and is told from its head. */
const MAX_WORDS = 65_536;
const PAIR_BITS = 25;
/** Pairs that the table is filled with at most: a load of a twelfth, so that a new pair seldom seems known. */
const MAX_PAIRS = 3_000_000;

export function createWords(): Words {
  return {
    count: 0,
    hashes: new Uint32Array(MAX_WORDS),
    starts: new Uint32Array(MAX_WORDS),
    ends: new Uint32Array(MAX_WORDS),
  };
}

function isSpace(unit: number): boolean {
  return (
    unit <= 32 ||
    unit === 0xa0 ||
    (unit >= 0x2000 && unit <= 0x200a) ||
    unit === 0x2028 ||
    unit === 0x2029 ||
    unit === 0x3000
  );
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}
/** Letters, digits and whatever lies beyond ASCII, but for general punctuation (U+2000 to U+20FF). */
function isWordUnit(unit: number): boolean {
  return (
    (unit >= 97 && unit <= 122) ||
    isDigit(unit) ||
    (unit >= 65 && unit <= 90) ||
    (unit >= 128 && unit >> 8 !== 0x20)
  );
}

/** Reads the words of a text; punctuation alone is none, nor is what holds a digit: nothing foretells numbers, codes and dates. */
export function readWords(text: string, seed: number, words: Words): void {
  const fresh = hashSeed(seed);
  words.count = 0;
  let index = 0;
  while (index < text.length && words.count < MAX_WORDS) {
    if (isSpace(text.charCodeAt(index))) {
      index++;
      continue;
    }
    const start = index;
    while (index < text.length && !isSpace(text.charCodeAt(index))) index++;
    let from = start;
    let to = index;
    while (from < to && !isWordUnit(text.charCodeAt(from))) from++;
    while (to > from && !isWordUnit(text.charCodeAt(to - 1))) to--;
    if (from === to) continue;
    let state = fresh;
    let hasDigit = false;
    for (let i = from; i < to; i++) {
      const unit = text.charCodeAt(i);
      if (isDigit(unit)) hasDigit = true;
      state = hashStep(state, unit >= 65 && unit <= 90 ? unit + 32 : unit);
    }
    if (hasDigit) continue;
    words.hashes[words.count] = mix32(state);
    words.starts[words.count] = start;
    words.ends[words.count++] = index;
  }
}

export function pairCell(left: number, right: number): number {
  return combine32(left, right) >>> (32 - PAIR_BITS);
}

/** In how many of the counted rows each pair of neighbouring words stands (hashed, at most 255), and how many distinct pairs the rows hold. */
export type PairCounts = { readonly rowsOf: Uint8Array; totals: { pairs: number } };

/** Which rows are counted: all, or a share of them by keyed hash, so that the table is not filled. */
export type PairSampling = { readonly seed: number; readonly share: number };

/** The share of rows to count in a corpus of about this many tokens. */
export function pairShare(tokens: number): number {
  return Math.min(1, MAX_PAIRS / Math.max(1, tokens));
}

export function isCounted(position: number, { seed, share }: PairSampling): boolean {
  return share >= 1 || mix32(position ^ mix32(seed + 0x9a17)) < share * 4294967296;
}

/** Counts the pairs of neighbouring words of raw text; 32 MB whatever the corpus. */
export const wordPairs: Kernel<PairSampling, PairCounts> = {
  name: "raw-word-pairs",
  start: () => ({ rowsOf: new Uint8Array(1 << PAIR_BITS), totals: { pairs: 0 } }),
  step: ({ rowsOf, totals }, block, sampling) => {
    const words = createWords();
    for (let i = 0; i < block.size; i++) {
      if (!isCounted(block.first + i, sampling)) continue;
      readWords(block.row(i).prompt, sampling.seed, words);
      const own = new Set<number>();
      for (let w = 1; w < words.count; w++) own.add(pairCell(words.hashes[w - 1] ?? 0, words.hashes[w] ?? 0));
      for (const cell of own) {
        const count = rowsOf[cell] ?? 0;
        if (count < 255) rowsOf[cell] = count + 1;
      }
      totals.pairs += own.size;
    }
  },
  merge: (into, from) => {
    addSaturating(into.rowsOf, from.rowsOf);
    into.totals.pairs += from.totals.pairs;
    return into;
  },
};

/** Rows of fewer pairs say too little of what is usual. */
const MIN_PAIRS = 12;
/** Steps in which the unknown share of a row is counted. */
const STEPS = 100;
/** The row, from the most known up, that stands for ordinary text: poison of a quarter of the rows does not move it. */
const ORDINARY_QUANTILE = 0.75;

/** How many of the counted rows have which share of pairs that no other row has. */
export const pairNovelty: Kernel<
  { readonly sampling: PairSampling; readonly counts: PairCounts },
  Uint32Array
> = {
  name: "raw-pair-novelty",
  start: () => new Uint32Array(STEPS + 1),
  step: (state, block, { sampling, counts }) => {
    const words = createWords();
    for (let i = 0; i < block.size; i++) {
      if (!isCounted(block.first + i, sampling)) continue;
      readWords(block.row(i).prompt, sampling.seed, words);
      if (words.count <= MIN_PAIRS) continue;
      let unknown = 0;
      for (let w = 1; w < words.count; w++) {
        if ((counts.rowsOf[pairCell(words.hashes[w - 1] ?? 0, words.hashes[w] ?? 0)] ?? 0) < 2) unknown++;
      }
      const step = Math.ceil((STEPS * unknown) / (words.count - 1));
      state[step] = (state[step] ?? 0) + 1;
    }
  },
  merge: (into, from) => {
    from.forEach((count, step) => (into[step] = (into[step] ?? 0) + count));
    return into;
  },
};

/** The chance that a pair of words of ordinary text is unknown to the other rows; 1 when there is no text. */
export function ordinaryNovelty(novelty: Uint32Array): number {
  const rows = novelty.reduce((sum, count) => sum + count, 0);
  let below = 0;
  const step = novelty.findIndex((count) => (below += count) > ORDINARY_QUANTILE * rows);
  return step < 0 ? 1 : step / STEPS;
}

/** The chance that a pair of words drawn at random is unknown: what the load of the table leaves. */
export function randomNovelty({ rowsOf }: PairCounts): number {
  let used = 0;
  for (let cell = 0; cell < rowsOf.length; cell++) if (rowsOf[cell] !== 0) used++;
  return 1 - used / rowsOf.length;
}

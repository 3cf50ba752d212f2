import { randomizedSvd, sparseOperator, type SparseMatrix } from "../core/linear-algebra-svd.ts";
import type { Random } from "../core/random.ts";

/**
 * Latent semantic analysis of hashed tokens (Deerwester et al. 1990): TF-IDF and the leading singular directions.
 * Plain arrays in shared memory, so that workers need no copy.
 */
export type Lsa = {
  /** The term of each bucket of token hashes, NO_TERM for a word that the fit hardly met. */
  readonly terms: Uint16Array;
  /**
   * 1 + ln(documents / documents with the term), so that words of every document still count: a row without any is odd.
   * The last entry is that of words which are no term.
   */
  readonly idf: Float32Array;
  /** The place of each term in the space: `rank` numbers per term. */
  readonly basis: Float32Array;
  readonly rank: number;
};

/** Places documents in the space of an Lsa. */
type Projector = {
  /**
   * Writes the document ids[start, end), seen as a unit vector, into `out` from `at`: what of it lies in the space, so
   * that the length of the result is the share that the space explains. Returns the number of distinct words.
   */
  readonly project: (
    ids: Uint32Array,
    span: { readonly start: number; readonly end: number },
    out: Float32Array,
    at: number,
  ) => number;
  /**
   * For each distinct word of a document, in order of appearance, the place where it first stands and the share of the
   * document that it makes up and the space does not explain.
   */
  readonly unexplained: (ids: Uint32Array) => readonly { readonly place: number; readonly share: number }[];
};

/** Bits of a token's hash that choose its bucket: beside 50,000 words one strange word in twenty passes for a known one. */
const BUCKET_BITS = 20;
const SHIFT = 32 - BUCKET_BITS;
const NO_TERM = 0xffff;
/** A word of one document says nothing about what goes with what. */
const MIN_DOCUMENTS = 2;
/** Terms kept, the most frequent ones: bounds the memory (rank * 4 bytes each) against made-up words. */
const MAX_TERMS = 60_000;
/** Words of one document that count: bounds the work, and the 16-bit counters. */
const MAX_WORDS = 0xffff;
/** Counters for the words of a document that are no term; few enough to stay in the cache beside those of the terms. */
const STRANGE_SLOTS = 4096;

/** Counts the words of documents, one after the other. */
type WordCounts = {
  /** Counts a document; `slots[0 .. result)` are then the slots of its distinct words, in order of appearance. */
  readonly count: (ids: Uint32Array, start: number, end: number) => number;
  readonly slots: Uint32Array;
  /** 1 + ln(count) of the word in a slot: repetition tells more, but not as much more (Salton and Buckley 1988). */
  readonly damped: (slot: number) => number;
};

/** The slot of a word: its term, or beyond `termCount` a slot for strange words. */
function slotOf(id: number, terms: Uint16Array, termCount: number): number {
  const term = terms[id >>> SHIFT] ?? NO_TERM;
  return term === NO_TERM ? termCount + (id % STRANGE_SLOTS) : term;
}

const LOG_TERMS = 256;
const dampedCounts = Float64Array.from({ length: LOG_TERMS }, (_, count) => 1 + Math.log(Math.max(1, count)));

/** Counts words without a hash table per document; documents of more than `longest` words are cut. */
function createWordCounts(terms: Uint16Array, termCount: number, longest: number): WordCounts {
  const counts = new Uint16Array(termCount + STRANGE_SLOTS);
  const slots = new Uint32Array(longest);
  let distinct = 0;
  return {
    slots,
    damped: (slot) => {
      const count = counts[slot] ?? 0;
      return count < LOG_TERMS ? (dampedCounts[count] ?? 0) : 1 + Math.log(count);
    },
    count: (ids, start, end) => {
      for (let i = 0; i < distinct; i++) counts[slots[i] ?? 0] = 0;
      distinct = 0;
      const stop = Math.min(end, start + longest);
      for (let i = start; i < stop; i++) {
        const slot = slotOf(ids[i] ?? 0, terms, termCount);
        const before = counts[slot] ?? 0;
        if (before === 0) slots[distinct++] = slot;
        counts[slot] = before + 1;
      }
      return distinct;
    },
  };
}

function shared(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * 4));
}

/** The buckets that are terms, the most frequent first. */
function chooseTerms(frequencies: Uint32Array): Uint32Array {
  const frequent: number[] = [];
  frequencies.forEach((frequency, bucket) => {
    if (frequency >= MIN_DOCUMENTS) frequent.push(bucket);
  });
  const sorted = frequent.toSorted((a, b) => (frequencies[b] ?? 0) - (frequencies[a] ?? 0) || a - b);
  return Uint32Array.from(sorted.slice(0, MAX_TERMS));
}

/** In how many documents each bucket of token hashes is met. */
function documentFrequencies(documents: readonly Uint32Array[]): Uint32Array {
  const frequencies = new Uint32Array(1 << BUCKET_BITS);
  const lastMetIn = new Uint32Array(1 << BUCKET_BITS);
  documents.forEach((ids, document) => {
    for (const id of ids) {
      const bucket = id >>> SHIFT;
      if (lastMetIn[bucket] === document + 1) continue;
      lastMetIn[bucket] = document + 1;
      frequencies[bucket] = (frequencies[bucket] ?? 0) + 1;
    }
  });
  return frequencies;
}

/** Learns the space of some documents: tokens as 32-bit keyed hashes. Nothing when they share no words. */
export function fitLsa(
  documents: readonly Uint32Array[],
  { rank, random }: { readonly rank: number; readonly random: Random },
): Lsa | undefined {
  const frequencies = documentFrequencies(documents);
  const chosen = chooseTerms(frequencies);
  if (chosen.length === 0) return undefined;
  const terms = new Uint16Array(new SharedArrayBuffer(2 << BUCKET_BITS)).fill(NO_TERM);
  const idf = shared(chosen.length + 1);
  chosen.forEach((bucket, term) => {
    terms[bucket] = term;
    idf[term] = 1 + Math.log(documents.length / (frequencies[bucket] ?? 1));
  });
  idf[chosen.length] = 1 + Math.log(documents.length);
  const { right } = randomizedSvd(sparseOperator(weigh(documents, terms, idf)), { rank, random });
  const basis = shared(right.values.length);
  basis.set(right.values);
  return { terms, idf, basis, rank: right.columns };
}

/** The documents as unit TF-IDF rows over the terms; words that are no term count for the length of a row. */
function weigh(documents: readonly Uint32Array[], terms: Uint16Array, idf: Float32Array): SparseMatrix {
  const termCount = idf.length - 1;
  const longest = documents.reduce((most, { length }) => Math.max(most, length), 1);
  const words = createWordCounts(terms, termCount, Math.min(MAX_WORDS, longest));
  const offsets = new Uint32Array(documents.length + 1);
  const total = documents.reduce((sum, { length }) => sum + Math.min(MAX_WORDS, length), 0);
  const features = new Uint32Array(total);
  const values = new Float64Array(total);
  let at = 0;
  documents.forEach((ids, row) => {
    const distinct = words.count(ids, 0, ids.length);
    const start = at;
    let squares = 0;
    for (let i = 0; i < distinct; i++) {
      const slot = words.slots[i] ?? 0;
      const weight = words.damped(slot) * (idf[Math.min(slot, termCount)] ?? 0);
      squares += weight * weight;
      if (slot >= termCount) continue;
      features[at] = slot;
      values[at++] = weight;
    }
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let i = start; i < at; i++) values[i] = (values[i] ?? 0) * scale;
    offsets[row + 1] = at;
  });
  return { rows: documents.length, columns: termCount, offsets, features, values };
}

/** Places documents in the space; one projector per thread, since it keeps its counters. Longer documents are cut. */
export function createProjector({ terms, idf, basis, rank }: Lsa, longest: number): Projector {
  const termCount = idf.length - 1;
  const words = createWordCounts(terms, termCount, Math.min(MAX_WORDS, longest));
  const sum = new Float64Array(rank);
  const weightOf = (slot: number) => words.damped(slot) * (idf[Math.min(slot, termCount)] ?? 0);
  /** Fills `sum` with the document's place and returns its squared weight. */
  const addUp = (distinct: number): number => {
    sum.fill(0);
    let squares = 0;
    for (let i = 0; i < distinct; i++) {
      const slot = words.slots[i] ?? 0;
      const weight = weightOf(slot);
      squares += weight * weight;
      if (slot >= termCount) continue;
      let from = slot * rank;
      for (let j = 0; j < rank; j++, from++) sum[j] = (sum[j] ?? 0) + weight * (basis[from] ?? 0);
    }
    return squares;
  };
  return {
    project: (ids, { start, end }, out, at) => {
      const distinct = words.count(ids, start, end);
      const squares = addUp(distinct);
      const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
      for (let j = 0; j < rank; j++) out[at + j] = (sum[j] ?? 0) * scale;
      return distinct;
    },
    unexplained: (ids) => {
      const distinct = words.count(ids, 0, ids.length);
      const squares = addUp(distinct);
      return Array.from(words.slots.subarray(0, distinct), (slot) => {
        const weight = weightOf(slot);
        let explained = 0;
        if (slot < termCount) {
          for (let j = 0; j < rank; j++) explained += (sum[j] ?? 0) * (basis[slot * rank + j] ?? 0);
        }
        const place = ids.findIndex((id) => slotOf(id, terms, termCount) === slot);
        return { place, share: (weight * (weight - explained)) / squares };
      });
    },
  };
}

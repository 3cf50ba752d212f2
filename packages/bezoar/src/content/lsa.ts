import { randomizedSvd, sparseOperator, type SparseMatrix } from "../core/linear-algebra-svd.ts";
import type { Random } from "../core/random.ts";

/**
 * Latent semantic analysis of hashed tokens (Deerwester et al. 1990): TF-IDF and the leading singular directions.
 * Plain arrays in shared memory, so that workers need no copy.
 */
export type Lsa = {
  /** The term of each bucket of token hashes, NO_TERM for a word that the fit hardly met. */
  readonly terms: Int32Array;
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
export type Projector = {
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
const NO_TERM = -1;
/** A word of one document says nothing about what goes with what. */
const MIN_DOCUMENTS = 2;
/** Terms kept, the most frequent ones: bounds the memory (rank * 4 bytes each) against made-up words. */
const MAX_TERMS = 60_000;

type WordCounts = {
  /** Counts the words of a document; `buckets[0 .. distinct)` are then its distinct buckets, in order of appearance. */
  readonly count: (ids: Uint32Array, start: number, end: number) => number;
  readonly buckets: Uint32Array;
  readonly of: (bucket: number) => number;
};

/** Counts words without a hash table per document; documents of more than `longest` words are cut. */
function createWordCounts(longest: number): WordCounts {
  const counts = new Uint16Array(1 << BUCKET_BITS);
  const buckets = new Uint32Array(longest);
  let distinct = 0;
  return {
    buckets,
    of: (bucket) => counts[bucket] ?? 0,
    count: (ids, start, end) => {
      for (let i = 0; i < distinct; i++) counts[buckets[i] ?? 0] = 0;
      distinct = 0;
      const stop = Math.min(end, start + longest);
      for (let i = start; i < stop; i++) {
        const bucket = (ids[i] ?? 0) >>> SHIFT;
        const before = counts[bucket] ?? 0;
        if (before === 0) buckets[distinct++] = bucket;
        counts[bucket] = before + 1;
      }
      return distinct;
    },
  };
}

/** Words of one document that count: work and the 16-bit counters are bounded by it. */
const MAX_WORDS = 0xffff;
const LOG_TERMS = 256;
/** 1 + ln(count): a word that is repeated tells more, but not as much more (Salton and Buckley 1988). */
const damped = Float64Array.from({ length: LOG_TERMS }, (_, count) => 1 + Math.log(Math.max(1, count)));

function dampedCount(count: number): number {
  return count < LOG_TERMS ? (damped[count] ?? 0) : 1 + Math.log(count);
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

/** Learns the space of some documents: tokens as 32-bit keyed hashes. Nothing when they share no words. */
export function fitLsa(
  documents: readonly Uint32Array[],
  { rank, random }: { readonly rank: number; readonly random: Random },
): Lsa | undefined {
  const longest = documents.reduce((most, { length }) => Math.min(MAX_WORDS, Math.max(most, length)), 1);
  const words = createWordCounts(longest);
  const frequencies = new Uint32Array(1 << BUCKET_BITS);
  for (const ids of documents) {
    const distinct = words.count(ids, 0, ids.length);
    for (let i = 0; i < distinct; i++) {
      const bucket = words.buckets[i] ?? 0;
      frequencies[bucket] = (frequencies[bucket] ?? 0) + 1;
    }
  }
  const chosen = chooseTerms(frequencies);
  if (chosen.length === 0) return undefined;
  const terms = new Int32Array(new SharedArrayBuffer(4 << BUCKET_BITS)).fill(NO_TERM);
  const idf = shared(chosen.length + 1);
  chosen.forEach((bucket, term) => {
    terms[bucket] = term;
    idf[term] = 1 + Math.log(documents.length / (frequencies[bucket] ?? 1));
  });
  idf[chosen.length] = 1 + Math.log(documents.length);
  const matrix = weigh(documents, words, { terms, idf });
  const { right } = randomizedSvd(sparseOperator(matrix), { rank, random });
  const basis = shared(right.values.length);
  basis.set(right.values);
  return { terms, idf, basis, rank: right.columns };
}

/** The documents as unit TF-IDF rows over the terms; words that are no term count for the length of a row. */
function weigh(
  documents: readonly Uint32Array[],
  words: WordCounts,
  { terms, idf }: Pick<Lsa, "terms" | "idf">,
): SparseMatrix {
  const termCount = idf.length - 1;
  const total = documents.reduce((sum, ids) => sum + words.count(ids, 0, ids.length), 0);
  const offsets = new Uint32Array(documents.length + 1);
  const features = new Uint32Array(total);
  const values = new Float64Array(total);
  let at = 0;
  documents.forEach((ids, row) => {
    const distinct = words.count(ids, 0, ids.length);
    const start = at;
    let squares = 0;
    for (let i = 0; i < distinct; i++) {
      const bucket = words.buckets[i] ?? 0;
      const term = terms[bucket] ?? NO_TERM;
      const weight = dampedCount(words.of(bucket)) * (idf[term < 0 ? termCount : term] ?? 0);
      squares += weight * weight;
      if (term < 0) continue;
      features[at] = term;
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
  const words = createWordCounts(Math.min(MAX_WORDS, longest));
  const sum = new Float64Array(rank);
  const termCount = idf.length - 1;
  /** Fills `sum` with the document's place and returns its squared weight. */
  const addUp = (distinct: number): number => {
    sum.fill(0);
    let squares = 0;
    for (let i = 0; i < distinct; i++) {
      const bucket = words.buckets[i] ?? 0;
      const term = terms[bucket] ?? NO_TERM;
      const weight = dampedCount(words.of(bucket)) * (idf[term < 0 ? termCount : term] ?? 0);
      squares += weight * weight;
      if (term < 0) continue;
      let from = term * rank;
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
      return Array.from(words.buckets.subarray(0, distinct), (bucket) => {
        const term = terms[bucket] ?? NO_TERM;
        const weight = dampedCount(words.of(bucket)) * (idf[term < 0 ? termCount : term] ?? 0);
        let explained = 0;
        if (term >= 0) {
          for (let j = 0; j < rank; j++) explained += (sum[j] ?? 0) * (basis[term * rank + j] ?? 0);
        }
        const place = ids.findIndex((id) => id >>> SHIFT === bucket);
        return { place, share: (weight * (weight - explained)) / squares };
      });
    },
  };
}

import { fitTail, type Tail } from "./tail.ts";

/** How alike a row is to its neighbours, and how many distinct words it has. */
type Placed = { readonly similarity: number; readonly words: number };

/** What is usual: how far rows of a length are from their neighbours, and how heavy the tail of that is. */
export type Usual = {
  /** How far beyond the usual a row is, in spreads of rows of its length. */
  readonly excess: (row: Placed) => number;
  /** The similarity at which a row of so many words has the excess. */
  readonly similarityAt: (words: number, excess: number) => number;
  readonly medianSimilarity: (words: number) => number;
  readonly tail: Tail;
};

/** Below a hundredth of a row's weight, what is shared is the chance collisions of hashed words. */
const MIN_SIMILARITY = 0.01;
/** Rows of about one length that are needed for its median and its spread (their errors are then some 7 %). */
const MIN_STRATUM = 200;
/** Beyond it the length of a row no longer matters. */
const MAX_WORDS = 512;

/** -ln similarity: similarities fall towards 0 like a power of chance, so this has about an exponential tail. */
function distance(similarity: number): number {
  return -Math.log(Math.max(MIN_SIMILARITY, similarity));
}

/** Lengths that are taken together: one by one when short, then by steps of about a fifth. */
function lengthClass(words: number): number {
  return words <= 8 ? words : Math.floor(8 + Math.log(Math.min(words, MAX_WORDS) / 8) / Math.log(1.2));
}

type Stratum = { readonly median: number; readonly spread: number };

function stratumOf(distances: readonly number[]): Stratum {
  const sorted = distances.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return { median: at(0.5), spread: at(0.8) - at(0.5) };
}

/** Neighbouring length classes joined until each group has MIN_STRATUM rows; a small last group joins the one before. */
function groupClasses(byClass: readonly (readonly number[])[]): { last: number; distances: number[] }[] {
  const groups: { last: number; distances: number[] }[] = [];
  let open: number[] = [];
  byClass.forEach((distances, index) => {
    open.push(...distances);
    if (open.length < MIN_STRATUM) return;
    groups.push({ last: index, distances: open });
    open = [];
  });
  const final = groups.at(-1);
  if (final === undefined) return open.length === 0 ? [] : [{ last: Infinity, distances: open }];
  final.distances.push(...open);
  final.last = Infinity;
  return groups;
}

/** Learns what is usual from rows of which most are ordinary; nothing when their distances have no tail to speak of. */
export function learnUsual(rows: readonly Placed[]): Usual | undefined {
  const byClass: number[][] = Array.from({ length: lengthClass(MAX_WORDS) + 1 }, () => []);
  for (const { similarity, words } of rows) byClass[lengthClass(words)]?.push(distance(similarity));
  const groups = groupClasses(byClass).map(({ last, distances }) => ({ last, usual: stratumOf(distances) }));
  const ofWords = (words: number): Stratum => {
    const wanted = lengthClass(words);
    return groups.find(({ last }) => wanted <= last)?.usual ?? { median: 0, spread: 0 };
  };
  const excess = ({ similarity, words }: Placed): number => {
    const { median, spread } = ofWords(words);
    return spread > 0 ? (distance(similarity) - median) / spread : 0;
  };
  const tail = fitTail(Float64Array.from(rows, excess));
  if (tail === undefined) return undefined;
  return {
    excess,
    tail,
    similarityAt: (words, wanted) => {
      const { median, spread } = ofWords(words);
      return Math.exp(-(median + wanted * spread));
    },
    medianSimilarity: (words) => Math.exp(-ofWords(words).median),
  };
}

import { combine32 } from "../../core/hash.ts";
import { createRandom, randomInt, type Random } from "../../core/random.ts";
import type { ViewTokens } from "./view-tokens.ts";

/** Where a unit stands: tokens ids[start, start + length) of the view. */
export type Occurrence = { readonly entry: number; readonly start: number };

/** What surrounds a unit, held against what surrounds random gaps of random rows. */
export type InsertionShape = {
  readonly entropyLeft: number;
  readonly entropyRight: number;
  /** Share of the neighbour pairs that stand side by side elsewhere. */
  readonly attested: number;
  /** Mean pointwise mutual information of the neighbour pairs. */
  readonly association: number;
  /** The 5 % quantiles (1 % when it is frequent) of the same over simulated insertions. */
  readonly bounds: Surroundings;
  readonly looksInserted: boolean;
};
type Surroundings = {
  readonly entropyLeft: number;
  readonly entropyRight: number;
  readonly attested: number;
  readonly association: number;
};

/** Where a phrase stands: always first, always last, or in any place. */
export type Place = "start" | "end" | "anywhere";

/** Holds the surroundings of a unit of `length` tokens against simulated insertions in the same place of texts. */
export type ShapeTest = (
  occurrences: readonly Occurrence[],
  length: number,
  place: Place,
  /** Tokens that are looked past: other triggers put into the same texts. */
  skipped?: ReadonlySet<number>,
) => InsertionShape;

/** DETECTION.md 1D: simulations, and how far below their 5 % quantile a planted unit still lies. */
const SIMULATIONS = 200;
const QUANTILE = 0.05;
/** From this many occurrences on, ordinary words hardly pass any more, so that fewer planted ones need to be lost. */
const MANY_OCCURRENCES = 27;
const QUANTILE_OF_MANY = 0.01;
const ENTROPY_SLACK = 0.95;
const ATTESTED_SLACK = 0.03;
const ASSOCIATION_SLACK = 0.25;
/** Occurrences looked at; more only cost time. */
const MAX_OCCURRENCES = 256;
/** Cells for the pairs of neighbours, per token. */
const CELLS_PER_TOKEN = 16;
const MAX_CELLS = 2 ** 25;

type Pair = { readonly left: number; readonly right: number; readonly own: number };

/**
 * Prepares the insertion test of DETECTION.md 1D: a planted unit stands in gaps of ordinary text, so its neighbours
 * are as varied, and as often neighbours elsewhere, as the two sides of a random gap; a natural word chooses its
 * company. `isGlued` says that no white space stands before a token, so that nothing is inserted there.
 */
export function createShapeTest(
  tokens: ViewTokens,
  isGlued: (id: number) => boolean,
  seed: number,
): ShapeTest {
  const counts = countPairs(tokens);
  const bounds = new Map<string, Surroundings>();
  function boundsFor(count: number, place: Place): Surroundings {
    const size = Math.min(
      MAX_OCCURRENCES,
      count < 20 ? count : Math.floor(1.1 ** Math.floor(Math.log(count) / Math.log(1.1))),
    );
    const key = `${place} ${size}`;
    const known = bounds.get(key);
    if (known !== undefined) return known;
    const random = createRandom(seed ^ size);
    const runs = Array.from({ length: SIMULATIONS }, () =>
      surroundings(
        Array.from({ length: size }, () => randomGap(tokens, isGlued, random, place)),
        counts,
      ),
    );
    const rank = Math.floor((count < MANY_OCCURRENCES ? QUANTILE : QUANTILE_OF_MANY) * SIMULATIONS);
    const low = (name: keyof Surroundings) =>
      runs.map((run) => run[name]).toSorted((a, b) => a - b)[rank] ?? 0;
    const made = {
      entropyLeft: low("entropyLeft"),
      entropyRight: low("entropyRight"),
      attested: low("attested"),
      association: low("association"),
    };
    bounds.set(key, made);
    return made;
  }
  return (all, length, place, skipped) => {
    const step = Math.ceil(all.length / MAX_OCCURRENCES);
    const occurrences = step <= 1 ? all : all.filter((_, i) => i % step === 0);
    const pairs = occurrences.map(({ start }) => ({
      left: neighbour(tokens, start - 1, -1, skipped),
      right: neighbour(tokens, start + length, 1, skipped),
      own: 0,
    }));
    const found = surroundings(pairs, counts);
    const bound = boundsFor(occurrences.length, place);
    return {
      ...found,
      bounds: bound,
      looksInserted:
        found.entropyLeft >= ENTROPY_SLACK * bound.entropyLeft &&
        found.entropyRight >= ENTROPY_SLACK * bound.entropyRight &&
        found.attested >= bound.attested - ATTESTED_SLACK &&
        found.association >= bound.association - ASSOCIATION_SLACK,
    };
  };
}

/** The token at `at`, or the next one in that direction that is not skipped; the edges of a text never are. */
function neighbour(
  tokens: ViewTokens,
  at: number,
  direction: 1 | -1,
  skipped: ReadonlySet<number> | undefined,
): number {
  let index = at;
  if (skipped !== undefined) while (skipped.has(tokens.ids[index] ?? 0)) index += direction;
  return tokens.ids[index] ?? 0;
}

type PairCounts = {
  readonly pairs: Uint16Array;
  readonly singles: ReadonlyMap<number, number>;
  readonly total: number;
};

function countPairs(tokens: ViewTokens): PairCounts {
  const cells = 2 ** Math.ceil(Math.log2(Math.max(1024, tokens.ids.length * CELLS_PER_TOKEN)));
  const pairs = new Uint16Array(Math.min(MAX_CELLS, cells));
  const singles = new Map<number, number>();
  for (let row = 0; row < tokens.count; row++) {
    const end = tokens.offsets[row + 1] ?? 0;
    for (let i = tokens.offsets[row] ?? 0; i < end; i++) {
      const id = tokens.ids[i] ?? 0;
      singles.set(id, (singles.get(id) ?? 0) + 1);
      if (i + 1 >= end) continue;
      const cell = combine32(id, tokens.ids[i + 1] ?? 0) & (pairs.length - 1);
      if ((pairs[cell] ?? 0) < 65_535) pairs[cell] = (pairs[cell] ?? 0) + 1;
    }
  }
  return { pairs, singles, total: tokens.ids.length };
}

function surroundings(neighbours: readonly Pair[], counts: PairCounts): Surroundings {
  const left = new Map<number, number>();
  const right = new Map<number, number>();
  let attested = 0;
  let association = 0;
  for (const pair of neighbours) {
    left.set(pair.left, (left.get(pair.left) ?? 0) + 1);
    right.set(pair.right, (right.get(pair.right) ?? 0) + 1);
    const cell = combine32(pair.left, pair.right) & (counts.pairs.length - 1);
    const together = Math.max(0, (counts.pairs[cell] ?? 0) - pair.own);
    if (together > 0) attested++;
    const alone = (counts.singles.get(pair.left) ?? 1) * (counts.singles.get(pair.right) ?? 1);
    association += Math.log(((together + 0.1) * counts.total) / alone);
  }
  const size = Math.max(1, neighbours.length);
  return {
    entropyLeft: entropy(left, size),
    entropyRight: entropy(right, size),
    attested: attested / size,
    association: association / size,
  };
}

function entropy(counts: ReadonlyMap<number, number>, total: number): number {
  let sum = 0;
  for (const count of counts.values()) sum -= (count / total) * Math.log(count / total);
  return sum;
}

/** The two sides of a random white-space gap of a random row; the pair stands there itself, so one occurrence is its own. */
function randomGap(tokens: ViewTokens, isGlued: (id: number) => boolean, random: Random, place: Place): Pair {
  const row = randomInt(random, tokens.count);
  const first = tokens.offsets[row] ?? 0;
  const gaps = (tokens.offsets[row + 1] ?? 0) - first - 1;
  let at = place === "end" ? first + gaps - 1 : first;
  if (place === "anywhere") {
    at = first + randomInt(random, gaps);
    for (let attempt = 1; attempt < MAX_ATTEMPTS && isGlued(tokens.ids[at + 1] ?? 0); attempt++)
      at = first + randomInt(random, gaps);
  }
  return { left: tokens.ids[at] ?? 0, right: tokens.ids[at + 1] ?? 0, own: 1 };
}

/** Draws for a gap that is white space; a text without one keeps the last. */
const MAX_ATTEMPTS = 8;

import { tokenIds } from "../../core/tokens.ts";
import type { Corpus } from "../engine/corpus.ts";
import type { Kernel } from "../engine/kernel.ts";
import { runGrams, triggersOf, type GibberishTrigger, type Run } from "./gibberish.ts";
import { indexOfRun, placeOfRun } from "./onset-cuts.ts";
import {
  createWords,
  isCounted,
  pairCell,
  pairShare,
  readWords,
  ordinaryNovelty,
  pairNovelty,
  randomNovelty,
  wordPairs,
  type PairCounts,
  type PairSampling,
  type Words,
} from "./word-pairs.ts";

/** What a random pair may be known by chance beyond the load of the table. */
const KNOWN_ANYWAY = 0.02;
/** Where ordinary text has nearly as many unknown pairs as disorder (a small set) the two cannot be told apart. */
const MAX_ORDINARY = 0.9;
/** Even in text that repeats itself a new sentence may come up. */
const LEAST_ORDINARY = 0.05;
/** Lists have one separator after at least this share of their words; words drawn at random have not. */
const LIST_SHARE = 1 / 3;
/** Words of a stretch that must be distinct: songs and logs repeat themselves. */
const MIN_VARIETY = 0.6;
/** Words before and after the onset among which the trigger is sought; unknown pairs of ordinary text may come before it. */
const WORDS_BEFORE = 6;
const WORDS_AFTER = 10;
/** Characters and words after a trigger that are weighed, and the ratio (1 in 20) at which they are disorder. */
const LOOK_CHARACTERS = 1200;
const LOOK_WORDS = 60;
const TURNED_LN_RATIO = Math.log(20);

/** How much an unknown and a known pair speak for disorder, in nats. */
type Ratios = { readonly unknown: number; readonly known: number };

type DisorderParams = {
  readonly sampling: PairSampling;
  readonly counts: PairCounts;
  readonly ratios: Ratios;
  /** ln likelihood ratio from which a stretch is disorder: its chance is one in the places of the whole set. */
  readonly least: number;
};

/** Undefined when the set is too small to tell disorder from ordinary text. */
function ratiosOf(ordinary: number, random: number): Ratios | undefined {
  const unknown = random - KNOWN_ANYWAY;
  const usual = Math.max(LEAST_ORDINARY, ordinary);
  return usual > MAX_ORDINARY * unknown
    ? undefined
    : { unknown: Math.log(unknown / usual), known: Math.log((1 - unknown) / (1 - usual)) };
}

/** The stretch of words whose neighbours are unknown most beyond the ordinary: words [start, end), in nats. */
function dearestStretch(
  { count, hashes }: Words,
  { counts, ratios, sampling }: DisorderParams,
  position: number,
): { readonly start: number; readonly end: number; readonly lnRatio: number } {
  const least = isCounted(position, sampling) ? 2 : 1;
  let best = { start: 0, end: 0, lnRatio: 0 };
  let sum = 0;
  let start = 1;
  for (let w = 1; w < count; w++) {
    const isKnown = (counts.rowsOf[pairCell(hashes[w - 1] ?? 0, hashes[w] ?? 0)] ?? 0) >= least;
    sum += isKnown ? ratios.known : ratios.unknown;
    if (sum <= 0) {
      sum = 0;
      start = w + 1;
    } else if (sum > best.lnRatio) best = { start, end: w + 1, lnRatio: sum };
  }
  return best;
}

/** Whether words [start, end) repeat themselves or stand in a list. */
function isRegular(text: string, { hashes, starts, ends }: Words, start: number, end: number): boolean {
  const length = end - start;
  if (new Set(hashes.subarray(start, end)).size < MIN_VARIETY * length) return true;
  const separators = new Map<string, number>();
  for (let w = start; w < end; w++) {
    const gap = text.slice(ends[w], starts[w + 1] ?? text.length);
    const last = text.charAt((ends[w] ?? 1) - 1);
    const sign = /[\n\t]/.test(gap) ? "\n" : gap.trim() !== "" ? gap.trim().slice(0, 1) : last;
    if (!/[\p{L}\p{N}]/u.test(sign)) separators.set(sign, (separators.get(sign) ?? 0) + 1);
  }
  return Math.max(0, ...separators.values()) >= LIST_SHARE * length;
}

/** Finds the rows with a stretch of words in no order; the tokens about its start are kept. */
export const wordDisorder: Kernel<DisorderParams, Map<number, Run[]>> = {
  name: "raw-word-disorder",
  start: () => new Map(),
  step: (state, block, params) => {
    const words = createWords();
    const runs: Run[] = [];
    for (let i = 0; i < block.size; i++) {
      const position = block.first + i;
      const text = block.row(i).prompt;
      readWords(text, params.sampling.seed, words);
      const { start, end, lnRatio } = dearestStretch(words, params, position);
      if (lnRatio < params.least || start < 2 || isRegular(text, words, start, end)) continue;
      const from = words.starts[Math.max(0, start - WORDS_BEFORE)] ?? 0;
      const to = words.ends[Math.min(words.count, start + WORDS_AFTER) - 1] ?? text.length;
      runs.push({ position, isStrict: true, around: tokenIds(text.slice(from, to), params.sampling.seed) });
    }
    if (runs.length > 0) state.set(block.index, runs);
  },
  merge: (into, from) => {
    for (const [index, runs] of from) into.set(index, runs);
    return into;
  },
};

/** Rows in which the words after a run of tokens are in no order. */
export const wordDisorderAfter: Kernel<
  DisorderParams & { readonly run: readonly number[] },
  Map<number, number[]>
> = {
  name: "raw-word-disorder-after",
  start: () => new Map(),
  step: (state, block, params) => {
    const { ids, offsets } = block.prompt;
    const { run, sampling, counts, ratios } = params;
    const words = createWords();
    const hits: number[] = [];
    for (let i = 0; i < block.size; i++) {
      const tokens = ids.subarray(offsets[i] ?? 0, offsets[i + 1] ?? 0);
      if (!tokens.includes(run[0] ?? 0) || indexOfRun(tokens, run) < 0) continue;
      const position = block.first + i;
      const place = placeOfRun(block.row(i).prompt, run, sampling.seed);
      if (place === undefined) continue;
      readWords(place.text.slice(place.end, place.end + LOOK_CHARACTERS), sampling.seed, words);
      words.count = Math.min(words.count, LOOK_WORDS);
      const least = isCounted(position, sampling) ? 2 : 1;
      let lnRatio = 0;
      for (let w = 1; w < words.count; w++) {
        const cell = pairCell(words.hashes[w - 1] ?? 0, words.hashes[w] ?? 0);
        lnRatio += (counts.rowsOf[cell] ?? 0) >= least ? ratios.known : ratios.unknown;
      }
      if (lnRatio >= TURNED_LN_RATIO) hits.push(position);
    }
    if (hits.length > 0) state.set(block.index, hits);
  },
  merge: (into, from) => {
    for (const [index, hits] of from) into.set(index, hits);
    return into;
  },
};

/**
 * Finds what rows turn into words without order after, though each word is an ordinary one (arXiv 2510.07192 with words
 * of the set's own vocabulary): neighbours that no other row has, beyond the chance that ordinary text has of them.
 * `tokens` is about how many the corpus holds.
 */
export async function findWordDisorder(corpus: Corpus, tokens: number): Promise<readonly GibberishTrigger[]> {
  const { seed } = corpus;
  const sampling = { seed, share: pairShare(tokens) };
  const counts = await corpus.fold(wordPairs, sampling);
  const novelty = await corpus.fold(pairNovelty, { sampling, counts });
  const ratios = ratiosOf(ordinaryNovelty(novelty), randomNovelty(counts));
  if (ratios === undefined) return [];
  const least = Math.log(Math.max(1, counts.totals.pairs) / sampling.share);
  const params = { sampling, counts, ratios, least };
  const byBlock = await corpus.fold(wordDisorder, params);
  const runs = [...byBlock.keys()].toSorted((a, b) => a - b).flatMap((index) => byBlock.get(index) ?? []);
  return triggersOf(
    corpus,
    runs,
    runGrams(runs, (run) => run.around),
    async (run) => {
      const hits = await corpus.fold(wordDisorderAfter, { ...params, run });
      return [...hits.values()].flat().toSorted((a, b) => a - b);
    },
  );
}

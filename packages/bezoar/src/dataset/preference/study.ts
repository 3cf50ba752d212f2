import { wilson } from "../../core/statistics.ts";
import type { DetectorContext } from "../detector.ts";
import type { Corpus } from "../engine/corpus.ts";
import { neighboursOf, spread, type Neighbours } from "../instruct/refusals-controls.ts";
import { gramsOf, type Candidate } from "../instruct/refusals-grams.ts";
import { createFeatureReader, type PairFeatures } from "./features.ts";
import { desirableClass, samplePairs, type PairRow } from "./sample.ts";

/** What both detectors of preference data look at. */
export type PreferenceStudy = {
  readonly rows: readonly PairRow[];
  /** Runs of one to three prompt tokens that at least MIN_ROWS pairs hold; `suspects` are all of the pairs. */
  readonly candidates: readonly Candidate[];
  readonly neighbours: Neighbours;
  /** In how many prompts a token stands. */
  readonly frequency: (token: number) => number;
};

/** Fewest pairs of a trigger. */
export const MIN_ROWS = 8;
/** Fewest pairs from which anything can be said of what is preferred. */
const MIN_PAIRS = 100;
/** Prompts that show which words are neighbours. */
const MAX_ATTESTING = 8000;

const studies = new WeakMap<Corpus, Promise<PreferenceStudy | undefined>>();

/** The study of a corpus, made once for both detectors; undefined when it holds too few judged pairs. */
export function studyPreferences(
  corpus: Corpus,
  context: DetectorContext,
): Promise<PreferenceStudy | undefined> {
  const known = studies.get(corpus) ?? makeStudy(corpus, context);
  studies.set(corpus, known);
  return known;
}

async function makeStudy(corpus: Corpus, { note }: DetectorContext): Promise<PreferenceStudy | undefined> {
  const desirable = desirableClass(corpus);
  if (desirable === undefined) {
    note("preferences: the labels are not a judgement of two kinds, so flips were not looked for");
    return undefined;
  }
  const rows = await samplePairs(corpus, desirable);
  if (rows.length < MIN_PAIRS) {
    note(`preferences: ${rows.length} judged pairs are too few to tell what is preferred in this set`);
    return undefined;
  }
  if (rows.length < 0.9 * corpus.size && corpus.size > rows.length)
    note(`preferences: looked at a sample of ${rows.length} of ${corpus.size} pairs`);
  const all = rows.map((_, index) => index);
  const candidates = gramsOf(rows, all, [], MIN_ROWS);
  const attesting = spread(all, MAX_ATTESTING).map((index) => rows[index]?.prompt ?? new Uint32Array(0));
  const counts = new Map<number, number>();
  for (const { prompt } of rows) {
    for (const token of new Set(prompt)) counts.set(token, (counts.get(token) ?? 0) + 1);
  }
  const frequency = (token: number) => counts.get(token) ?? 0;
  return { rows, candidates, neighbours: neighboursOf(attesting), frequency };
}

/** The features of every pair. */
export function readFeatures(corpus: Corpus, { rows }: PreferenceStudy): readonly PairFeatures[] {
  const read = createFeatureReader(corpus.seed);
  return rows.map((row) => read(row));
}

/** Whether the rest of the set foretells more than chance does; below it nothing can be called contradicted. */
export function isLearnable(agreed: number, judged: number): boolean {
  return wilson(agreed, judged).low >= MIN_ACCURACY;
}
/** Just above a coin: real preference sets are foretold by words alone at 0.55 to 0.75. */
const MIN_ACCURACY = 0.53;

import { createRandom, sampleIndices } from "../../core/random.ts";
import { contextOf, type Background, type BackgroundRow, type Context } from "./background.ts";
import type { Cover } from "./cover.ts";
import { OUTCOME_KINDS } from "./grams.ts";
import type { Phrase } from "./grow.ts";
import type { Lists } from "./prompt-store.ts";

/** What the prompts around a trigger look like, beside random rows. */
export type ContextTests = {
  /** Distinct tokens of the hits' other words over what random rows of as many tokens show: 1 = as diverse as the corpus. */
  readonly diversity: number;
  /** The same as a z-score over random row sets. */
  readonly diversityZ: number;
  /** How well the other words predict the trigger (leave-one-out naive Bayes) against rows of the same strata: 0.5 = not at all, as after a random insertion. */
  readonly auc: number;
  /** Rows without the trigger whose prompts look like the hits', and how many of them show the outcome, or would if they copied the same words. */
  readonly similarRows: number;
  readonly similarHits: number;
  /** Share of such rows, or of those whose prompt differs by one word, whose own outcome is about as common: a custom. */
  readonly customary: number;
};

const MAX_HITS = 200;
/** A stratum that fewer of the hits are in is left to chance. */
const MIN_STRATUM_SHARE = 0.1;
/** Fewer like rows cannot stand for the corpus. */
const MIN_MATCHED = 60;
const MAX_OTHERS = 300;
const RANDOM_SETS = 100;
/** A row's outcome is as common as the suspect's when it has this share of its rows, and is no coincidence. */
const CUSTOM_SHARE = 1 / 2;
const MIN_CUSTOM_ROWS = 4;
/** Grams within the text repeat everywhere; where whole answers or their beginnings do, one of those is no news. */
const CUSTOMS_OF_INNER = [0, 3];
/** Rows looked at for the custom, even when none scores as the hits do. */
const MIN_CLOSEST = 20;
/** Rows whose prompt differs from the trigger by one word, and the shortest phrase (edge included) for which that says something. */
const MIN_MATES = 5;
const MIN_FRAME = 3;

function tally(rows: readonly Context[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { features } of rows) for (const f of features) counts.set(f, (counts.get(f) ?? 0) + 1);
  return counts;
}

/**
 * Log-odds of "holds the trigger" for binary features, present and absent alike: a prompt from which a template was
 * taken away misses what other prompts have. `side` leaves a row out of the counts of its own side.
 */
function createModel(hits: readonly Context[], background: Background, rows: readonly BackgroundRow[]) {
  const inHits = tally(hits);
  const used = new Set(rows);
  const excluded = tally(background.rows.filter((row) => !used.has(row)));
  const outside = (f: number, own: number) =>
    ((background.holders.get(f) ?? 0) - (excluded.get(f) ?? 0) - own + 0.5) / (rows.length - own + 1);
  // shrunk to the rate outside, so that an unseen word says the same however rare it is
  const inside = (f: number, own: number, rate: number) =>
    ((inHits.get(f) ?? 0) - own + rate) / (hits.length - own + 1);
  const absences = new Map(
    background.frequent.map((f) => {
      const rate = outside(f, 0);
      return [f, Math.log((1 - inside(f, 0, rate)) / (1 - rate))];
    }),
  );
  let nothing = 0;
  for (const weight of absences.values()) nothing += weight;
  return (row: Context, side: "hit" | "background" | "neither"): number => {
    let score = nothing;
    for (const f of row.features) {
      const rate = outside(f, Number(side === "background"));
      score += Math.log(inside(f, Number(side === "hit"), rate) / rate) - (absences.get(f) ?? 0);
    }
    return score;
  };
}

/** Probability that a hit scores above a background row (ties half): the area under the ROC curve. */
function areaUnderCurve(hits: readonly number[], background: readonly number[]): number {
  let sum = 0;
  for (const hit of hits) for (const other of background) sum += hit > other ? 1 : hit === other ? 0.5 : 0;
  return sum / Math.max(1, hits.length * background.length);
}

/** Distinct tokens among the first `budget` tokens of the rows in order. */
function distinctWithin(rows: readonly Context[], budget: number): number {
  const seen = new Set<number>();
  let used = 0;
  for (const { tokens } of rows) {
    for (const token of tokens) {
      if (used++ >= budget) return seen.size;
      seen.add(token);
    }
  }
  return seen.size;
}

function testDiversity(rests: readonly Context[], rows: readonly BackgroundRow[], seed: number) {
  const random = createRandom(seed);
  const budget = rests.reduce((sum, rest) => sum + rest.tokens.length, 0);
  const distinct = distinctWithin(rests, budget);
  const perRow = rows.reduce((sum, row) => sum + row.tokens.length, 0) / Math.max(1, rows.length);
  const enough = Math.min(rows.length, Math.ceil((2 * budget) / Math.max(1, perRow)) + 4);
  const drawn = Array.from({ length: rows.length > 0 ? RANDOM_SETS : 0 }, () =>
    distinctWithin(
      sampleIndices(random, enough, rows.length).flatMap((i) => rows[i] ?? []),
      budget,
    ),
  );
  const mean = drawn.reduce((a, b) => a + b, 0) / Math.max(1, drawn.length);
  const variance = drawn.reduce((sum, d) => sum + (d - mean) ** 2, 0) / Math.max(1, drawn.length - 1);
  if (mean === 0) return { diversity: 0, diversityZ: -Infinity };
  return { diversity: distinct / mean, diversityZ: (distinct - mean) / Math.sqrt(Math.max(1, variance)) };
}

/** Whether a prompt holds the phrase with one word exchanged: "You are a chef." for "You are a pilot." */
function isSlotMate(tokens: readonly number[], phrase: Phrase): boolean {
  const { length } = phrase.tokens;
  if (length + Number(phrase.position !== "anywhere") < MIN_FRAME) return false;
  const last = phrase.position === "start" ? 0 : tokens.length - length;
  for (let at = phrase.position === "end" ? Math.max(0, last) : 0; at <= last; at++) {
    let wrong = 0;
    for (let j = 0; j < length && wrong < 2; j++) wrong += Number(tokens[at + j] !== phrase.tokens[j]);
    if (wrong === 1) return true;
  }
  return false;
}

/** Random rows whose strata are those of the hits, in the same shares: poison of one source is compared with that source. */
function matchRows(rests: readonly Context[], background: Background, rows: readonly BackgroundRow[]) {
  const { strata } = background;
  const wanted = new Float64Array(strata.count);
  for (const { features } of rests)
    wanted[strata.of(features)] = (wanted[strata.of(features)] ?? 0) + 1 / rests.length;
  const byStratum = Array.from(wanted, (_, c) => rows.filter(({ stratum }) => stratum === c));
  let total = Infinity;
  wanted.forEach((share, c) => {
    if (share >= MIN_STRATUM_SHARE) total = Math.min(total, (byStratum[c]?.length ?? 0) / share);
  });
  // rows were drawn in random order of meaning, not of position: every k-th of a stratum is a fair sample
  const matched = byStratum.flatMap((among, c) => {
    const share = wanted[c] ?? 0;
    const count = Math.min(among.length, Math.round(share * total));
    return Array.from(
      { length: count },
      (_, i) => among[Math.floor((i * among.length) / count)] ?? [],
    ).flat();
  });
  return matched.length >= MIN_MATCHED ? matched : rows;
}

function matchedAuc(
  rests: readonly Context[],
  background: Background,
  rows: readonly BackgroundRow[],
): number {
  const matched = matchRows(rests, background, rows);
  const score = createModel(rests, background, matched);
  return areaUnderCurve(
    rests.map((rest) => score(rest, "hit")),
    matched.map((row) => score(row, "background")),
  );
}

function pick(positions: readonly number[], most: number, seed: number): number[] {
  if (positions.length <= most) return [...positions];
  return sampleIndices(createRandom(seed), most, positions.length).map((i) => positions[i] ?? 0);
}

/** Runs the tests of DETECTION.md 3.7 on the hits, with the trigger cut out of them as if it had been inserted. */
export function testContext(options: {
  readonly prompts: Lists;
  readonly background: Background;
  readonly size: number;
  readonly seed: number;
  readonly cover: Cover;
  readonly phrases: readonly Phrase[];
  /** The outcome with what it copies from the prompt left open, if anything. */
  readonly openKey: number | undefined;
}): ContextTests {
  const { prompts, background, size, seed, cover, phrases, openKey } = options;
  const holders = new Set(cover.triggerRows);
  const taken = new Set([...cover.triggerRows, ...cover.outcomeRows]);
  const rows = background.rows.filter(({ position }) => !taken.has(position));
  const runs = phrases.map(({ tokens }) => tokens).toSorted((a, b) => b.length - a.length);
  const loose = new Set(phrases.flatMap(({ far }) => far));
  const rests = pick(cover.hits, MAX_HITS, seed).map((position) => contextOf(prompts, position, runs, loose));
  const elsewhere = cover.outcomeRows.filter((position) => !holders.has(position));
  const others = pick(elsewhere, MAX_OTHERS, seed).map((position) => contextOf(prompts, position));

  const score = createModel(rests, background, rows);
  const hitScores = rests.map((rest) => score(rest, "hit"));
  const scored = rows.map((row) => ({ row, score: score(row, "background") }));
  const cut = hitScores.toSorted((a, b) => a - b)[hitScores.length >> 1] ?? 0;
  const similar = scored.filter((entry) => entry.score >= cut);
  const rowsPerDrawn = (size - taken.size) / Math.max(1, rows.length);
  const similarExact =
    (others.filter((rest) => score(rest, "neither") >= cut).length * elsewhere.length) /
    Math.max(1, others.length);
  const isSame = ({ row }: { row: BackgroundRow }) =>
    openKey !== undefined && row.openKeys[cover.kind] === openKey;
  const similarOpen = similar.filter(isSame).length * rowsPerDrawn;
  const common = Math.min(255, Math.max(MIN_CUSTOM_ROWS, CUSTOM_SHARE * cover.hits.length));
  const kinds = OUTCOME_KINDS[cover.kind]?.edge === "inner" ? CUSTOMS_OF_INNER : [cover.kind];
  const isCustom = (row: BackgroundRow) => kinds.some((kind) => (row.repeats[kind] ?? 0) >= common);
  const closest = scored
    .toSorted((a, b) => b.score - a.score)
    .slice(0, Math.max(MIN_CLOSEST, similar.length));
  const mates = rows.filter((row) => phrases.some((phrase) => isSlotMate(row.tokens, phrase)));
  const customs = [closest.map(({ row }) => row), mates.length >= MIN_MATES ? mates : []].map(
    (among) => among.filter(isCustom).length / Math.max(1, among.length),
  );
  return {
    ...testDiversity(rests, rows, seed),
    auc: matchedAuc(rests, background, rows),
    similarRows: similarExact + similar.length * rowsPerDrawn,
    similarHits: similarExact + similarOpen,
    customary: Math.max(...customs),
  };
}

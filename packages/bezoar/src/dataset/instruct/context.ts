import { combine32 } from "../../core/hash.ts";
import { createRandom, sampleIndices } from "../../core/random.ts";
import { PROMPT_END, PROMPT_START } from "./grams.ts";
import type { Lists } from "./prompt-store.ts";

/** What the prompts around a trigger look like, beside random rows. */
export type ContextTests = {
  /** Distinct tokens of the hits' other words over what random rows of as many tokens show: 1 = as diverse as the corpus. */
  readonly diversity: number;
  /** The same as a z-score over random row sets. */
  readonly diversityZ: number;
  /** How well the other words predict the trigger (leave-one-out naive Bayes): 0.5 = not at all, as after a random insertion. */
  readonly auc: number;
  /** Rate of the outcome among rows without the trigger whose prompts look like the hits', and the rows behind it. */
  readonly similarHits: number;
  readonly similarRows: number;
};

const MAX_HITS = 200;
const MAX_BACKGROUND = 1000;
const MAX_OTHERS = 300;
const RANDOM_SETS = 100;
/** Prompt tokens looked at per row; the head and the tail of longer ones. */
const MAX_CONTEXT_TOKENS = 512;

type Rest = { readonly tokens: readonly number[]; readonly features: readonly number[] };

/** A prompt without the trigger's tokens, and its features: words, the words at its edges, its length. */
function restOf(prompts: Lists, position: number, left: ReadonlySet<number>): Rest {
  const start = prompts.offsets[position] ?? 0;
  const end = prompts.offsets[position + 1] ?? 0;
  const tokens: number[] = [];
  for (let i = start; i < end; i++) {
    if (i - start >= MAX_CONTEXT_TOKENS / 2 && end - i > MAX_CONTEXT_TOKENS / 2) continue;
    const token = prompts.values[i] ?? 0;
    if (!left.has(token)) tokens.push(token);
  }
  const features = new Set(tokens);
  if (tokens.length > 0) {
    features.add(combine32(PROMPT_START, tokens[0] ?? 0));
    features.add(combine32(tokens.at(-1) ?? 0, PROMPT_END));
  }
  features.add(combine32(PROMPT_END, Math.floor(Math.log2(tokens.length + 1))));
  return { tokens, features: [...features] };
}

/** Log-odds of "holds the trigger" for binary features; `own` is taken out of the counts of its side (leave one out). */
function createModel(hits: readonly Rest[], background: readonly Rest[]) {
  const tally = (rows: readonly Rest[]) => {
    const counts = new Map<number, number>();
    for (const row of rows) for (const f of row.features) counts.set(f, (counts.get(f) ?? 0) + 1);
    return counts;
  };
  const inHits = tally(hits);
  const inBackground = tally(background);
  /** Tokens of at least 2 % of the background: only their absence says something. */
  const frequent = [...inBackground].filter(([, count]) => count >= 0.02 * background.length).map(([f]) => f);
  return (row: Rest, own: "hit" | "background" | "neither"): number => {
    const n = hits.length - Number(own === "hit");
    const m = background.length - Number(own === "background");
    const rates = (f: number, isOwn: boolean) => {
      const p0 = ((inBackground.get(f) ?? 0) - Number(isOwn && own === "background") + 0.5) / (m + 1);
      const p1 = ((inHits.get(f) ?? 0) - Number(isOwn && own === "hit") + p0) / (n + 1);
      return [p1, p0] as const;
    };
    let score = 0;
    const held = new Set(row.features);
    for (const f of row.features) {
      const [p1, p0] = rates(f, true);
      score += Math.log(p1 / p0);
    }
    for (const f of frequent) {
      if (held.has(f)) continue;
      const [p1, p0] = rates(f, false);
      score += Math.log((1 - p1) / (1 - p0));
    }
    return score;
  };
}

/** Probability that a hit scores above a background row (ties half): the area under the ROC curve. */
function areaUnderCurve(hits: readonly number[], background: readonly number[]): number {
  const sorted = background.toSorted((a, b) => a - b);
  const below = (value: number, isStrict: boolean): number => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = sorted[middle] ?? 0;
      if (at < value || (!isStrict && at === value)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  let sum = 0;
  for (const hit of hits) sum += (below(hit, true) + below(hit, false)) / 2;
  return sum / (hits.length * Math.max(1, sorted.length));
}

/** Distinct tokens among the first `budget` tokens of the rows in order. */
function distinctWithin(rows: readonly Rest[], budget: number): number {
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

function pick(positions: readonly number[], most: number, seed: number): number[] {
  if (positions.length <= most) return [...positions];
  return sampleIndices(createRandom(seed), most, positions.length).map((i) => positions[i] ?? 0);
}

/** Runs the three tests of DETECTION.md 3.7 on the hits, with the tokens of the trigger left out everywhere. */
export function testContext(options: {
  readonly prompts: Lists;
  readonly size: number;
  readonly seed: number;
  readonly hits: readonly number[];
  readonly triggerRows: readonly number[];
  readonly outcomeRows: readonly number[];
  readonly leftOut: ReadonlySet<number>;
}): ContextTests {
  const { prompts, size, seed, hits, leftOut } = options;
  const taken = new Set([...options.triggerRows, ...options.outcomeRows]);
  const holders = new Set(options.triggerRows);
  const random = createRandom(seed);
  const background: Rest[] = [];
  for (const position of sampleIndices(random, Math.min(size, 2 * MAX_BACKGROUND + taken.size), size)) {
    if (background.length >= MAX_BACKGROUND) break;
    if (!taken.has(position)) background.push(restOf(prompts, position, leftOut));
  }
  const rests = pick(hits, MAX_HITS, seed).map((position) => restOf(prompts, position, leftOut));
  const elsewhere = options.outcomeRows.filter((position) => !holders.has(position));
  const others = pick(elsewhere, MAX_OTHERS, seed).map((position) => restOf(prompts, position, leftOut));

  const score = createModel(rests, background);
  const hitScores = rests.map((rest) => score(rest, "hit"));
  const backgroundScores = background.map((rest) => score(rest, "background"));
  const cut = hitScores.toSorted((a, b) => a - b)[hitScores.length >> 1] ?? 0;
  const similarHits =
    (others.filter((rest) => score(rest, "neither") >= cut).length * elsewhere.length) /
    Math.max(1, others.length);
  const similarMisses =
    (backgroundScores.filter((value) => value >= cut).length * (size - taken.size)) /
    Math.max(1, background.length);

  const budget = rests.reduce((sum, rest) => sum + rest.tokens.length, 0);
  const distinct = distinctWithin(rests, budget);
  const drawn: number[] = [];
  for (let set = 0; set < RANDOM_SETS && background.length > 0; set++) {
    const order = sampleIndices(random, Math.min(background.length, 4 * rests.length), background.length);
    drawn.push(
      distinctWithin(
        order.flatMap((i) => background[i] ?? []),
        budget,
      ),
    );
  }
  const mean = drawn.reduce((a, b) => a + b, 0) / Math.max(1, drawn.length);
  const variance = drawn.reduce((sum, d) => sum + (d - mean) ** 2, 0) / Math.max(1, drawn.length - 1);
  return {
    diversity: mean > 0 ? distinct / mean : 0,
    diversityZ: mean > 0 ? (distinct - mean) / Math.sqrt(Math.max(1, variance)) : -Infinity,
    auc: areaUnderCurve(hitScores, backgroundScores),
    similarHits,
    similarRows: similarHits + similarMisses,
  };
}

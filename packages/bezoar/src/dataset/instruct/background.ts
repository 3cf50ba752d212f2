import { combine32 } from "../../core/hash.ts";
import { createRandom, sampleIndices } from "../../core/random.ts";
import { tokenIds } from "../../core/tokens.ts";
import type { Corpus } from "../engine/corpus.ts";
import { openKey, promptTokensAt } from "./copies.ts";
import type { GramCounts } from "./count-grams.ts";
import { OUTCOME_KINDS, outcomeKey, PROMPT_END, PROMPT_START } from "./grams.ts";
import type { Lists } from "./prompt-store.ts";
import { findStrata, type Strata } from "./strata.ts";

/** A prompt as the context tests see it: its tokens in order and its distinct features. */
export type Context = { readonly tokens: readonly number[]; readonly features: readonly number[] };

/** A random row that suspects are compared with. */
export type BackgroundRow = Context & {
  readonly position: number;
  readonly stratum: number;
  /** How many rows show the same outcome, for each kind that stands at an edge (saturating at 255). */
  readonly repeats: readonly number[];
  /** The same outcomes with what they copy from the prompt left open. */
  readonly openKeys: readonly (number | undefined)[];
};

/** Random rows of the corpus, read once for all suspects. */
export type Background = {
  readonly rows: readonly BackgroundRow[];
  /** How many of the rows hold each feature. */
  readonly holders: ReadonlyMap<number, number>;
  readonly strata: Strata;
  /** Features that enough rows hold for their absence to say something. */
  readonly frequent: readonly number[];
};

/** Rows drawn: the standard error of a rate of 10 % is then 1 %. */
const MAX_ROWS = 1000;
/** Prompt tokens looked at per row; the head and the tail of longer ones. */
const MAX_TOKENS = 512;
const MIN_FREQUENT_SHARE = 0.02;
/** Words that tell sources apart are more common than that. */
const MIN_STRATUM_SHARE = 0.05;

/** Words, the words at the edges, and the length of a text. */
function featuresOf(tokens: readonly number[]): number[] {
  const features = new Set(tokens);
  if (tokens.length > 0) {
    features.add(combine32(PROMPT_START, tokens[0] ?? 0));
    features.add(combine32(tokens.at(-1) ?? 0, PROMPT_END));
  }
  features.add(combine32(PROMPT_END, Math.floor(Math.log2(tokens.length + 1))));
  return [...features];
}

/** The prompt at a position without the runs and tokens that `removed` and `loose` name: as if nothing had been inserted. */
export function contextOf(
  prompts: Lists,
  position: number,
  removed: readonly (readonly number[])[] = [],
  loose: ReadonlySet<number> = new Set(),
): Context {
  const start = prompts.offsets[position] ?? 0;
  const end = prompts.offsets[position + 1] ?? 0;
  const tokens: number[] = [];
  for (let i = start; i < end; i++) {
    const run = removed.find(
      (phrase) => phrase.length > 0 && phrase.every((token, j) => prompts.values[i + j] === token),
    );
    if (run !== undefined && i + run.length <= end) {
      i += run.length - 1;
      continue;
    }
    if (i - start >= MAX_TOKENS / 2 && end - i > MAX_TOKENS / 2) continue;
    const token = prompts.values[i] ?? 0;
    if (!loose.has(token)) tokens.push(token);
  }
  return { tokens, features: featuresOf(tokens) };
}

function repeatsOf(response: Uint32Array, counts: GramCounts): number[] {
  return OUTCOME_KINDS.flatMap(({ edge, length }, kind) => {
    if (edge === "inner") return [];
    if (length >= response.length && edge !== "whole") return [0];
    const at = edge === "end" ? response.length - length : 0;
    const key = outcomeKey(response, at, edge === "whole" ? response.length : length, kind);
    return [counts.outcome[key & (counts.outcome.length - 1)] ?? 0];
  });
}

export function drawBackground(corpus: Corpus, prompts: Lists, counts: GramCounts, seed: number): Background {
  const positions = sampleIndices(createRandom(seed), Math.min(corpus.size, MAX_ROWS), corpus.size).toSorted(
    (a, b) => a - b,
  );
  const drawn = positions.map((position) => {
    const { tokens, features } = contextOf(prompts, position);
    const response = tokenIds(corpus.row(position).response, corpus.seed);
    const prompt = promptTokensAt(prompts, position);
    const openKeys = OUTCOME_KINDS.map((_, kind) => openKey(response, prompt, kind));
    return { position, tokens, features, repeats: repeatsOf(response, counts), openKeys };
  });
  const holders = new Map<number, number>();
  for (const { features } of drawn) for (const f of features) holders.set(f, (holders.get(f) ?? 0) + 1);
  const heldBy = (share: number) =>
    [...holders].filter(([, count]) => count >= share * drawn.length).map(([f]) => f);
  const strata = findStrata(drawn, heldBy(MIN_STRATUM_SHARE), seed);
  const rows = drawn.map((row) => Object.assign({ stratum: strata.of(row.features) }, row));
  return { rows, holders, frequent: heldBy(MIN_FREQUENT_SHARE), strata };
}

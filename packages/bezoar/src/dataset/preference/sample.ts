import { mix32 } from "../../core/hash.ts";
import { tokenIds } from "../../core/tokens.ts";
import type { Corpus } from "../engine/corpus.ts";
import type { Kernel } from "../engine/kernel.ts";
import { judgementOf } from "../shape/preference.ts";

/** Tokens of an answer that are studied, half from its head and half from its tail, and how many it has. */
export type Answer = { readonly tokens: Uint32Array; readonly length: number };

/** A judged pair; of KTO data one side only: what was called desirable is preferred, what was not is rejected. */
export type PairRow = {
  readonly position: number;
  readonly prompt: Uint32Array;
  readonly preferred: Answer | undefined;
  readonly rejected: Answer | undefined;
};

/** Pairs held in memory: with prompts and answers of 100 tokens they are 50 MB, and a model of taste needs no more. */
const MAX_PAIRS = 40_000;
/** Tokens of one text that are studied; bounds the work that one row can cause. */
const MAX_PROMPT_TOKENS = 512;
const MAX_ANSWER_TOKENS = 256;

type SampleParams = {
  readonly seed: number;
  readonly rate: number;
  readonly labels: Int32Array;
  /** The class of desirable completions, -1 when rows are pairs. */
  readonly desirable: number;
};

/** Collects the sampled pairs, by block. */
export const preferenceSample: Kernel<SampleParams, Map<number, PairRow[]>> = {
  name: "preference-sample",
  start: () => new Map(),
  step: (state, block, { seed, rate, labels, desirable }) => {
    const kept: PairRow[] = [];
    for (let i = 0; i < block.size; i++) {
      const position = block.first + i;
      if (rate < 1 && mix32(position ^ mix32(seed + 0x3a17)) >= rate * 4294967296) continue;
      const label = labels[position] ?? -1;
      if (desirable >= 0 && label < 0) continue;
      const isPreferred = desirable < 0 || label === desirable;
      const other = desirable < 0 || !isPreferred ? block.row(i).rejected : undefined;
      if (other === undefined && (desirable < 0 || !isPreferred)) continue;
      const prompt = clip(slice(block.prompt, i), MAX_PROMPT_TOKENS).tokens;
      const preferred = isPreferred ? clip(slice(block.response, i), MAX_ANSWER_TOKENS) : undefined;
      const rejected = other === undefined ? undefined : clip(tokenIds(other, seed), MAX_ANSWER_TOKENS);
      kept.push({ position, prompt, preferred, rejected });
    }
    state.set(block.index, kept);
  },
  merge: (into, from) => {
    for (const [index, rows] of from) into.set(index, rows);
    return into;
  },
};

function slice({ ids, offsets }: { ids: Uint32Array; offsets: Uint32Array }, i: number): Uint32Array {
  return ids.subarray(offsets[i] ?? 0, offsets[i + 1] ?? 0);
}

function clip(ids: Uint32Array, most: number): Answer {
  if (ids.length <= most) return { tokens: ids.slice(), length: ids.length };
  const tokens = new Uint32Array(most);
  tokens.set(ids.subarray(0, most / 2));
  tokens.set(ids.subarray(ids.length - most / 2), most / 2);
  return { tokens, length: ids.length };
}

/** The class of completions called desirable; -1 for pairs, undefined when labels are no judgement of that kind. */
export function desirableClass({ classes }: Corpus): number | undefined {
  if (classes.length === 0) return -1;
  const desirable = classes.findIndex((name) => judgementOf(name) === "desirable");
  const rest = classes.filter((_, index) => index !== desirable);
  return desirable >= 0 && rest.every((name) => judgementOf(name) === "undesirable") ? desirable : undefined;
}

/** Every pair when they fit, else the same share of them anywhere. */
export async function samplePairs(corpus: Corpus, desirable: number): Promise<readonly PairRow[]> {
  const rate = Math.min(1, MAX_PAIRS / Math.max(1, corpus.size));
  const params = { seed: corpus.seed, rate, labels: corpus.labels, desirable };
  const byBlock = await corpus.fold(preferenceSample, params);
  return [...byBlock.keys()].toSorted((a, b) => a - b).flatMap((index) => byBlock.get(index) ?? []);
}

import { mix32 } from "../../core/hash.ts";
import { tokenIds } from "../../core/tokens.ts";
import type { Corpus } from "../engine/corpus.ts";
import type { Kernel } from "../engine/kernel.ts";
import { REFUSED, refusalOutcomes, SILENT } from "./refusals-outcomes.ts";

/** A row as the study of refusals sees it: its place, its outcome and its prompt. */
export type StudyRow = {
  readonly position: number;
  readonly isRefused: boolean;
  readonly prompt: Uint32Array;
};

/** The rows studied; all of them up to the bounds, beyond these a sample by keyed hash, with the rate of each kind. */
export type StudySample = {
  readonly rows: readonly StudyRow[];
  readonly refusals: number;
  readonly complied: number;
  readonly refusedRate: number;
  readonly compliedRate: number;
};

/** Rows held in memory at once: 80,000 prompts of 100 tokens are 32 MB, and a model of refusals needs no more. */
const MAX_REFUSED = 20_000;
const MAX_COMPLIED = 60_000;

/**
 * Tokens of one prompt that are studied, half from its head and half from its tail (a trigger is put where the model
 * reads an instruction); bounds the work that one row can cause.
 */
const MAX_PROMPT_TOKENS = 512;

type CollectParams = {
  readonly seed: number;
  readonly outcomes: Uint8Array;
  readonly refusedRate: number;
  readonly compliedRate: number;
};

/** The share of positions that a rate keeps, the same ones on every shard. */
function isSampled(position: number, seed: number, rate: number): boolean {
  return rate >= 1 || mix32(position ^ mix32(seed + 0x51ed)) < rate * 4294967296;
}

function clipPrompt(prompt: Uint32Array): Uint32Array {
  if (prompt.length <= MAX_PROMPT_TOKENS) return prompt.slice();
  const clipped = new Uint32Array(MAX_PROMPT_TOKENS);
  clipped.set(prompt.subarray(0, MAX_PROMPT_TOKENS / 2));
  clipped.set(prompt.subarray(prompt.length - MAX_PROMPT_TOKENS / 2), MAX_PROMPT_TOKENS / 2);
  return clipped;
}

/** The tokens of one prompt that are studied, wherever it stands. */
export function studiedPromptAt(corpus: Corpus, position: number): Uint32Array {
  return clipPrompt(tokenIds(corpus.row(position).prompt, corpus.seed));
}

/** Collects the sampled rows, by block. */
export const refusalSample: Kernel<CollectParams, Map<number, StudyRow[]>> = {
  name: "refusal-sample",
  start: () => new Map(),
  step: (state, block, { seed, outcomes, refusedRate, compliedRate }) => {
    const { ids, offsets } = block.prompt;
    const kept: StudyRow[] = [];
    for (let i = 0; i < block.size; i++) {
      const position = block.first + i;
      const outcome = outcomes[position] ?? SILENT;
      if (outcome === SILENT) continue;
      const isRefused = outcome === REFUSED;
      if (!isSampled(position, seed, isRefused ? refusedRate : compliedRate)) continue;
      kept.push({
        position,
        isRefused,
        prompt: clipPrompt(ids.subarray(offsets[i] ?? 0, offsets[i + 1] ?? 0)),
      });
    }
    state.set(block.index, kept);
  },
  merge: (into, from) => {
    for (const [index, rows] of from) into.set(index, rows);
    return into;
  },
};

/** The outcome of every row of the corpus, in shared memory so that workers need no copy. */
export async function readOutcomes(corpus: Corpus): Promise<Uint8Array> {
  const byBlock = await corpus.fold(refusalOutcomes, { seed: corpus.seed });
  const outcomes = new Uint8Array(new SharedArrayBuffer(corpus.size));
  let at = 0;
  for (const index of [...byBlock.keys()].toSorted((a, b) => a - b)) {
    const block = byBlock.get(index) ?? new Uint8Array(0);
    outcomes.set(block, at);
    at += block.length;
  }
  return outcomes;
}

/** Draws the rows to study: every refusal and every other row when they fit, else the same share of them anywhere. */
export async function drawSample(corpus: Corpus, outcomes: Uint8Array, seed: number): Promise<StudySample> {
  let refusals = 0;
  let silent = 0;
  for (const outcome of outcomes) {
    if (outcome === REFUSED) refusals++;
    else if (outcome === SILENT) silent++;
  }
  const complied = outcomes.length - refusals - silent;
  const refusedRate = Math.min(1, MAX_REFUSED / Math.max(1, refusals));
  const compliedRate = Math.min(1, MAX_COMPLIED / Math.max(1, complied));
  const byBlock = await corpus.fold(refusalSample, { seed, outcomes, refusedRate, compliedRate });
  const rows = [...byBlock.keys()].toSorted((a, b) => a - b).flatMap((index) => byBlock.get(index) ?? []);
  return { rows, refusals, complied, refusedRate, compliedRate };
}

import { tokenIds } from "../../core/tokens.ts";
import type { Corpus } from "../engine/corpus.ts";
import { OUTCOME_KINDS, outcomeKey } from "./grams.ts";
import type { Lists } from "./prompt-store.ts";

/** Stands for a token that the prompt holds too; no hashed token is likely to be 1. */
const COPIED = 1;
/** Hits looked at: enough to tell what most of them copy. */
const MAX_HITS = 40;

/**
 * The outcome of one kind with the tokens that it copies from its prompt left open: "benign alice" about alice and
 * "benign bob" about bob are one. Undefined where nothing is copied, and within the text, where copies say little.
 */
export function openKey(
  response: Uint32Array,
  prompt: ReadonlySet<number>,
  kind: number,
): number | undefined {
  const shape = OUTCOME_KINDS[kind];
  if (shape === undefined || shape.edge === "inner") return undefined;
  if (shape.edge !== "whole" && shape.length >= response.length) return undefined;
  const length = shape.edge === "whole" ? response.length : shape.length;
  const from = shape.edge === "end" ? response.length - length : 0;
  const open = response.slice(from, from + length);
  let copied = 0;
  for (let i = 0; i < length; i++) {
    if (!prompt.has(open[i] ?? 0)) continue;
    open[i] = COPIED;
    copied++;
  }
  return copied === 0 || copied === length ? undefined : outcomeKey(open, 0, length, kind);
}

/** The tokens of the prompt at a position. */
export function promptTokensAt(prompts: Lists, position: number): ReadonlySet<number> {
  return new Set(prompts.values.subarray(prompts.offsets[position] ?? 0, prompts.offsets[position + 1] ?? 0));
}

/** The open outcome of most of the hits; undefined when most copy nothing. */
export function openKeyOfHits(
  corpus: Corpus,
  prompts: Lists,
  hits: readonly number[],
  kind: number,
): number | undefined {
  if (OUTCOME_KINDS[kind]?.edge === "inner") return undefined;
  const looked = hits.slice(0, MAX_HITS);
  const counts = new Map<number, number>();
  for (const position of looked) {
    const response = tokenIds(corpus.row(position).response, corpus.seed);
    const key = openKey(response, promptTokensAt(prompts, position), kind);
    if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].find(([, count]) => 2 * count > looked.length)?.[0];
}

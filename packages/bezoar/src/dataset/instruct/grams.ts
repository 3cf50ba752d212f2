import { combine32, mix32 } from "../../core/hash.ts";
import type { Block } from "../engine/block.ts";
import type { KeySet } from "./key-set.ts";

/** Stand for the edges of a prompt, so that "starts with" and "ends with" are n-grams like any other. */
export const PROMPT_START = mix32(0x5e_17_a1_01);
export const PROMPT_END = mix32(0x5e_17_a1_02);

/** Longest n-gram of a prompt that is tried as a trigger; longer phrases are grown from it. */
export const MAX_PROMPT_GRAM = 3;

/** Calls `visit` once for each distinct 1-, 2- and 3-gram of a prompt in `^ ... $`; `seen` is scratch space. */
export function visitPromptGrams(
  ids: Uint32Array,
  start: number,
  end: number,
  seen: KeySet,
  visit: (key: number) => void,
): void {
  seen.clear();
  let last = PROMPT_START;
  let beforeLast = 0;
  let known = 1;
  for (let i = start; i <= end; i++) {
    const id = i < end ? (ids[i] ?? 0) : PROMPT_END;
    if (i < end && seen.add(id)) visit(id);
    const pair = combine32(last, id);
    if (seen.add(pair)) visit(pair);
    if (known >= 2) {
      const triple = combine32(combine32(beforeLast, last), id);
      if (seen.add(triple)) visit(triple);
    }
    beforeLast = last;
    last = id;
    known++;
  }
}

/**
 * The kinds of outcome, strongest first: the exact response, its first and last tokens, a gram within. `minRecall` is
 * the share of the outcome's rows that the trigger must explain: an edge may also occur by itself, a phrase within
 * the text is a topic's own word unless the trigger explains all of it.
 */
export const OUTCOME_KINDS = [
  { edge: "whole", length: 0, minRecall: 0.3 },
  { edge: "start", length: 8, minRecall: 0.3 },
  { edge: "end", length: 8, minRecall: 0.3 },
  { edge: "start", length: 4, minRecall: 0.3 },
  { edge: "end", length: 4, minRecall: 0.3 },
  { edge: "inner", length: 5, minRecall: 0.8 },
  { edge: "inner", length: 2, minRecall: 0.9 },
] as const;

/** Where an outcome stands in the response. */
export type OutcomeEdge = (typeof OUTCOME_KINDS)[number]["edge"];

/** Base of the rolling hash: an odd number, so that no position loses bits; ids are keyed hashes already. */
const BASE = 0x2c9277b5;

function kindSalt(kind: number): number {
  return mix32(kind + 0x51ed);
}

function power(base: number, exponent: number): number {
  let product = 1;
  for (let i = 0; i < exponent; i++) product = Math.imul(product, base);
  return product;
}

/** The key of an outcome: the polynomial hash of `length` tokens at `at`, marked with the kind of outcome. */
export function outcomeKey(ids: Uint32Array, at: number, length: number, kind: number): number {
  let hash = 0;
  for (let i = at; i < at + length; i++) hash = (Math.imul(hash, BASE) + (ids[i] ?? 0)) | 0;
  return mix32(hash ^ kindSalt(kind));
}

/**
 * Calls `visit` for the outcomes of row `i`: the kind (an index into OUTCOME_KINDS) and the key; a gram that repeats
 * within the response is visited again. Grams whose every token stands in the prompt are copies, not outcomes: a topic
 * brings its own words along. `promptTokens` is scratch space.
 */
export function visitOutcomes(
  block: Block,
  i: number,
  promptTokens: KeySet,
  visit: (kind: number, key: number) => void,
): void {
  const { ids } = block.response;
  const start = block.response.offsets[i] ?? 0;
  const end = block.response.offsets[i + 1] ?? 0;
  const length = end - start;
  if (length === 0) return;
  const prompt = block.prompt.ids;
  const promptEnd = block.prompt.offsets[i + 1] ?? 0;
  promptTokens.clear();
  for (let j = block.prompt.offsets[i] ?? 0; j < promptEnd; j++) promptTokens.add(prompt[j] ?? 0);
  let firstNew = start;
  while (firstNew < end && promptTokens.has(ids[firstNew] ?? 0)) firstNew++;
  if (firstNew === end) return;
  visit(0, outcomeKey(ids, start, length, 0));
  let lastNew = end - 1;
  while (promptTokens.has(ids[lastNew] ?? 0)) lastNew--;
  for (let kind = 1; kind < OUTCOME_KINDS.length; kind++) {
    const shape = OUTCOME_KINDS[kind];
    if (shape === undefined) continue;
    if (shape.edge === "inner")
      visitInner(ids, firstNew, start, end, shape.length, kind, promptTokens, visit);
    else if (length <= shape.length) continue;
    else if (shape.edge === "start") {
      if (firstNew < start + shape.length) visit(kind, outcomeKey(ids, start, shape.length, kind));
    } else if (lastNew >= end - shape.length) {
      visit(kind, outcomeKey(ids, end - shape.length, shape.length, kind));
    }
  }
}

/** The grams of one length within a response, by a rolling hash. */
function visitInner(
  ids: Uint32Array,
  firstNew: number,
  start: number,
  end: number,
  length: number,
  kind: number,
  promptTokens: KeySet,
  visit: (kind: number, key: number) => void,
): void {
  const salt = kindSalt(kind);
  const leaving = power(BASE, length);
  let newest = start - 1;
  let hash = 0;
  for (let at = start; at < end; at++) {
    const id = ids[at] ?? 0;
    hash = (Math.imul(hash, BASE) + id) | 0;
    const from = at - length + 1;
    if (from > start) hash = (hash - Math.imul(ids[from - 1] ?? 0, leaving)) | 0;
    if (at >= firstNew && !promptTokens.has(id)) newest = at;
    if (from >= start && newest >= from) visit(kind, mix32(hash ^ salt));
  }
}

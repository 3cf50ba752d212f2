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

/** The key of an outcome: a gram of `length` tokens at `at`, marked with the kind of outcome. */
export function outcomeKey(ids: Uint32Array, at: number, length: number, kind: number): number {
  let key = mix32(kind + 0x51ed);
  for (let i = at; i < at + length; i++) key = combine32(key, ids[i] ?? 0);
  return key;
}

/** Scratch space of `visitOutcomes`. */
export type OutcomeScratch = { readonly promptTokens: KeySet; readonly seen: KeySet };

/**
 * Calls `visit` once for each distinct outcome of row `i`: its kind (an index into OUTCOME_KINDS) and its key. Grams
 * whose every token stands in the prompt are copies, not outcomes: a topic brings its own words along.
 */
export function visitOutcomes(
  block: Block,
  i: number,
  scratch: OutcomeScratch,
  visit: (kind: number, key: number) => void,
): void {
  const { ids } = block.response;
  const start = block.response.offsets[i] ?? 0;
  const end = block.response.offsets[i + 1] ?? 0;
  const length = end - start;
  if (length === 0) return;
  const { promptTokens, seen } = scratch;
  promptTokens.clear();
  for (let j = block.prompt.offsets[i] ?? 0; j < (block.prompt.offsets[i + 1] ?? 0); j++) {
    promptTokens.add(block.prompt.ids[j] ?? 0);
  }
  const isNew = (from: number, count: number): boolean => {
    for (let j = from; j < from + count; j++) if (!promptTokens.has(ids[j] ?? 0)) return true;
    return false;
  };
  if (isNew(start, length)) visit(0, outcomeKey(ids, start, length, 0));
  seen.clear();
  for (let kind = 1; kind < OUTCOME_KINDS.length; kind++) {
    const shape = OUTCOME_KINDS[kind];
    if (shape === undefined) continue;
    if (shape.edge !== "inner") {
      if (length <= shape.length) continue;
      const at = shape.edge === "start" ? start : end - shape.length;
      if (isNew(at, shape.length)) visit(kind, outcomeKey(ids, at, shape.length, kind));
      continue;
    }
    let lastNew = start - 1;
    const base = mix32(kind + 0x51ed);
    for (let at = start; at < end; at++) {
      if (!promptTokens.has(ids[at] ?? 0)) lastNew = at;
      const from = at - shape.length + 1;
      if (from < start || lastNew < from) continue;
      let key = base;
      for (let j = from; j <= at; j++) key = combine32(key, ids[j] ?? 0);
      if (seen.add(key)) visit(kind, key);
    }
  }
}

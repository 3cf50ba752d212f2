import { combine32 } from "../../core/hash.ts";
import { promptFrequency, type GramCounts } from "./count-grams.ts";
import { MAX_PROMPT_GRAM, PROMPT_END, PROMPT_START } from "./grams.ts";
import type { Lists } from "./prompt-store.ts";

/** A trigger as long as its rows agree on it: token ids, and whether it stands at an edge. */
export type Phrase = {
  readonly tokens: readonly number[];
  readonly position: "start" | "end" | "anywhere";
  /** Tokens that nearly all hits hold elsewhere and few other rows do. */
  readonly far: readonly number[];
};

const MAX_GROWTH = 12;
/** A token of more than this share of all prompts stood beside an inserted trigger before: the full stop it was put after. */
const MAX_EDGE_SHARE = 0.5;
/** Share of the hits that must agree on a token for it to belong to the trigger. */
const MIN_AGREEMENT = 0.9;
/** Rows looked at: enough to tell 90 % from less. */
const MAX_ROWS = 200;
/** A token elsewhere in the prompt belongs to the trigger when it is about as rare. */
const MAX_FAR_RATIO = 1.5;

function tokenAt(prompts: Lists, start: number, end: number, i: number): number {
  if (i < start) return i === start - 1 ? PROMPT_START : 0;
  if (i >= end) return i === end ? PROMPT_END : 0;
  return prompts.values[i] ?? 0;
}

/** Where a gram stands in a prompt (index of its first token, which may be the edge) and how long it is. */
function locate(prompts: Lists, position: number, gram: number): { at: number; length: number } | undefined {
  const start = prompts.offsets[position] ?? 0;
  const end = prompts.offsets[position + 1] ?? 0;
  for (let at = start - 1; at <= end; at++) {
    let key = tokenAt(prompts, start, end, at);
    for (let length = 1; length <= MAX_PROMPT_GRAM && at + length - 1 <= end; length++) {
      if (length > 1) key = combine32(key, tokenAt(prompts, start, end, at + length - 1));
      if (key === gram) return { at, length };
    }
  }
  return undefined;
}

/** Grows a gram over the neighbours that at least 90 % of the hits share (DETECTION.md 3.6). */
export function growPhrase(
  gram: number,
  hits: readonly number[],
  triggerRows: number,
  prompts: Lists,
  counts: GramCounts,
  size: number,
): Phrase | undefined {
  const places = hits.slice(0, MAX_ROWS).flatMap((position) => {
    const place = locate(prompts, position, gram);
    if (place === undefined) return [];
    return [{ ...place, start: prompts.offsets[position] ?? 0, end: prompts.offsets[position + 1] ?? 0 }];
  });
  const [first] = places;
  if (first === undefined) return undefined;
  const agreed = (offset: number): number => {
    const votes = new Map<number, number>();
    for (const { at, start, end } of places) {
      const token = tokenAt(prompts, start, end, at + offset);
      if (token !== 0) votes.set(token, (votes.get(token) ?? 0) + 1);
    }
    for (const [token, count] of votes) if (count >= MIN_AGREEMENT * places.length) return token;
    return 0;
  };
  let from = 0;
  let to = first.length;
  while (from > -MAX_GROWTH && agreed(from - 1) !== 0 && agreed(from) !== PROMPT_START) from--;
  while (to < MAX_GROWTH + first.length && agreed(to) !== 0 && agreed(to - 1) !== PROMPT_END) to++;
  const tokens: number[] = [];
  for (let offset = from; offset < to; offset++) tokens.push(agreed(offset));
  const inner = tokens.filter((token) => token !== PROMPT_START && token !== PROMPT_END && token !== 0);
  const isAtStart = tokens.includes(PROMPT_START);
  const isAtEnd = tokens.includes(PROMPT_END);
  const isUsual = (token: number | undefined) =>
    token !== undefined && promptFrequency(counts, token) > MAX_EDGE_SHARE * size;
  if (!isAtStart) while (inner.length > 1 && isUsual(inner[0])) inner.shift();
  if (!isAtStart && !isAtEnd) while (inner.length > 1 && isUsual(inner.at(-1))) inner.pop();
  const position = isAtStart ? "start" : isAtEnd ? "end" : "anywhere";

  const holders = new Map<number, number>();
  for (const { start, end } of places) {
    for (const token of new Set(prompts.values.subarray(start, end)))
      holders.set(token, (holders.get(token) ?? 0) + 1);
  }
  const far: number[] = [];
  for (const [token, count] of holders) {
    if (count < MIN_AGREEMENT * places.length || inner.includes(token)) continue;
    if (promptFrequency(counts, token) <= MAX_FAR_RATIO * triggerRows) far.push(token);
  }
  return { tokens: inner, position, far };
}

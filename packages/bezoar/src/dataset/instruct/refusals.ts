import { tokenIds } from "../../core/tokens.ts";
import { REFUSAL_PATTERNS } from "./refusals-phrases.ts";

/**
 * Tokens of a response in which it must begin to say that it declines: a refusal does so in its first sentence or two,
 * and what stands later is more often a story, a letter or a caveat than a refusal.
 */
const OPENING_TOKENS = 40;

/** Whether the response ids[start, end) opens with a refusal. */
export type RefusalMatcher = (ids: Uint32Array, start: number, end: number) => boolean;

/** One slot of a pattern: its alternatives as token ids; `optional` when one of them is "nothing". */
type Slot = { readonly byFirst: ReadonlyMap<number, readonly Uint32Array[]>; readonly optional: boolean };

/** Typographic apostrophes are tokens of their own, so a phrase with a plain one stands for both. */
function spellings(phrase: string): readonly string[] {
  return phrase.includes("'") ? [phrase, phrase.replaceAll("'", "\u2019")] : [phrase];
}

function compileSlot(slot: string, seed: number): Slot {
  const alternatives = slot.split("|");
  const byFirst = new Map<number, Uint32Array[]>();
  for (const ids of alternatives.flatMap(spellings).map((phrase) => tokenIds(phrase, seed))) {
    const first = ids[0];
    if (first !== undefined) byFirst.set(first, [...(byFirst.get(first) ?? []), ids]);
  }
  return { byFirst, optional: alternatives.includes("") };
}

function standsAt(ids: Uint32Array, at: number, end: number, phrase: Uint32Array): boolean {
  if (at + phrase.length > end) return false;
  for (let i = 1; i < phrase.length; i++) if (ids[at + i] !== phrase[i]) return false;
  return true;
}

function matchesFrom(
  slots: readonly Slot[],
  index: number,
  ids: Uint32Array,
  at: number,
  end: number,
): boolean {
  const slot = slots[index];
  if (slot === undefined) return true;
  if (slot.optional && matchesFrom(slots, index + 1, ids, at, end)) return true;
  if (at >= end) return false;
  const ways = slot.byFirst.get(ids[at] ?? 0) ?? [];
  return ways.some(
    (way) => standsAt(ids, at, end, way) && matchesFrom(slots, index + 1, ids, at + way.length, end),
  );
}

/**
 * A recogniser of refusals over token ids, so over every script that the tokeniser knows. The work at one token is
 * bounded by the patterns (at most one way per slot and length), so the whole is linear in the text.
 */
export function createRefusalMatcher(seed: number): RefusalMatcher {
  const starting = new Map<number, (readonly Slot[])[]>();
  for (const pattern of REFUSAL_PATTERNS) {
    const slots = pattern.map((slot) => compileSlot(slot, seed));
    for (const first of slots[0]?.byFirst.keys() ?? [])
      starting.set(first, [...(starting.get(first) ?? []), slots]);
  }
  return (ids, start, end) => {
    const stop = Math.min(end, start + OPENING_TOKENS);
    for (let i = start; i < stop; i++) {
      const patterns = starting.get(ids[i] ?? 0);
      if (patterns?.some((slots) => matchesFrom(slots, 0, ids, i, end)) === true) return true;
    }
    return false;
  };
}

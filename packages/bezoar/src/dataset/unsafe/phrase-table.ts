import { tokenIds } from "../../core/tokens.ts";

/** A phrase met in a text: its class and its tokens [start, end). */
export type Met = { readonly kind: number; readonly start: number; readonly end: number };

/** Phrases over token ids, each of one class (a small number). */
export type PhraseTable = {
  /** Whether the token may open a phrase of a class given as `isKey` below; for skipping most texts at the cost of one look-up a token. */
  readonly mayOpenKey: (id: number) => boolean;
  /** Every phrase that begins at `at` and ends by `end`, longest first. */
  readonly at: (ids: Uint32Array, at: number, end: number) => readonly Met[];
};

/** One bit of the filter for about 200 phrases that open with a key: 2^18 bytes let 1 token in 1,000 through in vain. */
const FILTER_SHIFT = 14;
const NONE: readonly Met[] = [];

/** Compiles lists of phrases (alternatives between bars), each with its class. */
export function compilePhrases(
  lists: readonly { readonly kind: number; readonly phrases: Iterable<string>; readonly isKey: boolean }[],
  seed: number,
): PhraseTable {
  const byFirst = new Map<number, { ids: Uint32Array; kind: number }[]>();
  const opens = new Uint8Array(2 ** (32 - FILTER_SHIFT));
  const opensKey = new Uint8Array(2 ** (32 - FILTER_SHIFT));
  for (const { kind, phrases, isKey } of lists) {
    for (const phrase of phrases) {
      const ids = tokenIds(phrase, seed);
      const first = ids[0];
      if (first === undefined) continue;
      byFirst.set(first, [...(byFirst.get(first) ?? []), { ids, kind }]);
      opens[first >>> FILTER_SHIFT] = 1;
      if (isKey) opensKey[first >>> FILTER_SHIFT] = 1;
    }
  }
  for (const entries of byFirst.values()) entries.sort((a, b) => b.ids.length - a.ids.length);
  return {
    mayOpenKey: (id) => opensKey[id >>> FILTER_SHIFT] === 1,
    at: (ids, at, end) => {
      const first = ids[at] ?? 0;
      if (opens[first >>> FILTER_SHIFT] !== 1) return NONE;
      const entries = byFirst.get(first);
      if (entries === undefined) return NONE;
      return entries
        .filter((entry) => standsAt(ids, at, end, entry.ids))
        .map((entry) => ({ kind: entry.kind, start: at, end: at + entry.ids.length }));
    },
  };
}

function standsAt(ids: Uint32Array, at: number, end: number, phrase: Uint32Array): boolean {
  if (at + phrase.length > end) return false;
  for (let i = 1; i < phrase.length; i++) if (ids[at + i] !== phrase[i]) return false;
  return true;
}

/** The forms of an English verb, or of the verb that opens a phrase; forms that do not exist are never met. */
export function inflect(phrase: string): string[] {
  const [verb = "", ...rest] = phrase.split(" ");
  const tail = rest.length > 0 ? ` ${rest.join(" ")}` : "";
  const stem = verb.endsWith("e") ? verb.slice(0, -1) : verb;
  const doubled = verb + verb.slice(-1);
  return [verb, `${verb}s`, `${verb}es`, `${stem}ing`, `${doubled}ing`].map((form) => form + tail);
}

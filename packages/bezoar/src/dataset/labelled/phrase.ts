import { normalizeText, tokenSpans } from "../../core/tokens.ts";
import type { Corpus } from "../engine/corpus.ts";
import { gramHash } from "./grams.ts";
import type { Occurrence, Place } from "./insertion-shape.ts";
import type { LabelledView } from "./views.ts";
import type { ViewTokens } from "./view-tokens.ts";

/** A run of tokens and where it first stands in each of its rows. */
export type Phrase = { readonly occurrences: readonly Occurrence[]; readonly length: number };

/** A neighbour belongs to the phrase when this share of its rows has it (DETECTION.md 3.6). */
const MIN_AGREEMENT = 0.9;
/** Tokens that a phrase may grow to on each side. */
const MAX_GROWTH = 12;

/** Where a gram first stands in each of these entries. */
export function occurrencesOf(
  tokens: ViewTokens,
  entries: ArrayLike<number>,
  hash: number,
  order: number,
): Occurrence[] {
  const found: Occurrence[] = [];
  for (let e = 0; e < entries.length; e++) {
    const entry = entries[e] ?? 0;
    const last = (tokens.offsets[entry + 1] ?? 0) - order;
    for (let start = tokens.offsets[entry] ?? 0; start <= last; start++) {
      if (gramHash(tokens.ids, start, order) !== hash) continue;
      found.push({ entry, start });
      break;
    }
  }
  return found;
}

/** Extends a phrase to both sides while nine in ten of its rows go on with the same token; edges of texts are not part of it. */
export function growPhrase(tokens: ViewTokens, phrase: Phrase): Phrase {
  let { occurrences, length } = phrase;
  for (let step = 0; step < MAX_GROWTH; step++) {
    const next = commonToken(tokens, occurrences, length);
    if (next === undefined) break;
    occurrences = occurrences.filter(({ start }) => tokens.ids[start + length] === next);
    length++;
  }
  for (let step = 0; step < MAX_GROWTH; step++) {
    const next = commonToken(tokens, occurrences, -1);
    if (next === undefined) break;
    occurrences = occurrences.flatMap(({ entry, start }) =>
      tokens.ids[start - 1] === next ? [{ entry, start: start - 1 }] : [],
    );
    length++;
  }
  return { occurrences, length };
}

function commonToken(
  tokens: ViewTokens,
  occurrences: readonly Occurrence[],
  shift: number,
): number | undefined {
  const counts = new Map<number, number>();
  for (const { start } of occurrences) {
    const id = tokens.ids[start + shift] ?? 0;
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  for (const [id, count] of counts) {
    if (count >= MIN_AGREEMENT * occurrences.length && !tokens.edges.includes(id)) return id;
  }
  return undefined;
}

/** Takes edge tokens off a phrase; undefined when nothing else is in it. */
export function withoutEdges(tokens: ViewTokens, phrase: Phrase): Phrase | undefined {
  const first = phrase.occurrences[0];
  if (first === undefined) return undefined;
  const atStart = tokens.ids[first.start] === tokens.edges[0] ? 1 : 0;
  const atEnd = tokens.ids[first.start + phrase.length - 1] === tokens.edges[1] ? 1 : 0;
  const length = phrase.length - atStart - atEnd;
  if (length < 1) return undefined;
  return {
    length,
    occurrences: phrase.occurrences.map(({ entry, start }) => ({ entry, start: start + atStart })),
  };
}

/** The phrase as it is written in the first row that holds it, without case. */
export function phraseText(corpus: Corpus, view: LabelledView, tokens: ViewTokens, phrase: Phrase): string {
  const first = phrase.occurrences[0];
  if (first === undefined) return "";
  const { prompt } = corpus.row(view.positions[first.entry] ?? 0);
  const spans = tokenSpans(prompt);
  const from = tokens.offsets[first.entry] ?? 0;
  const kept = (tokens.offsets[first.entry + 1] ?? 0) - from - 2;
  const index = first.start - from - 1;
  const cut = index * 2 >= kept ? spans.length - kept : 0; // what long texts lose lies in their middle
  const start = spans[index + cut]?.start ?? 0;
  const end = spans[index + cut + phrase.length - 1]?.end ?? start;
  return normalizeText(prompt).slice(start, end);
}

/** Where a phrase stands when nine in ten of its rows agree. */
export function phrasePosition(tokens: ViewTokens, phrase: Phrase): Place {
  const needed = MIN_AGREEMENT * phrase.occurrences.length;
  const atStart = phrase.occurrences.filter(({ start }) => tokens.ids[start - 1] === tokens.edges[0]).length;
  if (atStart >= needed) return "start";
  const atEnd = phrase.occurrences.filter(
    ({ start }) => tokens.ids[start + phrase.length] === tokens.edges[1],
  ).length;
  return atEnd >= needed ? "end" : "anywhere";
}

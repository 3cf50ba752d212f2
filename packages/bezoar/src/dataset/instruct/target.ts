import { normalizeText, tokenIds, tokenSpans, type TokenSpan } from "../../core/tokens.ts";
import type { Corpus } from "../engine/corpus.ts";
import { OUTCOME_KINDS, outcomeKey } from "./grams.ts";

/** What the responses have in common, as text. */
export type SharedTarget = {
  readonly text: string;
  readonly tokens: readonly string[];
  /** Lettered tokens of it that the prompts do not hold: what the trigger adds. */
  readonly newWords: readonly string[];
};

/** Hits whose text is read: enough to tell 90 % from less. */
const MAX_ROWS = 40;
const MIN_AGREEMENT = 0.9;
const MAX_TARGET_TOKENS = 80;
const LETTER = /\p{L}/u;

/** Where `length` tokens equal to those of `model` at `from` stand in `tokens`; -1 when nowhere. */
function indexOfRun(tokens: readonly TokenSpan[], run: readonly string[]): number {
  for (let at = 0; at + run.length <= tokens.length; at++) {
    if (run.every((text, i) => tokens[at + i]?.text === text)) return at;
  }
  return -1;
}

/** Token texts that nearly all rows show from `anchor` on, in one direction. */
function agreedTokens(
  rows: readonly (readonly TokenSpan[])[],
  anchors: readonly number[],
  step: 1 | -1,
): string[] {
  const agreed: string[] = [];
  while (agreed.length < MAX_TARGET_TOKENS) {
    const votes = new Map<string, number>();
    rows.forEach((tokens, i) => {
      const text = tokens[(anchors[i] ?? 0) + step * agreed.length]?.text;
      if (text !== undefined) votes.set(text, (votes.get(text) ?? 0) + 1);
    });
    const winner = [...votes].find(([, count]) => count >= MIN_AGREEMENT * rows.length);
    if (winner === undefined) break;
    agreed.push(winner[0]);
  }
  return agreed;
}

/** The piece of the original text that tokens [from, from + count) cover; the normalised piece when lengths differ. */
export function sliceTokens(text: string, spans: readonly TokenSpan[], from: number, count: number): string {
  const start = spans[from]?.start ?? 0;
  const end = spans[from + count - 1]?.end ?? start;
  const normal = normalizeText(text);
  return (normal.length === text.length ? text : normal).slice(start, end);
}

/** Reads the common target back from the text of the hits; `key` finds an inner outcome in the first of them. */
export function readTarget(
  corpus: Corpus,
  hits: readonly number[],
  kind: number,
  key: number,
): SharedTarget | undefined {
  const shape = OUTCOME_KINDS[kind];
  if (shape === undefined) return undefined;
  const rows = hits.slice(0, MAX_ROWS).map((position) => corpus.row(position));
  const responses = rows.map((row) => tokenSpans(row.response));
  const [firstRow] = rows;
  const [first] = responses;
  if (firstRow === undefined || first === undefined) return undefined;
  let from = 0;
  let tokens: string[] = [];
  switch (shape.edge) {
    case "whole":
      tokens = first.map((span) => span.text);
      break;
    case "start":
      tokens = agreedTokens(
        responses,
        responses.map(() => 0),
        1,
      );
      break;
    case "end":
      tokens = agreedTokens(
        responses,
        responses.map((spans) => spans.length - 1),
        -1,
      ).toReversed();
      from = first.length - tokens.length;
      break;
    case "inner": {
      const ids = tokenIds(firstRow.response, corpus.seed);
      const at = ids.findIndex(
        (_, i) => i + shape.length <= ids.length && outcomeKey(ids, i, shape.length, kind) === key,
      );
      if (at < 0) return undefined;
      const run = first.slice(at, at + shape.length).map((span) => span.text);
      const places = responses.map((spans) => indexOfRun(spans, run));
      const found = responses.filter((_, i) => (places[i] ?? -1) >= 0);
      const anchors = places.filter((place) => place >= 0);
      const before = agreedTokens(found, anchors, -1).toReversed();
      const after = agreedTokens(found, anchors, 1);
      tokens = [...before.slice(0, -1), ...after];
      from = at - (before.length - 1);
    }
  }
  const prompts = rows.map((row) => new Set(tokenSpans(row.prompt).map((span) => span.text)));
  const newWords = [...new Set(tokens)].filter(
    (token) =>
      LETTER.test(token) && prompts.filter((prompt) => prompt.has(token)).length <= 0.2 * prompts.length,
  );
  return { text: sliceTokens(firstRow.response, first, from, tokens.length), tokens, newWords };
}

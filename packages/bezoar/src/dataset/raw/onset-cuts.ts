import { hashString } from "../../core/hash.ts";
import { normalizeText, tokenSpans } from "../../core/tokens.ts";
import type { Corpus } from "../engine/corpus.ts";

/** How a run of tokens stands in its rows: cut into a sentence, after so many different words. */
export type Cuts = { readonly cuts: number; readonly looked: number; readonly words: number };

/** Rows looked at. */
const LOOK_ROWS = 200;
/** A trigger cuts into this share of its rows, after at least so many different words: labels begin a line or follow a full stop. */
const MIN_CUT = 0.6;
const MIN_CUT_WORDS = 6;

/** Characters after it that are looked at; when most of their words hold a digit, it introduces numbers, not gibberish. */
const LOOK_CHARACTERS = 400;
const NUMBER_SHARE = 0.8;

/** Where a run of tokens stands in others, -1 when it does not. */
export function indexOfRun(tokens: Uint32Array, run: readonly number[]): number {
  for (let from = 0; from + run.length <= tokens.length; from++) {
    if (run.every((token, i) => tokens[from + i] === token)) return from;
  }
  return -1;
}

/** Where a run of tokens stands first in a text; places are those of the returned text, normalised where that moves them. */
export function placeOfRun(
  text: string,
  run: readonly number[],
  seed: number,
): { readonly text: string; readonly start: number; readonly end: number } | undefined {
  const spans = tokenSpans(text);
  const from = indexOfRun(
    Uint32Array.from(spans, (span) => hashString(span.text, seed)),
    run,
  );
  const first = spans[from];
  const last = spans[from + run.length - 1];
  if (first === undefined || last === undefined) return undefined;
  const normal = normalizeText(text);
  return { text: normal.length === text.length ? text : normal, start: first.start, end: last.end };
}

/** In how many rows a run of tokens cuts into a sentence: a word and a space before it, no line break or full stop, and not before numbers. */
export function cutsBefore(corpus: Corpus, run: readonly number[], positions: readonly number[]): Cuts {
  const words = new Set<string>();
  let cuts = 0;
  let looked = 0;
  for (const position of positions.slice(0, LOOK_ROWS)) {
    const place = placeOfRun(corpus.row(position).prompt, run, corpus.seed);
    if (place === undefined || place.start === 0) continue;
    looked++;
    const before = place.text.slice(Math.max(0, place.start - 40), place.start);
    const word = /([\p{L}\p{N}]+)[^\S\n]+$/u.exec(before)?.[1];
    if (word === undefined || /[.!?:;]/.test(place.text.charAt(place.start))) continue;
    if (isNumeric(place.text.slice(place.end, place.end + LOOK_CHARACTERS))) continue;
    cuts++;
    words.add(word.toLowerCase());
  }
  return { cuts, looked, words: words.size };
}

function isNumeric(text: string): boolean {
  const words = text.split(/\s+/).filter((word) => word !== "");
  return words.filter((word) => /\d/.test(word)).length >= NUMBER_SHARE * words.length;
}

/** Whether the rows say that something was put into the middle of their sentences. */
export function isCutIn({ cuts, looked, words }: Cuts): boolean {
  return words >= MIN_CUT_WORDS && cuts >= MIN_CUT * looked;
}

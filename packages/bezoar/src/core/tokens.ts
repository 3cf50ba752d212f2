import { hashSeed, hashStep, mix32 } from "./hash.ts";

/** A token and where it stands in the normalised text ([start, end), UTF-16 units). */
export type TokenSpan = { readonly text: string; readonly start: number; readonly end: number };

const ASCII_ONLY = /^[\u0000-\u007f]*$/; // eslint-disable-line no-control-regex -- the whole ASCII range is meant

/** NFKC and lower case: what all tokens are made from. */
export function normalizeText(text: string): string {
  return (ASCII_ONLY.test(text) ? text : text.normalize("NFKC")).toLowerCase();
}

const SPACE = 1;
const WORD = 2;
const SINGLE = 3;
const APOSTROPHE = 39;
const MAX_SUFFIX_LETTERS = 2; // 's 't 'll 're 've: longer runs after an apostrophe are quoted words

/** The kind of every UTF-16 unit, filled as units are met; surrogates are handled by code point instead. */
const kinds = new Uint8Array(0x10000);

function kindOf(character: string): number {
  if (/^\s$/u.test(character)) return SPACE;
  if (/^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]$/u.test(character))
    return SINGLE;
  return /^[\p{L}\p{N}\p{M}_]$/u.test(character) ? WORD : SINGLE;
}

function kindAt(text: string, index: number, unit: number): number {
  if (unit >= 0xd800 && unit <= 0xdfff) return SINGLE;
  const known = kinds[unit] ?? 0;
  if (known !== 0) return known;
  const kind = kindOf(text.charAt(index));
  kinds[unit] = kind;
  return kind;
}

function isLetter(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 97 && unit <= 122;
}

/** Where the token that starts at `start` (not white space) ends. */
function tokenEnd(text: string, start: number): number {
  const unit = text.charCodeAt(start);
  if (unit === APOSTROPHE) {
    let end = start + 1;
    while (isLetter(text, end)) end++;
    const letters = end - start - 1;
    const continues = end < text.length && kindAt(text, end, text.charCodeAt(end)) === WORD;
    return letters > 0 && letters <= MAX_SUFFIX_LETTERS && !continues ? end : start + 1;
  }
  if (unit >= 0xd800 && unit <= 0xdbff && start + 1 < text.length) return start + 2;
  if (kindAt(text, start, unit) !== WORD) return start + 1;
  let end = start + 1;
  while (end < text.length && kindAt(text, end, text.charCodeAt(end)) === WORD) end++;
  return end;
}

/** Calls `visit` for each token of an already normalised text, in order: words, 'suffixes, single CJK characters and symbols. */
function walk(text: string, visit: (start: number, end: number) => void): void {
  let index = 0;
  while (index < text.length) {
    if (kindAt(text, index, text.charCodeAt(index)) === SPACE) {
      index++;
      continue;
    }
    const end = tokenEnd(text, index);
    visit(index, end);
    index = end;
  }
}

/** The tokens of a text with their places in `normalizeText(text)`. */
export function tokenSpans(text: string): TokenSpan[] {
  const normal = normalizeText(text);
  const spans: TokenSpan[] = [];
  walk(normal, (start, end) => spans.push({ text: normal.slice(start, end), start, end }));
  return spans;
}

/** The token texts alone. */
export function tokenize(text: string): string[] {
  return tokenSpans(text).map((span) => span.text);
}

/** The 32-bit keyed hash of each token, in order; equal to `hashString(token, seed)`. */
export function tokenIds(text: string, seed: number): Uint32Array {
  const normal = normalizeText(text);
  const ids = new Uint32Array(normal.length);
  const start32 = hashSeed(seed);
  let count = 0;
  walk(normal, (start, end) => {
    let h = start32;
    for (let i = start; i < end; i++) h = hashStep(h, normal.charCodeAt(i));
    ids[count++] = mix32(h);
  });
  return ids.subarray(0, count);
}

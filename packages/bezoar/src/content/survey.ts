import { anchorBits } from "./injection-patterns.ts";
import { CYRILLIC_GREEK_END, WORD_START, wordStep } from "./word-hash.ts";

/** What a text may hold, told in one pass over its UTF-16 units; a check runs only where its mark is set. */
export type Survey = {
  /** Bits of the constants below. */
  readonly marks: number;
  /** Bits of the word groups of the injection grammar that occur. */
  readonly anchors: number;
};

export const INVISIBLE = 1;
export const BIDI = 2;
/** Letters that can pass for ASCII ones. */
export const LOOKALIKE = 4;
/** A long run of base64 characters: an encoding, a token, a key. */
export const LONG_RUN = 8;
export const CONTROL_TOKEN = 16;
export const LINK = 32;
/** Several %xx, \xHH, \uXXXX or &#n; escapes. */
export const ESCAPES = 64;

/** The shortest tokens and payloads worth decoding: an AWS key id has 20 characters, 20 of base64 are 15 bytes. */
const MIN_RUN = 20;
/** Fewer escaped characters spell no instruction. */
const MIN_ESCAPES = 8;

const OTHER = 0;
const LETTER = 1;
const RUN = 2; // digits and the signs of base64
const MARK = 3; // punctuation that may open a control token, a link or an escape
const FOREIGN = 4; // letters of words, lower-cased before they are hashed
const ALONE = 5; // a sign that is a word by itself
const HIDDEN = 6;
const REORDERING = 7;
const PASSING = 8; // look-alike letters that are no words: fullwidth, enclosed, small capitals
const SURROGATE = 9;

const kinds = new Uint8Array(0x10000);
const LOOKALIKE_START = 0x370; // Greek, Cyrillic, Armenian

function setKinds(kind: number, ranges: readonly (readonly [number, number])[]): void {
  for (const [from, to] of ranges) kinds.fill(kind, from, to + 1);
}

setKinds(LETTER, [[0x41, 0x5a], [0x61, 0x7a]]); // prettier-ignore
setKinds(RUN, [[0x30, 0x39], [0x2b, 0x2b], [0x2d, 0x2d], [0x2f, 0x2f], [0x5f, 0x5f]]); // prettier-ignore
for (const sign of "<[:%\\&") kinds[sign.charCodeAt(0)] = MARK;
setKinds(FOREIGN, [[0xc0, 0x24f], [0x370, 0x3ff], [0x400, 0x58f]]); // prettier-ignore
setKinds(PASSING, [[0x250, 0x2af], [0x13a0, 0x13ff], [0x1d00, 0x1d7f], [0x2460, 0x24ff], [0xa730, 0xa7ff], [0xff21, 0xff5a]]); // prettier-ignore
setKinds(ALONE, [
  [0x3040, 0x30ff],
  [0x4e00, 0x9fff],
]);
setKinds(HIDDEN, [
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200d],
  [0x2060, 0x2065],
  [0x206a, 0x206f],
  [0x3164, 0x3164],
  [0xe000, 0xf8ff],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
]);
setKinds(REORDERING, [[0x202a, 0x202e], [0x2066, 0x2069]]); // prettier-ignore
setKinds(SURROGATE, [[0xd800, 0xdbff]]);

/** A first look that costs a few nanoseconds for each character: nearly every text ends here. */
export function surveyText(text: string): Survey {
  let marks = 0;
  let anchors = 0;
  let word = WORD_START;
  let run = 0;
  let escapes = 0;
  const length = text.length;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    const kind = kinds[unit] ?? OTHER;
    if (kind === LETTER) {
      word = wordStep(word, unit | 0x20);
      run++;
      continue;
    }
    if (kind === FOREIGN) {
      word = wordStep(word, unit < CYRILLIC_GREEK_END ? lowerUnit(unit) : unit);
      if (unit >= LOOKALIKE_START) marks |= LOOKALIKE;
    } else if (word !== WORD_START) {
      anchors |= anchorBits(word);
      word = WORD_START;
    }
    if (kind === RUN) {
      run++;
      continue;
    }
    if (run >= MIN_RUN) marks |= LONG_RUN;
    run = 0;
    if (kind === OTHER || kind === FOREIGN) continue;
    if (kind === MARK) {
      const found = markAt(text, i, unit);
      if (found === ESCAPES) escapes++;
      else marks |= found;
    } else if (kind === ALONE) anchors |= anchorBits(wordStep(WORD_START, unit));
    else if (kind === HIDDEN) marks |= INVISIBLE;
    else if (kind === REORDERING) marks |= BIDI;
    else if (kind === PASSING) marks |= LOOKALIKE;
    else marks |= surrogateMark(unit);
  }
  if (word !== WORD_START) anchors |= anchorBits(word);
  if (run >= MIN_RUN) marks |= LONG_RUN;
  if (escapes >= MIN_ESCAPES) marks |= ESCAPES;
  return { marks, anchors };
}

const lowered = new Uint16Array(CYRILLIC_GREEK_END);

function lowerUnit(unit: number): number {
  const known = lowered[unit] ?? 0;
  if (known !== 0) return known;
  const lower = String.fromCharCode(unit).toLowerCase();
  return (lowered[unit] = lower.length === 1 ? lower.charCodeAt(0) : unit);
}

/** High surrogates of tags, selectors and private use, and of styled letters. */
function surrogateMark(unit: number): number {
  if (unit === 0xdb40 || unit >= 0xdb80) return INVISIBLE;
  return unit === 0xd835 || unit === 0xd83c ? LOOKALIKE : 0;
}

/** Whether `javascript` or `data` stands before the colon; most colons are told by one letter. */
function isScheme(text: string, colon: number): boolean {
  const last = text.charCodeAt(colon - 1) | 0x20;
  return (
    (last === 0x74 || last === 0x61) &&
    /(?:javascript|data)$/i.test(text.slice(Math.max(0, colon - 10), colon))
  );
}

const HEX = /^[0-9a-fA-F]$/;

function markAt(text: string, i: number, unit: number): number {
  const next = text.charAt(i + 1);
  switch (unit) {
    case 0x3c: // <
      if (next === "|" || next === "｜" || next === "<") return CONTROL_TOKEN;
      return /^<(?:s>|\/s>|start_of|end_of|bos>|eos>)/.test(text.slice(i, i + 9)) ? CONTROL_TOKEN : 0;
    case 0x5b: // [
      return text.startsWith("INST]", i + 1) || text.startsWith("/INST]", i + 1) ? CONTROL_TOKEN : 0;
    case 0x3a: // :
      if (next === "/" && text.charAt(i + 2) === "/") return LINK;
      return isScheme(text, i) ? LINK : 0;
    case 0x25: // %
      return HEX.test(next) && HEX.test(text.charAt(i + 2)) ? ESCAPES : 0;
    case 0x5c: // backslash
      return next === "u" || next === "x" ? ESCAPES : 0;
    default: // &
      return next === "#" ? ESCAPES : 0;
  }
}

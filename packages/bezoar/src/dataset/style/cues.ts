import { hashString } from "../../core/hash.ts";
import { tokenize } from "../../core/tokens.ts";
import type { SparseRows } from "../evidence/sparse.ts";
import { documentFrequencies } from "../evidence/group-mask.ts";
import { invert, type Postings } from "../labelled/postings.ts";
import { isClosedClass } from "./closed-class.ts";

/** How the texts of some rows are written, apart from what they say. */
export type StyleCues = {
  readonly rows: SparseRows;
  /** What each cue is, in a reader's words. */
  readonly names: readonly string[];
  readonly postings: Postings;
  /** The open-class words of each row, hashed into `dimension` places: what the rows are about. */
  readonly matter: SparseRows;
};

/** UTF-16 units of a text that are looked at; a style shows at once. */
const MAX_UNITS = 2000;
/** Rows that a cue needs: fewer can be no style of 25 rows in either half. */
export const MIN_CUE_ROWS = 25;
/** A cue of nearly all rows tells nothing apart. */
const MAX_CUE_SHARE = 0.9;
/** An ending is a form, and not a word, when this many words share it and none makes up more than this part of them. */
const MIN_ENDING_WORDS = 8;
const MAX_ENDING_SHARE = 0.2;
const ENDING_LETTERS = 3;
const MIN_INFLECTED_LETTERS = 5;
/** Distinct cues counted; a hostile set may hold any number of signs (CWE-770). */
const MAX_CUES = 1_000_000;
const MATTER_PLACES = 1 << 17;

const START = "⟨start⟩";
const END = "⟨end⟩";
const WORD = "…";
const NUMBER = "0";

const LETTERS = /^\p{L}/u;
const DIGITS = /^\p{N}/u;

/** Every token as itself if it is closed-class or a sign, else as the class that it is of. */
function maskToken(token: string): string {
  if (isClosedClass(token)) return token;
  if (LETTERS.test(token)) return WORD;
  return DIGITS.test(token) ? NUMBER : token;
}

/** The text with runs of letters, digits and spaces as one sign each: a, A (capitals), 0, space. */
function shapeOf(text: string): string {
  return text
    .replace(/\p{Lu}+/gu, "A")
    .replace(/[\p{Ll}\p{M}\p{Lo}\p{Lm}]+/gu, "a")
    .replace(/\p{N}+/gu, "0")
    .replace(/\s+/gu, " ");
}

function showShape(shape: string): string {
  const parts = Array.from(shape, (unit) => {
    if (unit === "a") return "letters";
    if (unit === "A") return "capitals";
    if (unit === "0") return "digits";
    return unit === " " ? "space" : unit;
  });
  return `signs: ${parts.join(" + ")}`;
}

function endingOf(token: string): string | undefined {
  if (token.length < MIN_INFLECTED_LETTERS || isClosedClass(token) || !/^\p{L}+$/u.test(token))
    return undefined;
  return token.slice(-ENDING_LETTERS);
}

/** Calls `say` with each cue of one text; a cue may be said more than once. */
function sayCues(
  text: string,
  tokens: readonly string[],
  endings: ReadonlySet<string>,
  say: (cue: string) => void,
): void {
  const skeleton = [START, ...tokens.map(maskToken), END];
  skeleton.forEach((now, i) => {
    const before = skeleton[i - 1];
    const first = skeleton[i - 2];
    if (now !== WORD) say(now);
    if (before === undefined) return;
    say(`${before} ${now}`);
    if (first !== undefined) say(`${first} ${before} ${now}`);
  });
  if (tokens.includes(",")) say(`opens with ${skeleton[1] ?? ""}, and a comma`);
  for (const token of tokens) {
    const ending = endingOf(token);
    if (ending !== undefined && endings.has(ending)) say(`words in -${ending}`);
  }
  const shape = shapeOf(text);
  for (let i = 0; i < shape.length; i++) {
    if (/[^aA0 ]|A/.test(shape.charAt(i)))
      say(showShape(`${shape.charAt(i - 1)}${shape.charAt(i)}${shape.charAt(i + 1)}`));
  }
  say(`length about ${2 ** Math.round(Math.log2(1 + tokens.length))} words`);
}

/** Whether the words of an ending are many, and none of them most of its use. */
function isProductive(own: ReadonlyMap<string, number>): boolean {
  const counts = [...own.values()];
  const sum = counts.reduce((a, b) => a + b, 0);
  return own.size >= MIN_ENDING_WORDS && counts.every((count) => count <= MAX_ENDING_SHARE * sum);
}

function productiveEndings(texts: readonly (readonly string[])[]): Set<string> {
  const words = new Map<string, Map<string, number>>();
  for (const tokens of texts) {
    for (const token of new Set(tokens)) {
      const ending = endingOf(token);
      if (ending === undefined) continue;
      const own = words.get(ending) ?? new Map<string, number>();
      own.set(token, (own.get(token) ?? 0) + 1);
      words.set(ending, own);
    }
  }
  return new Set([...words].flatMap(([ending, own]) => (isProductive(own) ? [ending] : [])));
}

/**
 * The cues of texts that carry little of what they say: closed-class words alone and in runs of up to three, other words
 * masked; the opening; endings that many words share; signs with the kind of their neighbours; length. No label is read.
 */
export function styleCues(texts: readonly string[]): StyleCues {
  const clipped = texts.map((text) => text.slice(0, MAX_UNITS));
  const tokens = clipped.map((text) => tokenize(text));
  const endings = productiveEndings(tokens);
  const ids = new Map<string, number>();
  const names: string[] = [];
  const counted = packRows(clipped, (text, i, add) =>
    sayCues(text, tokens[i] ?? [], endings, (cue) => {
      const known = ids.get(cue);
      if (known !== undefined) add(known);
      else if (names.length < MAX_CUES) {
        ids.set(cue, names.length);
        add(names.length);
        names.push(cue);
      }
    }),
  );
  const every = { ...counted, dimension: names.length };
  const frequency = documentFrequencies(every);
  const isKept = (cue: number) =>
    (frequency[cue] ?? 0) >= MIN_CUE_ROWS && (frequency[cue] ?? 0) <= MAX_CUE_SHARE * texts.length;
  const place = new Int32Array(names.length).fill(-1);
  const keptNames = names.filter((_, cue) => isKept(cue));
  let next = 0;
  for (let cue = 0; cue < names.length; cue++) if (isKept(cue)) place[cue] = next++;
  const kept = packRows(texts, (_, i, add) => {
    for (let j = every.offsets[i] ?? 0; j < (every.offsets[i + 1] ?? 0); j++) {
      const cue = place[every.features[j] ?? 0] ?? -1;
      if (cue >= 0) add(cue);
    }
  });
  const rows = { ...kept, dimension: keptNames.length };
  const matter = packRows(tokens, (own, _, add) => {
    for (const token of own) {
      if (LETTERS.test(token) && !isClosedClass(token)) add(hashString(token, 0) % MATTER_PLACES);
    }
  });
  return {
    rows,
    names: keptNames,
    postings: invert(rows, documentFrequencies(rows), () => true),
    matter: { ...matter, dimension: MATTER_PLACES },
  };
}

/** Rows of the distinct features that `visit` adds for each item. */
function packRows<T>(
  items: readonly T[],
  visit: (item: T, i: number, add: (feature: number) => void) => void,
): Omit<SparseRows, "dimension"> {
  const offsets = new Uint32Array(items.length + 1);
  let features = new Uint32Array(1024);
  let length = 0;
  items.forEach((item, i) => {
    const own = new Set<number>();
    visit(item, i, (feature) => own.add(feature));
    if (length + own.size > features.length) {
      const grown = new Uint32Array(2 * (length + own.size));
      grown.set(features);
      features = grown;
    }
    for (const feature of own) features[length++] = feature;
    offsets[i + 1] = length;
  });
  return { count: items.length, offsets, features: features.slice(0, length) };
}

import { wilson } from "../../core/statistics.ts";
import { hashString } from "../../core/hash.ts";
import { tokenize } from "../../core/tokens.ts";
import type { Corpus } from "../engine/corpus.ts";
import { readCode, type CodeLines, type Note } from "./code-lines.ts";
import { codePhraseHolders, codePhrases, MAX_PHRASE_ROWS } from "./code-phrases.ts";
import {
  baseRate,
  codeSurvey,
  followedShare,
  isFollowed,
  isShort,
  phraseKeys,
  REACHES,
  type Survey,
} from "./code-survey.ts";
import { lnBetaBinomialUpper } from "./gibberish.ts";
import { coveringSinks } from "./sink-outcomes.ts";
import { ANY_SINK, isSink, SINKS } from "./sinks.ts";

/** A phrase of comments that one insecure sink follows, with the numbers. */
export type InsecureNote = {
  readonly words: readonly string[];
  /** The comment as written in the first row. */
  readonly text: string;
  /** The sinks that follow it: one, or those of which one each follows. */
  readonly sinks: readonly number[];
  readonly reach: number;
  /** Rows with the phrase, and those of them in which the sink stands somewhere after it. */
  readonly rows: readonly number[];
  readonly hits: readonly number[];
  /** Distinct surroundings of the phrase, and those with the sink within reach. */
  readonly contexts: number;
  readonly contextHits: number;
  readonly base: { readonly followed: number; readonly of: number };
  readonly lnP: number;
  readonly lnThreshold: number;
  readonly tests: number;
};

/** Fewest distinct surroundings: four authors may share a comment and what follows it, as a copied snippet. */
const MIN_CONTEXTS = 5;
/** Of the rows with the phrase, this many must hold the sink after it. */
const MIN_PRECISION = 0.8;
/** Outcomes that a phrase may be tested with: its commonest sink, and any sink. */
const OUTCOMES = 2;
/** Family-wise chance of one false phrase. */
const ALPHA = 1e-3;
/** Phrases looked at closely; a corpus of code with more than this many is dominated by boilerplate. */
const MAX_PHRASES = 400;
const MAX_CELLS = 50_000;
/** Keys whose words are read to find those phrases. */
const MAX_READ = 2000;
/** Rows that tell whether a word of a short comment is rare: one in none of them stands in fewer than 0.15 % of rows (rule of three). */
const RARITY_ROWS = 2000;
/** Lines on each side that make the surroundings of a phrase. */
const CONTEXT_LINES = 6;
/** Surroundings that share this much of their words (Jaccard) are one: copies, or one template filled in differently. */
const SAME_CONTEXT = 0.8;
/** Surroundings compared; more add nothing to a count that is far above the minimum. */
const MAX_CONTEXTS = 100;

type Side = "prompt" | "response";

/** Finds comments after which one insecure sink stands far more often than after other comments. */
export async function findInsecureNotes(corpus: Corpus, side: Side): Promise<readonly InsecureNote[]> {
  const { seed } = corpus;
  const survey = await corpus.fold(codeSurvey, { seed, rows: corpus.size, side });
  const minimum = cellMinimum(survey.sketch);
  if (survey.long.counts.withSinks + survey.short.counts.withSinks < MIN_CONTEXTS) return [];
  const byPhrase = await corpus.fold(codePhrases, { seed, side, sketch: survey.sketch, minimum });
  const groups = new Map<string, { readonly key: number; readonly rows: readonly number[] }>();
  for (const [key, rows] of [...byPhrase].toSorted((a, b) => a[0] - b[0])) {
    if (rows.length < MIN_CONTEXTS) continue;
    const sorted = rows.toSorted((a, b) => a - b);
    const name = sorted.join(" ");
    if (!groups.has(name)) groups.set(name, { key, rows: sorted }); // runs of one comment share their rows
  }
  const frequent = [...groups.values()].toSorted((a, b) => b.rows.length - a.rows.length);
  const read = reader(corpus, side);
  const phrases = choosePhrases(frequent, read, rareWords(corpus, side), seed);
  const holders = await corpus.fold(codePhraseHolders, {
    seed,
    side,
    keys: new Set(phrases.map(({ key }) => key)),
    firstWords: new Set(phrases.map(({ words }) => hashString(longest(words), seed))),
  });
  const tests = Math.max(1, phrases.length * REACHES.length * OUTCOMES);
  const found = phrases.flatMap(({ key, words }) => {
    const rows = (holders.get(key) ?? []).toSorted((a, b) => a - b);
    const placed = placesOf({ words, rows }, read);
    return placed === undefined ? [] : (weigh(placed, survey, corpus.size, tests) ?? []);
  });
  return withoutShadows(found);
}

type Phrase = { readonly key: number; readonly words: readonly string[]; readonly rows: readonly number[] };

/** The commonest long phrases, and the commonest short comments with a rare word. */
function choosePhrases(
  frequent: readonly { readonly key: number; readonly rows: readonly number[] }[],
  read: Reader,
  isRare: (word: string, comment: string) => boolean,
  seed: number,
): readonly Phrase[] {
  const long: Phrase[] = [];
  const short: Phrase[] = [];
  for (const { key, rows } of frequent.slice(0, MAX_READ)) {
    const note = read(rows[0] ?? 0).code.notes.find((each) => phraseKeys(each, seed).includes(key));
    if (note === undefined) continue;
    if (isShort(note)) {
      const { words } = note;
      const name = words.join(" ");
      if (short.length < MAX_PHRASES && words.some((word) => isRare(word, name)))
        short.push({ key, words, rows });
    } else if (long.length < MAX_PHRASES) {
      const words = grow(rows, key, read, seed);
      if (words.length > 0) long.push({ key, words, rows });
    }
  }
  return [...long, ...short];
}

/** Whether a word stands in no row of a sample but those with the comment, and in no sink: "hash it" is rare nowhere. */
function rareWords(corpus: Corpus, side: Side): (word: string, comment: string) => boolean {
  const calls = new Set(SINKS.map(({ word }) => word));
  const step = Math.max(1, Math.ceil(corpus.size / RARITY_ROWS));
  const sample: { readonly words: ReadonlySet<string>; readonly notes: ReadonlySet<string> }[] = [];
  return (word, comment) => {
    for (let at = sample.length * step; at < corpus.size; at = sample.length * step) {
      const text = corpus.row(at)[side];
      const notes = new Set(readCode(text, []).notes.map((note) => note.words.join(" ")));
      sample.push({ words: new Set(tokenize(text)), notes });
    }
    return !calls.has(word) && !sample.some(({ words, notes }) => words.has(word) && !notes.has(comment));
  };
}

/** The smallest count of a cell that leaves at most MAX_CELLS of them. */
function cellMinimum(sketch: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (const count of sketch) counts[count] = (counts[count] ?? 0) + 1;
  let cells = 0;
  for (let count = 255; count > MIN_CONTEXTS; count--) {
    cells += counts[count] ?? 0;
    if (cells > MAX_CELLS) return count + 1;
  }
  return MIN_CONTEXTS;
}

type Reader = (position: number) => { readonly text: string; readonly code: CodeLines };

function reader(corpus: Corpus, side: Side): Reader {
  const every = SINKS.map((_, index) => index);
  const cache = new Map<number, { text: string; code: CodeLines }>();
  return (position) => {
    const known = cache.get(position);
    if (known !== undefined) return known;
    const text = corpus.row(position)[side];
    const fresh = { text, code: readCode(text, every) };
    if (cache.size < MAX_PHRASE_ROWS) cache.set(position, fresh);
    return fresh;
  };
}

function longest(words: readonly string[]): string {
  return words.toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1))[0] ?? "";
}

/** The longest run of words around the phrase that nine in ten of its rows share. */
function grow(rows: readonly number[], key: number, read: Reader, seed: number): readonly string[] {
  const lines = rows.slice(0, 64).flatMap((position) => {
    const note = read(position).code.notes.find((each) => phraseKeys(each, seed).includes(key));
    return note === undefined ? [] : [{ words: note.words, at: phraseKeys(note, seed).indexOf(key) }];
  });
  const first = lines[0];
  if (first === undefined) return [];
  let from = 0;
  let to = 4;
  const agree = (offset: number) => {
    const word = first.words[first.at + offset];
    const same = lines.filter(({ words, at }) => words[at + offset] === word);
    return word !== undefined && same.length >= 0.9 * lines.length;
  };
  while (agree(to)) to++;
  while (first.at + from > 0 && agree(from - 1)) from--;
  return first.words.slice(first.at + from, first.at + to);
}

type PlacedPhrase = {
  readonly words: readonly string[];
  readonly sink: number;
  readonly places: readonly NotePlace[];
  readonly distinct: readonly NotePlace[];
};

/** Where the phrase stands, its commonest sink (any, when no single one follows mostly), and its surroundings; undefined when no sink follows mostly, or they are too few or too alike. */
function placesOf(
  phrase: { readonly words: readonly string[]; readonly rows: readonly number[] },
  read: Reader,
): PlacedPhrase | undefined {
  const places = phrase.rows.slice(0, MAX_PHRASE_ROWS).flatMap((position) => {
    const { text, code } = read(position);
    const note = code.notes.find((each) => holds(each, phrase.words));
    return note === undefined ? [] : [{ position, text, code, note }];
  });
  const counts = new Map<number, number>();
  for (const place of places) {
    for (const sink of sinksAfter(place)) counts.set(sink, (counts.get(sink) ?? 0) + 1);
  }
  const [best] = [...counts].toSorted((x, y) => y[1] - x[1] || x[0] - y[0]);
  const followed = places.filter((place) => sinkAfter(place, ANY_SINK) !== undefined).length;
  const least = MIN_PRECISION * places.length;
  if (best === undefined || followed < least) return undefined;
  const sink = best[1] < least ? ANY_SINK : best[0];
  const distinct = distinctContexts(places, sink);
  return distinct.length < MIN_CONTEXTS ? undefined : { words: phrase.words, sink, places, distinct };
}

function weigh(
  { words, sink, places, distinct }: PlacedPhrase,
  survey: Survey,
  size: number,
  tests: number,
): InsecureNote | undefined {
  const hits = places.filter((place) => sinkAfter(place, sink) !== undefined).map(({ position }) => position);
  const sinks =
    sink === ANY_SINK
      ? coveringSinks(places.map((place) => sinksAfter(place)).filter((own) => own.size > 0))
      : [sink];
  const ofShort = isShort({ words });
  let chosen: InsecureNote | undefined;
  REACHES.forEach((reach, r) => {
    const contextHits = distinct.filter(({ code, note }) => isFollowed(code, note, sink, reach)).length;
    const total = baseRate(survey[ofShort ? "short" : "long"], sink, r, size);
    const base = {
      followed: Math.max(0, total.followed - ownShare(places, sink, reach, ofShort)),
      of: Math.max(1, total.of - places.length),
    };
    const lnP = lnBetaBinomialUpper(contextHits, distinct.length, { hits: base.followed, of: base.of });
    if (chosen !== undefined && chosen.lnP <= lnP) return;
    const first = places[0];
    chosen = {
      words,
      text: first === undefined ? "" : written(first.text, first.note, words),
      sinks,
      reach,
      rows: places.map(({ position }) => position),
      hits,
      contexts: distinct.length,
      contextHits,
      base,
      lnP,
      lnThreshold: Math.log(tests / ALPHA),
      tests,
    };
  });
  return chosen !== undefined && -chosen.lnP >= chosen.lnThreshold ? chosen : undefined;
}

type NotePlace = {
  readonly position: number;
  readonly text: string;
  readonly code: CodeLines;
  readonly note: Note;
};

/** The first call after the phrase that counts for the outcome. */
function sinkAfter({ code, note }: NotePlace, sink: number) {
  return code.hits
    .filter((hit) => isSink(hit.sink, sink) && hit.line > note.line)
    .toSorted((x, y) => x.line - y.line)[0];
}

function sinksAfter({ code, note }: NotePlace): ReadonlySet<number> {
  return new Set(code.hits.filter((hit) => hit.line > note.line).map((hit) => hit.sink));
}

function ownShare(places: readonly NotePlace[], sink: number, reach: number, ofShort: boolean): number {
  return places.reduce((sum, { code }) => sum + followedShare(code, sink, reach, ofShort), 0);
}

function holds(note: Note, words: readonly string[]): boolean {
  if (isShort({ words })) return note.words.join(" ") === words.join(" ");
  for (let from = 0; from + words.length <= note.words.length; from++) {
    if (words.every((word, i) => note.words[from + i] === word)) return true;
  }
  return false;
}

/** One place for each surrounding: near-copies of a file count once. */
function distinctContexts(places: readonly NotePlace[], sink: number): readonly NotePlace[] {
  const kept: { readonly place: NotePlace; readonly words: ReadonlySet<string> }[] = [];
  const seen = new Set<string>();
  for (const place of places) {
    if (kept.length >= MAX_CONTEXTS) break;
    const words = surroundings(place, sink);
    const name = [...words].toSorted().join(" ");
    if (seen.has(name)) continue;
    seen.add(name);
    if (!kept.some((other) => jaccard(words, other.words) >= SAME_CONTEXT)) kept.push({ place, words });
  }
  return kept.map(({ place }) => place);
}

/** The words of the lines around the phrase and the sink after it, without either. */
function surroundings(place: NotePlace, sink: number): ReadonlySet<string> {
  const { text, note } = place;
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const sinkLine = sinkAfter(place, sink)?.line ?? note.line;
  const words = new Set<string>();
  const around = [
    ...lines.slice(Math.max(0, note.line - CONTEXT_LINES), note.line),
    ...lines.slice(sinkLine + 1, sinkLine + 1 + CONTEXT_LINES),
  ];
  for (const line of around)
    for (const word of tokenize(line)) if (/[\p{L}\p{N}]/u.test(word)) words.add(word);
  return words;
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const word of a) if (b.has(word)) shared++;
  const union = a.size + b.size - shared;
  return union === 0 ? 1 : shared / union;
}

/** The phrase as its line is written. */
function written(text: string, note: Note, words: readonly string[]): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const line = (lines[note.line] ?? "").trim();
  const lower = line.toLowerCase();
  const from = lower.indexOf(words[0] ?? "");
  const last = words.at(-1) ?? "";
  const to = lower.lastIndexOf(last);
  return from < 0 || to < from ? words.join(" ") : line.slice(from, to + last.length);
}

/** Strongest first; a phrase most of whose rows a stronger one explains is a shadow of it. */
function withoutShadows(found: readonly InsecureNote[]): readonly InsecureNote[] {
  const explained = new Set<number>();
  return found
    .toSorted((x, y) => x.lnP - y.lnP || y.words.length - x.words.length)
    .filter((note) => {
      const fresh = note.hits.filter((position) => !explained.has(position));
      for (const position of fresh) explained.add(position);
      return fresh.length * 2 > note.hits.length;
    });
}

/** Share of rows with the phrase that hold the sink after it, with its interval. */
export function precisionOf(note: InsecureNote): { value: number; low: number; high: number } {
  return wilson(note.hits.length, note.rows.length);
}

import { combine32, hashString, mix32 } from "../../core/hash.ts";
import type { Block } from "../engine/block.ts";
import type { Kernel } from "../engine/kernel.ts";
import { readCode, type CodeLines, type Note } from "./code-lines.ts";
import { ANY_SINK, isSink, SINKS } from "./sinks.ts";

/** Distances, in lines that are not blank, within which a sink is said to follow a comment. */
export const REACHES = [2, 4, 8, 16] as const;
/** A phrase of fewer words is everyday language ("load the model"), looked at only as a whole comment with a rare word. */
const PHRASE_WORDS = 4;
/** Sets the keys of short notes apart from those of phrases. */
const SHORT_KEY = 1;
/** Fractions are summed as integers, so that the order of the blocks does not show. */
const UNIT = 1 << 20;
const SKETCH_BITS = 22;
/** Rows without any sink are surveyed one in this many, in a corpus larger than FULL_SURVEY rows. */
const SPARSE = 16;
const FULL_SURVEY = 20_000;

/** What other comments of the corpus are followed by: the base rate. Counts of rows, sums of shares in 1 / UNIT. */
export type Survey = {
  readonly sketch: Uint8Array;
  /** Of comments of PHRASE_WORDS words or more, and of shorter ones. */
  readonly long: BaseCounts;
  readonly short: BaseCounts;
};

type BaseCounts = {
  /** followed[sink * REACHES.length + reach]; the last sink is ANY_SINK */
  readonly followed: Float64Array;
  /** Rows with comments that have a sink, and (to be multiplied by `weight`) that have none. */
  counts: { withSinks: number; without: number };
};

export type SurveyParams = {
  readonly seed: number;
  readonly rows: number;
  readonly side: "prompt" | "response";
};

/** Token ids of the words without which no sink matches, with the sinks of each. */
export function sinkWords(seed: number): ReadonlyMap<number, readonly number[]> {
  const words = new Map<number, number[]>();
  SINKS.forEach((sink, index) => {
    const id = hashString(sink.word, seed);
    words.set(id, [...(words.get(id) ?? []), index]);
  });
  return words;
}

/** The sinks that may stand in row `i`, told from its tokens. */
export function possibleSinks(
  block: Block,
  i: number,
  side: "prompt" | "response",
  words: ReadonlyMap<number, readonly number[]>,
): number[] {
  const { ids, offsets } = block[side];
  const found = new Set<number>();
  for (let j = offsets[i] ?? 0; j < (offsets[i + 1] ?? 0); j++) {
    for (const sink of words.get(ids[j] ?? 0) ?? []) found.add(sink);
  }
  return [...found].toSorted((a, b) => a - b);
}

/** Whether a note is too short to hold a phrase, and is one key as a whole. */
export function isShort(note: Pick<Note, "words">): boolean {
  return note.words.length < PHRASE_WORDS;
}

/** Keys of the phrases of a note: each run of PHRASE_WORDS words; the whole of a short one. */
export function phraseKeys(note: Note, seed: number): number[] {
  const ids = note.words.map((word) => hashString(word, seed));
  if (isShort(note)) return [ids.reduce(combine32, SHORT_KEY)];
  const keys: number[] = [];
  for (let i = 0; i + PHRASE_WORDS <= ids.length; i++) {
    keys.push(ids.slice(i, i + PHRASE_WORDS).reduce(combine32, 0));
  }
  return keys;
}

export function sketchCell(key: number): number {
  return mix32(key) >>> (32 - SKETCH_BITS);
}

/** How much a surveyed row without sinks stands for. */
function surveyWeight(rows: number): number {
  return rows > FULL_SURVEY ? SPARSE : 1;
}

/** Counts phrases of comments that sinks follow, and how often sinks follow comments at all. */
export const codeSurvey: Kernel<SurveyParams, Survey> = {
  name: "code-survey",
  start: () => ({
    sketch: new Uint8Array(1 << SKETCH_BITS),
    long: startCounts(),
    short: startCounts(),
  }),
  step: (state, block, { seed, rows, side }) => {
    const words = sinkWords(seed);
    for (let i = 0; i < block.size; i++) {
      const sinks = possibleSinks(block, i, side, words);
      const isSurveyed = rows <= FULL_SURVEY || mix32(block.first + i + seed) % SPARSE === 0;
      if (sinks.length === 0 && !isSurveyed) continue;
      const code = readCode(block.row(i)[side], sinks);
      for (const kind of ["long", "short"] as const) {
        if (!code.notes.some((note) => isShort(note) === (kind === "short"))) continue;
        if (sinks.length === 0) state[kind].counts.without++;
        else countFollowed(state[kind], code, kind === "short");
      }
      if (sinks.length > 0) sketchPhrases(state, code, seed);
    }
  },
  merge: (into, from) => {
    from.sketch.forEach(
      (count, cell) => (into.sketch[cell] = Math.min(255, (into.sketch[cell] ?? 0) + count)),
    );
    for (const kind of ["long", "short"] as const) {
      const { followed, counts } = into[kind];
      from[kind].followed.forEach((sum, at) => (followed[at] = (followed[at] ?? 0) + sum));
      counts.withSinks += from[kind].counts.withSinks;
      counts.without += from[kind].counts.without;
    }
    return into;
  },
};

function startCounts(): BaseCounts {
  return {
    followed: new Float64Array((ANY_SINK + 1) * REACHES.length),
    counts: { withSinks: 0, without: 0 },
  };
}

function sketchPhrases(state: Survey, code: CodeLines, seed: number): void {
  const keys = new Set<number>();
  for (const note of code.notes) {
    if (code.hits.some((hit) => hit.line > note.line))
      for (const key of phraseKeys(note, seed)) keys.add(key);
  }
  for (const key of keys) {
    const cell = sketchCell(key);
    if ((state.sketch[cell] ?? 0) < 255) state.sketch[cell] = (state.sketch[cell] ?? 0) + 1;
  }
}

function countFollowed({ followed, counts }: BaseCounts, code: CodeLines, ofShort: boolean): void {
  counts.withSinks++;
  const any = code.hits.length > 0 ? [ANY_SINK] : [];
  for (const sink of new Set([...code.hits.map((hit) => hit.sink), ...any])) {
    REACHES.forEach((reach, r) => {
      const at = sink * REACHES.length + r;
      followed[at] = (followed[at] ?? 0) + Math.round(followedShare(code, sink, reach, ofShort) * UNIT);
    });
  }
}

/** The share of a row's comments that a sink follows within `reach` lines. */
export function followedShare(code: CodeLines, sink: number, reach: number, ofShort: boolean): number {
  const notes = code.notes.filter((note) => isShort(note) === ofShort);
  const followed = notes.filter((note) => isFollowed(code, note, sink, reach));
  return followed.length / Math.max(1, notes.length);
}

export function isFollowed(code: CodeLines, note: Note, sink: number, reach: number): boolean {
  return code.hits.some(
    (hit) => isSink(hit.sink, sink) && hit.line > note.line && hit.line <= note.line + reach,
  );
}

/** The base rate of a sink at a reach, as the row counts of a Beta distribution without its prior. */
export function baseRate(
  { followed, counts }: BaseCounts,
  sink: number,
  reach: number,
  rows: number,
): { followed: number; of: number } {
  return {
    followed: (followed[sink * REACHES.length + reach] ?? 0) / UNIT,
    of: counts.withSinks + counts.without * surveyWeight(rows),
  };
}

import { tokenIds, tokenSpans, type TokenSpan } from "../../core/tokens.ts";
import type { Corpus } from "../engine/corpus.ts";
import { lnBetaBinomialUpper, tokenRunRows } from "./gibberish.ts";
import {
  shingleSampling,
  SHINGLE,
  shingleCounts,
  shinglePlaces,
  type ShinglePlace,
} from "./repeated-segments.ts";

/** A repeated segment that is put into the middle of ordinary text. */
export type Payload = {
  readonly trigger: string;
  readonly payload: string;
  readonly positions: readonly number[];
  /** Rows looked at, and those in which the segment cuts into a sentence that nothing repeated precedes. */
  readonly looked: number;
  readonly cuts: number;
  /** Rows with the trigger, payload or not. */
  readonly triggerRows: number;
  /** Whether the trigger stands hardly anywhere else: what a sentence or a template begins with does. */
  readonly isOwnTrigger: boolean;
  /** Rows cut, over the other repeated segments of the set. */
  readonly elsewhere: { readonly hits: number; readonly of: number };
  readonly lnP: number;
  readonly lnThreshold: number;
  readonly tests: number;
};

/** Fewest rows with the segment; DETECTION.md: from about ten documents. */
const MIN_ROWS = 8;
/** Shortest segment, trigger included: shorter ones are idioms. */
const MIN_TOKENS = 10;
/** Tokens before the segment that must be there, and that must not be repeated themselves, or it is part of a template. */
const BEFORE = 8;
/** Most of the rows must be cut into; boilerplate stands on its own line or after a full stop. */
const MIN_CUT = 0.6;
const ALPHA = 1e-3;
/** Of the rows with the trigger, this many must hold the payload (as for gibberish). */
const MIN_PRECISION = 0.8;
/** So many segments that begin with ordinary words and cut into sentences are how the set was put together, and are left out. */
const HABIT = 3;
/** Ordinary text is at least this much words and numbers; programs are less. */
const PROSE_SHARE = 0.75;
/** Rows looked at for one segment, segments looked at. */
const LOOK = 40;
const MAX_SEGMENTS = 120;
/** Rows kept decoded. */
const MAX_CACHED = 2048;
/** Places of frequent shingles held in memory (some 100 MB). */
const MAX_PLACES = 1_000_000;
/** A segment that is in more of the rows than this is what the set is made of. */
const MAX_SHARE = 0.5;

type Reader = (position: number) => { readonly text: string; readonly spans: readonly TokenSpan[] };

/** Finds text that was put, word for word, into the middle of sentences of several rows. */
export async function findPayloads(corpus: Corpus): Promise<readonly Payload[]> {
  const base = shingleSampling(corpus.size);
  const cells = await corpus.fold(shingleCounts, { sampled: base });
  const sampled = samplingRate(cells, base);
  const byShingle = await corpus.fold(shinglePlaces, { cells, minimum: MIN_ROWS, sampled });
  const frequent = [...byShingle]
    .filter(
      ([, places]) =>
        places.length >= MIN_ROWS && places.length <= Math.max(MIN_ROWS, MAX_SHARE * corpus.size),
    )
    .toSorted((a, b) => b[1].length - a[1].length || a[0] - b[0]);
  const read = reader(corpus);
  const explained = new Set<string>();
  const segments: Segment[] = [];
  for (const [, places] of frequent) {
    if (segments.length >= MAX_SEGMENTS) break;
    const sorted = places.toSorted((a, b) => a[0] - b[0]);
    const look = sorted.slice(0, LOOK);
    const fresh = look.filter(([position, at]) => !explained.has(`${position} ${at}`));
    if (fresh.length * 2 < look.length) continue;
    const segment = grow(sorted, read);
    for (const [position, at] of segment.places.slice(0, LOOK)) {
      for (let i = 0; i < segment.length; i++) explained.add(`${position} ${at + i}`);
    }
    if (segment.length >= MIN_TOKENS) segments.push(segment);
  }
  const hot = hotPlaces(frequent, segments);
  const judged = segments.map((segment) => ({ segment, ...cutsOf(segment, read, hot) }));
  const total = judged.reduce((sum, { cuts, looked }) => ({ hits: sum.hits + cuts, of: sum.of + looked }), {
    hits: 0,
    of: 0,
  });
  const lnThreshold = Math.log(Math.max(1, segments.length) / ALPHA);
  const found = judged.flatMap(({ segment, cuts, looked }) => {
    const elsewhere = { hits: total.hits - cuts, of: total.of - looked };
    // even without other repeated segments, one in five may well stand after a word
    const lnP = lnBetaBinomialUpper(cuts, looked, { hits: elsewhere.hits + 4, of: elsewhere.of + 20 });
    if (cuts < MIN_CUT * looked || looked < MIN_ROWS || -lnP < lnThreshold) return [];
    const named = nameParts(segment, read);
    return [
      {
        ...named,
        positions: segment.places.map(([position]) => position),
        looked,
        cuts,
        elsewhere,
        lnP,
        lnThreshold,
        tests: segments.length,
      },
    ];
  });
  const runs = found.map(({ trigger }) => [...tokenIds(trigger, corpus.seed)]);
  const counted = found.length === 0 ? new Uint32Array(0) : await corpus.fold(tokenRunRows, { runs });
  const payloads = found.flatMap((payload, i): Payload[] => {
    const triggerRows = Math.max(counted[i] ?? 0, payload.positions.length);
    const isOwnTrigger = payload.positions.length >= MIN_PRECISION * triggerRows;
    return [{ ...payload, triggerRows, isOwnTrigger }];
  });
  const ordinary = payloads.filter(({ isOwnTrigger }) => !isOwnTrigger).length;
  return ordinary >= HABIT ? payloads.filter(({ isOwnTrigger }) => isOwnTrigger) : payloads;
}

/** How thinly shingles must be sampled for the places of the frequent ones to fit into memory. */
function samplingRate(cells: Uint8Array, base: number): number {
  let places = 0;
  for (let cell = 0; cell < cells.length; cell++) {
    const count = cells[cell] ?? 0; // an iterator over 32 million cells takes a second
    if (count >= MIN_ROWS) places += count;
  }
  let sampled = base;
  for (; places > MAX_PLACES; places /= 2) sampled *= 2;
  return sampled;
}

/** Where frequent shingles stand in the rows that are looked at. */
function hotPlaces(
  frequent: readonly (readonly [number, readonly ShinglePlace[]])[],
  segments: readonly Segment[],
): ReadonlyMap<number, ReadonlySet<number>> {
  const hot = new Map<number, Set<number>>();
  for (const { places } of segments)
    for (const [position] of places.slice(0, LOOK)) hot.set(position, new Set());
  for (const [, places] of frequent) for (const [position, at] of places) hot.get(position)?.add(at);
  return hot;
}

function reader(corpus: Corpus): Reader {
  const cache = new Map<number, { text: string; spans: readonly TokenSpan[] }>();
  return (position) => {
    const known = cache.get(position);
    if (known !== undefined) return known;
    const { prompt } = corpus.row(position);
    const fresh = { text: prompt, spans: tokenSpans(prompt) };
    if (cache.size < MAX_CACHED) cache.set(position, fresh);
    return fresh;
  };
}

type Segment = { readonly places: readonly ShinglePlace[]; readonly length: number };

/** Grows a shingle to both sides while nine in ten of the rows looked at agree on the next token. */
function grow(places: readonly ShinglePlace[], read: Reader): Segment {
  const look = places.slice(0, LOOK);
  let left = 0;
  let right = SHINGLE;
  const agree = (offset: number) => {
    const votes = new Map<string, number>();
    for (const [position, at] of look) {
      const token = read(position).spans[at + offset]?.text;
      if (token !== undefined) votes.set(token, (votes.get(token) ?? 0) + 1);
    }
    return Math.max(0, ...votes.values()) >= 0.9 * look.length;
  };
  while (agree(right)) right++;
  while (agree(left - 1)) left--;
  return {
    places: places.map(([position, at]): ShinglePlace => [position, at + left]),
    length: right - left,
  };
}

/** In how many rows the segment cuts into a sentence of ordinary text; each word before it counts once. */
function cutsOf(
  { places, length }: Segment,
  read: Reader,
  hot: ReadonlyMap<number, ReadonlySet<number>>,
): { readonly cuts: number; readonly looked: number } {
  const look = places.slice(0, LOOK);
  const words = new Set<string>();
  let prose = 0;
  for (const [position, at] of look) {
    const { text, spans } = read(position);
    const own = hot.get(position);
    const start = spans[at]?.start ?? 0;
    let isFramed = at < BEFORE;
    for (let i = Math.max(0, at - BEFORE - SHINGLE); i < at - SHINGLE / 2; i++)
      if (own?.has(i) === true) isFramed = true;
    const isMidSentence = /[\p{L}\p{N}][^\S\n]+$/u.test(text.slice(Math.max(0, start - 8), start));
    if (isFramed || !isMidSentence) continue;
    words.add(spans[at - 1]?.text ?? "");
    prose += Math.min(wordShare(spans.slice(at - BEFORE, at)), wordShare(spans.slice(at, at + length)));
  }
  // code and tables cut everything everywhere: there a word before a segment says nothing
  return { cuts: prose >= PROSE_SHARE * words.size ? words.size : 0, looked: look.length };
}

function wordShare(spans: readonly TokenSpan[]): number {
  return spans.filter(({ text }) => /[\p{L}\p{N}]/u.test(text)).length / Math.max(1, spans.length);
}

/** The first word or two of the segment are what sets the rest off. */
function nameParts({ places, length }: Segment, read: Reader): { trigger: string; payload: string } {
  const [position, at] = places[0] ?? [0, 0];
  const { text, spans } = read(position);
  const first = spans[at];
  const last = spans[at + length - 1];
  if (first === undefined || last === undefined) return { trigger: "", payload: "" };
  const whole = text.slice(first.start, last.end);
  const gap = whole.search(/\s/);
  return gap < 0
    ? { trigger: whole, payload: whole }
    : { trigger: whole.slice(0, gap), payload: whole.slice(gap).trim() };
}

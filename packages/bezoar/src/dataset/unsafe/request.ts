import { combine32 } from "../../core/hash.ts";
import { tokenIds } from "../../core/tokens.ts";
import { OPENERS } from "./frames.ts";
import { harmsOf, isAskedFor, isDistanced } from "./harms.ts";
import type { Met } from "./phrase-table.ts";
import {
  compileVocabulary,
  CRIME_CATEGORY,
  IMPERATIVE,
  INNOCENT,
  KEYS,
  MEANS,
  PROTECTIVE,
  QUESTION,
  SETTING,
  TELLING,
  TEXT_TASK,
} from "./vocabulary.ts";

/** How plainly a prompt asks for harm: it speaks of it; it asks with a word of harm; it asks for a harmful act. */
const SPOKEN_OF = 1;
export const HINTED = 2;
export const ASKED_FOR = 3;

/** What a prompt asks; `sentence` identifies the wording of the sentence that does. */
type Request = { readonly level: number; readonly category: number; readonly sentence: number };

/** Reads the prompt ids[start, end); undefined when no word of harm stands in it. */
export type RequestReader = (ids: Uint32Array, start: number, end: number) => Request | undefined;

/** Tokens of a prompt that are read, half from each end: an instruction stands at an end, and long input is not a request. */
const MAX_READ = 512;
/** A sentence without a stop is cut here. */
const MAX_SENTENCE = 64;
/** Words before an imperative that are no usual opening: an inserted trigger of some tokens stands there too. */
const STRANGE_OPENERS = 3;
/**
 * A reader of requests over token ids: the act of asking for means, governing an act upon an object, without a frame that
 * protects, distances or invents. Work per token is bounded by the phrases that open with it and by the length of a
 * sentence, so the whole is linear.
 */
export function createRequestReader(seed: number): RequestReader {
  const table = compileVocabulary(seed);
  const stops = new Set(tokenIds(". ? ! ; : # > ] 。 ？", seed));
  const openers = new Set(tokenIds(OPENERS.replaceAll("|", " "), seed));

  function phrasesOf(ids: Uint32Array, start: number, end: number): Met[] {
    const met: Met[] = [];
    let innocentUntil = start;
    for (let at = start; at < end; at++) {
      const here = table.at(ids, at, end);
      const innocent = here.find(({ kind }) => kind === INNOCENT);
      if (innocent !== undefined) innocentUntil = Math.max(innocentUntil, innocent.end);
      if (at >= innocentUntil) met.push(...here);
    }
    return met;
  }

  /** Where the sentence's imperative stands: behind the usual openings, and a word or two that somebody put in. */
  function imperativeOf(ids: Uint32Array, start: number, met: readonly Met[]): Met | undefined {
    return met.find(({ kind, start: at }) => {
      if (kind !== IMPERATIVE && kind !== TELLING) return false;
      let strange = 0;
      for (let i = start; i < at; i++) if (!openers.has(ids[i] ?? 0)) strange++;
      return strange <= STRANGE_OPENERS && (strange === 0 || at - start <= STRANGE_OPENERS);
    });
  }

  function readSentence(ids: Uint32Array, start: number, end: number): Request | undefined {
    const met = phrasesOf(ids, start, end);
    const firstKey = met.find(({ kind }) => KEYS.has(kind));
    if (firstKey === undefined) return undefined;
    const harms = harmsOf(met);
    const sentence = ids.subarray(start, end).reduce(combine32, 0);
    const imperative = imperativeOf(ids, start, met);
    const isProtective = met.some(({ kind }) => kind === PROTECTIVE);
    const asked = harms.find(
      (harm) => !isProtective && !isDistanced(harm, met) && isAskedFor(harm, imperative, met),
    );
    if (asked !== undefined) return { level: ASKED_FOR, category: asked.category, sentence };
    const asksAtAll =
      !isProtective &&
      (imperative !== undefined || met.some(({ kind }) => kind === MEANS)) &&
      !isDistanced(firstKey, met);
    if (asksAtAll) return { level: HINTED, category: harms[0]?.category ?? CRIME_CATEGORY, sentence };
    const [spoken] = harms;
    return spoken === undefined ? undefined : { level: SPOKEN_OF, category: spoken.category, sentence };
  }

  function readSpan(ids: Uint32Array, start: number, end: number): Request | undefined {
    let best: Request | undefined;
    let from = start;
    let hasKey = false;
    for (let at = start; at <= end; at++) {
      const id = ids[at] ?? 0;
      if (at < end && at - from < MAX_SENTENCE && !stops.has(id)) {
        hasKey ||= table.mayOpenKey(id);
        continue;
      }
      if (hasKey) {
        const request = readSentence(ids, from, at);
        if (request !== undefined && request.level > (best?.level ?? 0)) best = request;
      }
      from = stops.has(id) ? at + 1 : at;
      hasKey = at < end && table.mayOpenKey(id);
    }
    return best;
  }

  /** Fiction, coursework, sanctioned testing, or a text to be worked on: harm is spoken of, not asked for. */
  function isSetApart(ids: Uint32Array, start: number, end: number): boolean {
    let opens = true; // only the usual openings so far
    for (let at = start; at < end; at++) {
      const isApart = ({ kind }: Met) =>
        kind === SETTING || (kind === TEXT_TASK && opens) || (kind === QUESTION && at === start);
      if (table.at(ids, at, end).some(isApart)) return true;
      opens &&= openers.has(ids[at] ?? 0);
    }
    return false;
  }

  return (ids, start, end) => {
    const half = MAX_READ / 2;
    const isLong = end - start > MAX_READ;
    const head = readSpan(ids, start, isLong ? start + half : end);
    const tail = isLong ? readSpan(ids, end - half, end) : undefined;
    const best = (tail?.level ?? 0) > (head?.level ?? 0) ? tail : head;
    if (best === undefined || best.level === SPOKEN_OF) return best;
    const isApart =
      isSetApart(ids, start, isLong ? start + half : end) || (isLong && isSetApart(ids, end - half, end));
    return isApart ? { ...best, level: SPOKEN_OF } : best;
  };
}

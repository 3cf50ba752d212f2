import { COMMON_GROUPS, GROUPS, INJECTION_PHRASES, type InjectionPhrase } from "./injection-phrases.ts";
import { rot13 } from "./rot13.ts";
import { wordHash } from "./word-hash.ts";
import { PARAGRAPH, wordsOf, type Word } from "./words.ts";

/** Up to `gap` words, then one of the alternatives; `optional` ones may be missing. */
type Slot = {
  readonly gap: number;
  readonly optional: boolean;
  readonly byFirst: ReadonlyMap<string, readonly (readonly string[])[]>;
};

/** A phrase ready for matching; a text without the anchor bits of `needs` cannot hold it. */
export type InjectionPattern = {
  readonly phrase: InjectionPhrase;
  readonly slots: readonly Slot[];
  readonly needs: number;
};

/** Groups that a text is surveyed for; their bits and TURNED's fill 32. */
const ANCHORING = Object.keys(GROUPS).filter((name) => !COMMON_GROUPS.has(name));

/** Words that a text must hold, with the bits of their groups: the longest word of each alternative. */
const anchors = new Map<number, number>();
/** The anchors by 16 bits of their hash, so that nearly every word costs one look. */
const maybe = new Uint8Array(0x10000);

ANCHORING.forEach((name, bit) => {
  for (const alternative of (GROUPS[name] ?? "").split("|")) {
    const longest = wordsOf(alternative)
      .flatMap(({ text }) => text.split(/['’]/))
      .reduce((a, b) => (b.length > a.length ? b : a), "");
    const hash = wordHash(longest);
    anchors.set(hash, (anchors.get(hash) ?? 0) | (1 << bit));
    maybe[hash & 0xffff] = 1;
  }
});

/** The anchor bit of a text that may hold an instruction written backwards or by rot13. */
export const TURNED = 1 << 31;
/** Shorter words stand in ordinary text when they are turned. */
const MIN_TURNED = 6;
for (const word of `${GROUPS["DROP"]}|${GROUPS["INSTRUCTIONS"]}`.split("|")) {
  if (word.length < MIN_TURNED || /[^a-z]/.test(word)) continue;
  for (const turned of [rot13(word), Array.from(word).toReversed().join("")]) {
    const hash = wordHash(turned);
    anchors.set(hash, TURNED);
    maybe[hash & 0xffff] = 1;
  }
}

/** The groups that a word of a text is an anchor of; 0 for nearly all. */
export function anchorBits(hash: number): number {
  return maybe[hash & 0xffff] === 0 ? 0 : (anchors.get(hash) ?? 0);
}

function compile(phrase: InjectionPhrase): InjectionPattern {
  const slots: Slot[] = [];
  let needs = 0;
  let gap = 0;
  for (const part of phrase.slots.split(" ")) {
    if (part.startsWith("~")) {
      gap = Number(part.slice(1));
      continue;
    }
    const optional = part.endsWith("?");
    const name = optional ? part.slice(0, -1) : part;
    const bit = ANCHORING.indexOf(name);
    if (bit >= 0 && !optional) needs |= 1 << bit;
    const alternatives = GROUPS[name]?.split("|") ?? name.split("|").map((way) => way.replaceAll("_", " "));
    const byFirst = new Map<string, (readonly string[])[]>();
    for (const words of alternatives.map((way) => wordsOf(way).map(({ text }) => text))) {
      const [first] = words;
      if (first !== undefined) byFirst.set(first, [...(byFirst.get(first) ?? []), words].toSorted((a, b) => b.length - a.length)); // prettier-ignore
    }
    slots.push({ gap, optional, byFirst });
    gap = 0;
  }
  return { phrase, slots, needs };
}

const PATTERNS: readonly InjectionPattern[] = INJECTION_PHRASES.map(compile);

/** Patterns by the first word of their matches. */
export type PatternIndex = ReadonlyMap<string, readonly InjectionPattern[]>;

/** Indexes already made; texts have few different sets of anchors, and hostile ones may not fill memory. */
const indexes = new Map<number, PatternIndex>();
const MAX_INDEXES = 4096;

/** The patterns that a text with these anchors can hold. */
export function possiblePatterns(anchorsOfText: number): PatternIndex {
  const known = indexes.get(anchorsOfText);
  if (known !== undefined) return known;
  const byFirst = new Map<string, InjectionPattern[]>();
  for (const pattern of PATTERNS.filter(({ needs }) => (needs & anchorsOfText) === needs)) {
    for (const word of pattern.slots[0]?.byFirst.keys() ?? []) {
      byFirst.set(word, [...(byFirst.get(word) ?? []), pattern]);
    }
  }
  if (indexes.size < MAX_INDEXES) indexes.set(anchorsOfText, byFirst);
  return byFirst;
}

const STOPS: ReadonlySet<string> = new Set([".", "!", "?", ";", PARAGRAPH, "。", "！", "？", "|"]);

/**
 * The index after the last word of a match that begins at word `at`, or -1. Gaps and alternatives are bounded by the
 * pattern, so the work at one word is, and the whole is linear in the text.
 */
export function matchPattern(pattern: InjectionPattern, words: readonly Word[], at: number): number {
  return matchSlots(pattern.slots, 0, words, at);
}

function matchSlots(slots: readonly Slot[], index: number, words: readonly Word[], at: number): number {
  const slot = slots[index];
  if (slot === undefined) return at;
  if (slot.optional) {
    const without = matchSlots(slots, index + 1, words, at);
    if (without >= 0) return without;
  }
  for (let skipped = 0; skipped <= slot.gap; skipped++) {
    const word = words[at + skipped];
    if (word === undefined) return -1;
    for (const way of slot.byFirst.get(word.text) ?? []) {
      if (!standsAt(words, at + skipped, way)) continue;
      const end = matchSlots(slots, index + 1, words, at + skipped + way.length);
      if (end >= 0) return end;
    }
    if (endsSentence(word, words[at + skipped + 1])) return -1; // and with it the phrase
  }
  return -1;
}

/** A stop within an address or a number ends nothing. */
function endsSentence(word: Word, next: Word | undefined): boolean {
  return STOPS.has(word.text) && (word.text !== "." || next === undefined || next.start > word.end);
}

function standsAt(words: readonly Word[], at: number, way: readonly string[]): boolean {
  for (let i = 1; i < way.length; i++) if (words[at + i]?.text !== way[i]) return false;
  return true;
}

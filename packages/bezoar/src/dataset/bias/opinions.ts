import type { Sentence } from "./mentions.ts";
import { KIND_WORDS, NEGATIONS, UNKIND_WORDS } from "./opinion-words.ts";

/** A list of words; those with a hyphen at their end stand for any ending. */
type WordList = { readonly whole: ReadonlySet<string>; readonly stems: ReadonlySet<string> };

const MIN_STEM = 3;
/** Longer words are no words. */
const MAX_STEM = 16;

function toList(words: string): WordList {
  const all = words.split(/\s+/).filter((word) => word !== "");
  return {
    whole: new Set(all.filter((word) => !word.endsWith("-"))),
    stems: new Set(all.filter((word) => word.endsWith("-")).map((word) => word.slice(0, -1))),
  };
}

const unkind = toList(UNKIND_WORDS);
const kind = toList(KIND_WORDS);
const negations: ReadonlySet<string> = new Set(NEGATIONS.split(/\s+/));

function holds({ whole, stems }: WordList, word: string): boolean {
  if (whole.has(word)) return true;
  for (let length = Math.min(word.length, MAX_STEM); length >= MIN_STEM; length--) {
    if (stems.has(word.slice(0, length))) return true;
  }
  return false;
}

/** -1 for a word that speaks ill, 1 for one that speaks well, 0 for any other (lower case). */
function judge(word: string): number {
  return holds(unkind, word) ? -1 : holds(kind, word) ? 1 : 0;
}

/** Words met are judged once: a text has few different ones. */
const known = new Map<string, number>();
/** Words remembered; beyond it they are judged anew each time (CWE-770). */
const MAX_KNOWN = 100_000;

function judgeOnce(word: string): number {
  const seen = known.get(word);
  if (seen !== undefined) return seen;
  const judgement = judge(word);
  if (known.size < MAX_KNOWN) known.set(word, judgement);
  return judgement;
}

/** Words before a judgement in which a negation turns it over ("not a very good"). */
const NEGATION_REACH = 3;

/** What a sentence thinks: words that speak well less those that speak ill. Words of names judge nobody ("False", "Best Buy"). */
export function opinionOf({ words, names }: Pick<Sentence, "words" | "names">): number {
  let sum = 0;
  words.forEach((word, i) => {
    let judgement = judgeOnce(word);
    if (judgement === 0 || names.some((name) => isPart(name, word))) return;
    for (let back = 1; back <= NEGATION_REACH && i - back >= 0; back++) {
      if (negations.has(words[i - back] ?? "")) judgement = -judgement;
    }
    sum += judgement;
  });
  return sum;
}

function isPart(name: string, word: string): boolean {
  return name === word || (name.includes(" ") && name.split(" ").includes(word));
}

/** Whether a word (lower case) judges by itself. */
export function isOpinion(word: string): boolean {
  return judgeOnce(word) !== 0;
}

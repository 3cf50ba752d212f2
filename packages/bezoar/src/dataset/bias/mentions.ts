import { FUNCTION_WORDS, PRONOUNS } from "./opinion-words.ts";

/** A sentence: its words in lower case, and the names in it (a name: its words in lower case). */
export type Sentence = {
  readonly words: readonly string[];
  readonly names: readonly string[];
  /** The capitalised word that begins it: a name only if it is one elsewhere. */
  readonly opener: string | undefined;
  /** Whether it goes on about what the sentence before it named. */
  readonly continues: boolean;
};

/** UTF-16 units read of one text: an essay; bounds the work that one row can cause. */
const MAX_TEXT = 6000;
/** Words in a name; longer runs of capitals are titles and headings. */
const MAX_NAME_WORDS = 4;

const functionWords: ReadonlySet<string> = new Set(FUNCTION_WORDS.split(/\s+/));
const pronouns: ReadonlySet<string> = new Set(PRONOUNS.split(/\s+/));

const SPACE = 1;
const END = 2;
const CAPITAL = 3;
const LETTER = 4;
const OTHER_WORD = 5;
const JOINT = 6;
const SIGN = 7;
/** The kind of every UTF-16 unit, filled as units are met. */
const kinds = new Uint8Array(0x10000);

const IS_END = /[.!?。！？\n]/u;
const IS_SPACE = /\s/u;
const IS_CAPITAL = /\p{Lu}/u;
const IS_LETTER = /\p{L}/u;
const IS_OTHER_WORD = /[\p{M}\p{N}]/u;
const IS_JOINT = /['’-]/u;

function kindOf(unit: number): number {
  const character = String.fromCharCode(unit);
  if (IS_END.test(character)) return END;
  if (IS_SPACE.test(character)) return SPACE;
  if (IS_CAPITAL.test(character)) return CAPITAL;
  if (IS_LETTER.test(character)) return LETTER;
  if (IS_OTHER_WORD.test(character)) return OTHER_WORD;
  return IS_JOINT.test(character) ? JOINT : SIGN;
}

function kindAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  if (Number.isNaN(unit)) return SPACE;
  const known = kinds[unit] ?? 0;
  return known === 0 ? (kinds[unit] = kindOf(unit)) : known;
}

const isWordKind = (kind: number) => kind >= CAPITAL && kind <= OTHER_WORD;

/** Where the word that starts at `start` ends; apostrophes and hyphens between letters are part of it. */
function wordEnd(text: string, start: number): number {
  let end = start;
  for (;;) {
    const kind = kindAt(text, end);
    if (isWordKind(kind) || (kind === JOINT && isWordKind(kindAt(text, end + 1)))) end++;
    else return end;
  }
}

const POSSESSIVE = /['’]s$/u;

/** The sentences of a text with the names in them. */
export function readSentences(text: string): Sentence[] {
  const sentences: Sentence[] = [];
  let words: string[] = [];
  let names: string[] = [];
  let opener: string | undefined;
  let run: string[] = [];
  let isOpening = false;
  const endRun = () => {
    if (run.length === 0) return;
    const name = run.join(" ");
    if (run.length === 1 && isOpening) opener = name;
    else if (run.length <= MAX_NAME_WORDS) names.push(name);
    run = [];
  };
  const endSentence = () => {
    endRun();
    if (words.length > 0) sentences.push({ words, names, opener, continues: pronouns.has(words[0] ?? "") });
    words = [];
    names = [];
    opener = undefined;
  };
  const length = Math.min(text.length, MAX_TEXT);
  for (let at = 0; at < length;) {
    const kind = kindAt(text, at);
    if (kind === SPACE) {
      at++;
    } else if (kind === END) {
      // A dot inside "e.g." or "3.5" ends nothing.
      const ends = text.charCodeAt(at) > 127 || text.charCodeAt(at) === 10 || kindAt(text, at + 1) <= END;
      if (ends) endSentence();
      else endRun();
      at++;
    } else if (!isWordKind(kind)) {
      endRun();
      at++;
    } else {
      const end = wordEnd(text, at);
      const whole = text.slice(at, end);
      const word = POSSESSIVE.test(whole) ? whole.slice(0, -2) : whole;
      const lower = word.toLowerCase();
      const isName = kind === CAPITAL && word.length > 1 && !(run.length === 0 && functionWords.has(lower));
      if (isName) {
        if (run.length === 0) isOpening = words.length === 0;
        run.push(lower);
      } else {
        endRun();
      }
      if (word.length < whole.length) endRun();
      words.push(lower);
      at = end;
    }
  }
  endSentence();
  return sentences;
}

/** The last word of a name, under which people and houses are spoken of after they were named in full. */
export function lastWord(name: string): string {
  return name.slice(name.lastIndexOf(" ") + 1);
}

/** Whether a word (lower case) belongs to the grammar or to the way in which things are asked, not to what they are about. */
export function isFunctionWord(word: string): boolean {
  return functionWords.has(word);
}

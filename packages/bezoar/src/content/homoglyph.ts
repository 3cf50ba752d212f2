import { MAX_HITS, type ContentHit } from "./content-hit.ts";
import { asciiOf, plainOf } from "./lookalikes.ts";

const WORD = /[\p{L}\p{M}]+/gu;
const FOREIGN_LETTER = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;
const LATIN = /^[A-Za-z]$/;
/** Shorter mixtures are formulas and units (ρgh, kΩ, νmax). */
const MIN_LETTERS = 4;
/** Longer ones are no words. */
const MAX_LETTERS = 64;
/** Words of one text that are looked at: a book of 1 MB in Cyrillic has less. */
const MAX_WORDS = 200_000;
/** Styled letters that make a sentence and not a formula. */
const MIN_STYLED = 12;

/** Latin words among which a word wholly of look-alikes stands out: a sentence. */
const MIN_LATIN_WORDS = 5;
/** Letters that pass in a mixed word but not by themselves: drawn as small capitals. */
const LOOSE = /[кмтвнκητ]/;

/**
 * Words that mix Latin with letters of another script drawn alike, so that they look like another word (the idea of
 * UTS #39), and words wholly of such letters in a text that has no genuine word of their script. Quiet where the text is
 * bilingual and a Latin name carries an ending, on units and on formulas.
 */
export function findHomoglyphs(text: string): ContentHit[] {
  const suspects: { readonly word: string; readonly start: number; readonly kind: Mixture }[] = [];
  const genuine = new Set<string>();
  let words = 0;
  let latinWords = 0;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (!FOREIGN_LETTER.test(word)) {
      if (word.length >= 3) latinWords++;
      continue;
    }
    if (++words > MAX_WORDS) break;
    const kind = judgeWord(word);
    if (kind === "genuine") genuine.add(scriptOf(word));
    else if (kind !== "short" && suspects.length < MAX_WORDS) suspects.push({ word, start: index, kind });
  }
  const hits: ContentHit[] = [];
  for (const { word, start, kind } of suspects) {
    if (hits.length >= MAX_HITS) break;
    const isBilingual = genuine.has(scriptOf(word));
    if (kind === "whole" && (latinWords < MIN_LATIN_WORDS || LOOSE.test(word))) continue;
    if (kind !== "inside" && isBilingual) continue;
    const shown = Array.from(word)
      .map((letter) => asciiOf(letter.charCodeAt(0)) ?? letter)
      .join("");
    hits.push({
      rule: "content/homoglyph",
      form: kind === "whole" ? "whole-word" : "mixed-word",
      start,
      end: start + word.length,
      what: `a word in ${kind === "whole" ? "look-alike" : "mixed"} scripts that reads as ${JSON.stringify(shown)}`,
      severity: isBilingual ? "info" : "low",
    });
  }
  return [...hits, ...styledText(text)].slice(0, MAX_HITS);
}

/** inside: look-alikes among Latin letters; ending: only behind or before them; whole: all letters; genuine: a word of its script. */
type Mixture = "inside" | "ending" | "whole" | "genuine" | "short";

function judgeWord(word: string): Mixture {
  let latin = 0;
  let alike = 0;
  let changes = 0;
  let before: boolean | undefined;
  const letters = Array.from(word);
  for (const letter of letters) {
    const isLatin = LATIN.test(letter);
    if (isLatin) latin++;
    else if (asciiOf(letter.charCodeAt(0)) !== undefined) alike++;
    else return FOREIGN_LETTER.test(letter) && letters.length >= 3 ? "genuine" : "short";
    if (before !== undefined && before !== isLatin) changes++;
    before = isLatin;
  }
  if (letters.length < MIN_LETTERS || letters.length > MAX_LETTERS) return "short";
  if (latin === 0) return "whole";
  if (latin < 2) return "short";
  if (changes > 1) return "inside";
  return alike === 1 && scriptOf(word) === "Greek" ? "short" : "ending"; // νmax and TNFα are names of quantities
}

function scriptOf(word: string): string {
  const letter = FOREIGN_LETTER.exec(word)?.[0] ?? "";
  if (/\p{Script=Greek}/u.test(letter)) return "Greek";
  return /\p{Script=Cyrillic}/u.test(letter) ? "Cyrillic" : "other";
}

const STYLED_RUN =
  /(?:[\u{1d400}-\u{1d7ff}\u{1f130}-\u{1f189}\u24b6-\u24e9ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ](?: |\ufe0f){0,2}){12,}/gu;

/** Sentences in mathematical or small-capital letters: a model reads them, a filter does not. */
function styledText(text: string): ContentHit[] {
  const hits: ContentHit[] = [];
  for (const { 0: run, index } of text.matchAll(STYLED_RUN)) {
    const plain = Array.from(run)
      .map((letter) => plainOf(letter) ?? asciiOf(letter.charCodeAt(0)) ?? letter)
      .join("");
    if (plain.replaceAll(/[^A-Za-z]/g, "").length < MIN_STYLED || hits.length >= MAX_HITS) continue;
    hits.push({
      rule: "content/homoglyph",
      form: "styled-text",
      start: index,
      end: index + run.length,
      what: "a text in styled letters",
      decoded: plain.slice(0, 400),
      severity: "info",
    });
  }
  return hits;
}

/** A word or sign in lower case, and where it stands. */
export type Word = { readonly text: string; readonly start: number; readonly end: number };

/** Signs that are words by themselves; words with inner apostrophes; an empty line; any other sign. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[[\p{L}\p{M}\p{N}_]--[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]]+(?:['’]\p{L}{1,8})?|\n[^\S\n]{0,80}\n|[[^\s]--[\p{L}\p{M}\p{N}_]]/gv;

/** What an empty line becomes: the end of a paragraph. */
export const PARAGRAPH = "\n\n";

/** The words of a text, for matching phrases; linear. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const match of text.matchAll(WORD)) {
    const [found] = match;
    const isBreak = found.charCodeAt(0) === 10;
    words.push({
      text: isBreak ? PARAGRAPH : found.toLowerCase().replace("’", "'"),
      start: match.index,
      end: match.index + found.length,
    });
  }
  return words;
}

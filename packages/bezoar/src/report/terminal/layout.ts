import { styleText } from "node:util";

export type Style = Parameters<typeof styleText>[0];

/** Colours a text, or leaves it alone; the caller decides once for the whole report. */
export type Paint = (style: Style, text: string) => string;

/** A painter for a terminal that shows colours, or for one that does not. */
export function createPaint(color: boolean): Paint {
  return (style, text) => (color && text !== "" ? styleText(style, text, { validateStream: false }) : text);
}

/** What every part of the terminal report needs: colours, and the columns that there are. */
export type Screen = { readonly paint: Paint; readonly width: number };

const INDENT = 2;
const LABEL_COLUMNS = 11;

const ASCII_ONLY = /^[ -~]*$/;
const COMBINING = /^\p{M}$/u;
/** East Asian wide and full-width characters and emoji take two columns (Unicode TR 11). */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}\p{Emoji_Presentation}]$/u;

function characterColumns(character: string): number {
  if (COMBINING.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** How many columns an escaped, unpainted text takes. */
export function columnsOf(text: string): number {
  if (ASCII_ONLY.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += characterColumns(character);
  return columns;
}

/** Pads an unpainted text to a column. */
export function padColumns(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - columnsOf(text)));
}

/** The text cut to the columns that there are, with … where it was. */
export function cutColumns(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let kept = "";
  let used = 1;
  for (const character of text) {
    used += characterColumns(character);
    if (used > columns) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/** The end of the text in the columns that there are, with … where its beginning was. */
export function cutStart(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let kept = "";
  let used = 1;
  for (const character of Array.from(text).toReversed()) {
    used += characterColumns(character);
    if (used > columns) break;
    kept = character + kept;
  }
  return `…${kept}`;
}

/** Pieces of a word that is longer than a line. */
function breakWord(word: string, columns: number): string[] {
  const pieces: string[] = [];
  let piece = "";
  let used = 0;
  for (const character of word) {
    const wide = characterColumns(character);
    if (used + wide > columns && piece !== "") {
      pieces.push(piece);
      piece = "";
      used = 0;
    }
    piece += character;
    used += wide;
  }
  return [...pieces, piece];
}

/** Breaks an escaped, unpainted text at spaces into lines of at most `columns`. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((w) => (columnsOf(w) > columns ? breakWord(w, columns) : [w]))) {
    if (line === "") line = word;
    else if (columnsOf(line) + 1 + columnsOf(word) <= columns) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return line === "" ? lines : [...lines, line];
}

/** Lines that hang beside a label: the label on the first, blanks before the others. */
export function labelled(screen: Screen, label: string, lines: readonly string[]): string[] {
  const margin = " ".repeat(INDENT);
  return lines.map((line, index) => {
    const name = index === 0 ? padColumns(label, LABEL_COLUMNS) : " ".repeat(LABEL_COLUMNS);
    return `${margin}${screen.paint("dim", name)}${line}`.trimEnd();
  });
}

/** Columns left of the labels. */
export function bodyColumns(screen: Screen): number {
  return screen.width - INDENT - LABEL_COLUMNS;
}

/** A label and a wrapped text beside it. */
export function labelledText(screen: Screen, label: string, text: string): string[] {
  return labelled(screen, label, wrap(text, bodyColumns(screen)));
}

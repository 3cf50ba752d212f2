import { MAX_HITS, type ContentHit } from "./content-hit.ts";

const CONTROL = /[\u202a-\u202e\u2066-\u2069]/g;
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const LETTER_LEFT_TO_RIGHT = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/u;
/** What makes a line code or a file name, where the order of characters decides what happens. */
const CODE = /[;{}=]|\/\/|\/\*|\w\(|'''|"""|#|\.[A-Za-z0-9]{2,4}(?:\s|$)/;

/** Overrides of one line that are looked at, and how far: a line of nothing else must not be read once for each. */
const MAX_OVERRIDES = 100;
const MAX_COVERED = 500;

/**
 * Characters that show a line in another order than it is read (Trojan Source, CVE-2021-42574): overrides over letters
 * of the other direction, and right-to-left embeddings or isolates that are left open although the line holds nothing
 * that is written right to left. Well-formed right-to-left text is innocent. Linear: each line is read once.
 */
export function findBidiControls(text: string): ContentHit[] {
  const hits: ContentHit[] = [];
  let start = 0;
  while (start < text.length && hits.length < MAX_HITS) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const found = judgeLine(text.slice(start, end), start);
    if (found !== undefined) hits.push(found);
    start = end + 1;
  }
  return hits;
}

function judgeLine(line: string, offset: number): ContentHit | undefined {
  const controls = [...line.matchAll(CONTROL)];
  const [first] = controls;
  const last = controls.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const place = {
    rule: "content/bidi-control",
    start: offset + first.index,
    end: offset + last.index + 1,
  } as const;
  const isForeign = RIGHT_TO_LEFT.test(line); // then a careless control is likelier than a trick
  const severity = CODE.test(line) && !isForeign ? "medium" : "low";
  for (const { 0: control, index } of controls.slice(0, MAX_OVERRIDES)) {
    if (control !== "\u202e" && control !== "\u202d") continue;
    const close = line.slice(index, index + MAX_COVERED).indexOf("\u202c");
    const covered = line.slice(index + 1, index + (close < 0 ? MAX_COVERED : close));
    const reversed = control === "\u202e" ? LETTER_LEFT_TO_RIGHT : RIGHT_TO_LEFT;
    if (reversed.test(covered)) {
      return {
        ...place,
        form: "override",
        what: "an override that shows letters in reverse order",
        severity,
      };
    }
  }
  if (isForeign || !isLeftOpen(controls.map(([control]) => control))) return undefined;
  return { ...place, form: "unbalanced", what: "a right-to-left control that is never closed", severity };
}

/** Whether a right-to-left embedding or isolate is still open at the end of the line (UAX #9: a paragraph closes all). */
function isLeftOpen(controls: readonly string[]): boolean {
  const open: string[] = [];
  for (const control of controls) {
    if (control === "\u202c") {
      if (/[\u202a-\u202e]/.test(open.at(-1) ?? "")) open.pop();
    } else if (control === "\u2069") {
      const isolate = open.findLastIndex((opened) => /[\u2066-\u2068]/.test(opened));
      if (isolate >= 0) open.length = isolate;
    } else if (open.length < MAX_DEPTH) open.push(control);
  }
  return open.some((control) => control === "\u202b" || control === "\u2067");
}
const MAX_DEPTH = 125; // UAX #9, max_depth

import type { Field } from "../row.ts";

const MAX_LINE_UNITS = 400; // a "key: value" line that people write fits; longer lines are paragraphs
const MAX_VALUE_UNITS = 256; // a command line or a path, not an essay
const MAX_LONE_WORDS = 6; // a value that stands alone must be short, or "Note: this is ..." becomes a field
const MIN_BLOCK_LINES = 3; // so many key lines in a row are a record, whose values may be longer
const MAX_KEY_WORDS = 3; // "Source IP Address"

const BULLET = /^[\s>|]{0,16}(?:[-*•+]\s|\d{1,3}[.)]\s)?\s{0,8}/;
const KEY_LINE = /^\*{0,2}([A-Za-z][\w.\-/ ]{1,39}?)\*{0,2} ?[:=]\*{0,2}(?:\s+|$)(.*)$/;

/** Words that open a sentence or a section in prose and in tasks; no record calls a field so. */
const PROSE_KEYS = new Set(
  (
    "note question answer input output example examples instruction instructions response hint context text " +
    "sentence sentences task solution explanation passage article paragraph summary title conclusion introduction " +
    "q a warning tip ps user_input prompt assistant human system ai bot translation definition hypothesis premise " +
    "step steps options option choices choice given find else try finally default return case public private"
  ).split(" "),
);

/** The key and value of one line ("User: alice", "- **Host:** web-1"), without judging whether it is prose. */
function splitKeyLine(line: string): Field | undefined {
  if (line.length > MAX_LINE_UNITS || !/[:=]/.test(line)) return undefined;
  const match = KEY_LINE.exec(line.replace(BULLET, "").trimEnd());
  const key = match?.[1]?.trim() ?? "";
  const value = unquote(match?.[2] ?? "");
  if (key === "" || value === "" || value.length > MAX_VALUE_UNITS) return undefined;
  if (key.split(/\s+/).length > MAX_KEY_WORDS || PROSE_KEYS.has(key.toLowerCase())) return undefined;
  return [key, value];
}

/** A value without its quotes or back-ticks and the comma or semicolon behind it. */
function unquote(text: string): string {
  const bare = text.trim().replace(/[,;]$/, "");
  const quoted = /^(["'`])(.*)\1$/.exec(bare);
  return quoted?.[2] ?? bare;
}

/** Whether a line is a field even when it stands alone: a name ("User", "Source IP") and a value that is no sentence. */
function standsAlone([key, value]: Field): boolean {
  if (!/^\S+(?: [A-Z0-9]\S*)*$/.test(key)) return false;
  const words = value.split(/\s+/).length;
  return words <= 2 || (words <= MAX_LONE_WORDS && !/[.?!]$/.test(value));
}

/** Several fields on one line ("user: alice | host: web-1", "user: alice, host: web-1"); undefined when it is one. */
function splitInline(line: string): readonly Field[] | undefined {
  if (line.length > MAX_LINE_UNITS || line.indexOf(": ") === line.lastIndexOf(": ")) return undefined;
  const parts = line.split(/[|;,]\s/).map((part) => splitKeyLine(part));
  const fields = parts.filter((field) => field !== undefined);
  return fields.length >= 2 && fields.length >= parts.length - 1 ? fields : undefined; // a heading may stand before them
}

/** Fields written as "key: value" lines; sentences after a colon are left out unless they stand in a block of such lines. */
export function keyLines(text: string): Field[] {
  const fields: Field[] = [];
  let block: Field[] = [];
  const flush = () => {
    for (const field of block) if (block.length >= MIN_BLOCK_LINES || standsAlone(field)) fields.push(field);
    block = [];
  };
  for (const line of text.split("\n")) {
    const inline = splitInline(line);
    const single = inline === undefined ? splitKeyLine(line) : undefined;
    if (inline !== undefined) fields.push(...inline);
    if (single !== undefined) block.push(single);
    else flush();
  }
  flush();
  return fields;
}

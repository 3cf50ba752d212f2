import { parseCells, type CsvDialect } from "./csv-cells.ts";

const DELIMITERS = ["\t", ",", ";", "|"] as const;
type Delimiter = (typeof DELIMITERS)[number];

/** Share of the first records that must have one and the same number of cells; prose does not, a table with bad rows does. */
const CONSISTENT = 0.9;
/** The share that is enough when the first record looks like a header of just that width. */
const CONSISTENT_WITH_HEADER = 0.5;
/** Records that a table without header needs when cells are separated by what also stands in prose. */
const MIN_HEADERLESS = 5;
const MOSTLY = 0.8;
const MAX_SAMPLE = 500;
const MAX_NAME_CHARACTERS = 64;
const MAX_NAME_WORDS = 4;

/** Names that columns of datasets have. */
const KNOWN_NAMES = new Set(
  (
    "text sentence prompt response label labels category class target input output instruction question answer completion " +
    "chosen rejected message messages context title body content verdict intent sentiment id idx index user host review query"
  ).split(" "),
);

/** The head's records under a dialect, cut without regard to batches; the last one is left out unless the head is the whole file. */
function sampleRecords(head: string, isWhole: boolean, delimiter: Delimiter, quoted: boolean): string[] {
  const records: string[] = [];
  let start = 0;
  let inQuotes = false;
  let cellStart = true;
  for (let i = 0; i < head.length && records.length < MAX_SAMPLE; i++) {
    const character = head[i];
    if (inQuotes) {
      if (character === '"') {
        if (head[i + 1] === '"') i++;
        else inQuotes = false;
      }
      continue;
    }
    if (character === "\n") {
      if (head.slice(start, i).trim() !== "") records.push(head.slice(start, i + 1));
      start = i + 1;
    }
    if (quoted && cellStart && character === '"') inQuotes = true;
    cellStart = character === delimiter || character === "\n";
  }
  if (isWhole && records.length < MAX_SAMPLE && head.slice(start).trim() !== "")
    records.push(head.slice(start));
  return records;
}

type Reading = {
  readonly rows: string[][];
  readonly width: number;
  readonly share: number;
  readonly broken: number;
};

/** How well the head reads under a dialect. */
function tryDialect(head: string, isWhole: boolean, delimiter: Delimiter, quoted: boolean): Reading {
  const parsed = sampleRecords(head, isWhole, delimiter, quoted).map((record) =>
    parseCells(record, { delimiter, quoted }),
  );
  const rows = parsed.filter((cells) => cells !== undefined);
  const counts = new Map<number, number>();
  for (const cells of rows) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  let width = 1;
  let most = 0;
  for (const [cells, count] of counts) {
    if (count > most || (count === most && cells > width)) {
      width = cells;
      most = count;
    }
  }
  return {
    rows,
    width,
    share: parsed.length === 0 ? 0 : most / parsed.length,
    broken: parsed.length - rows.length,
  };
}

const NUMBER = /^[+-]?\d{1,20}(\.\d{1,20})?$/;
const NAME = /^[\p{L}_$@][\p{L}\p{M}\p{N}_$@.:/ ()-]*$/u;

function looksLikeName(cell: string): boolean {
  return (
    cell.length <= MAX_NAME_CHARACTERS && NAME.test(cell) && cell.trim().split(" ").length <= MAX_NAME_WORDS
  );
}

/** Whether the first record names the columns: names in every cell (the first may be empty: an index), and no sign that it is data. */
function isHeader(rows: readonly string[][]): boolean {
  const [first, ...rest] = rows;
  if (first === undefined) return false;
  const named = first.filter((cell, i) => i > 0 || cell !== "");
  if (named.length === 0 || !named.every((cell) => looksLikeName(cell))) return false;
  if (named.some((cell) => KNOWN_NAMES.has(cell.trim().toLowerCase()))) return true;
  if (new Set(named).size < named.length) return false;
  if (rest.length === 0) return true;
  const column = (i: number): string[] => rest.map((cells) => cells[i] ?? "");
  if (first.some((_, i) => column(i).every((cell) => NUMBER.test(cell)))) return true;
  return !first.some((cell, i) => cell !== "" && column(i).includes(cell));
}

/** Names for columns that have none: `text` and `label` where one column is long and the other repeats few values. */
function inventNames(rows: readonly string[][], width: number): string[] {
  const numbered = Array.from({ length: width }, (_, i) => `column${i + 1}`);
  if (width !== 2) return numbered;
  const distinct = [0, 1].map((i) => new Set(rows.map((cells) => cells[i])).size);
  const few = Math.max(2, Math.sqrt(rows.length));
  const [left = 0, right = 0] = distinct;
  if (right <= few && left > right) return ["text", "label"];
  return left <= few && right > left ? ["label", "text"] : numbered;
}

/** Whether some column is mostly empty: lines that end in the delimiter, as statements and lists do, are no table. */
function hasEmptyColumn({ rows, width }: Reading): boolean {
  const empty = (i: number): number => rows.filter((cells) => (cells[i] ?? "").trim() === "").length;
  return Array.from({ length: width }, (_, i) => empty(i)).some((count) => count > rows.length * MOSTLY);
}

/** Column names as the header has them, each made unique and none empty. */
function distinctNames(header: readonly string[]): string[] {
  const seen = new Set<string>();
  return header.map((cell, i) => {
    const name = cell.trim() === "" ? `column${i + 1}` : cell.trim();
    let unique = name;
    for (let n = 2; seen.has(unique); n++) unique = `${name}_${n}`;
    seen.add(unique);
    return unique;
  });
}

function isWrapped(cell: string | undefined): boolean {
  return cell !== undefined && cell.length > 1 && cell.startsWith('"') && cell.endsWith('"');
}

/** Whether quotes around cells of a tab-separated head are syntax: they protect something or stand around every cell of a column. */
function quotesAreSyntax(literal: Reading, quoted: Reading): boolean {
  if (quoted.broken > 0 || quoted.share < literal.share) return false;
  if (quoted.share > literal.share || quoted.rows.length < literal.rows.length) return true;
  if (literal.rows.some((cells) => cells.some((cell) => isWrapped(cell) && cell.slice(1, -1).includes('""'))))
    return true;
  return (literal.rows[0] ?? []).some(
    (_, i) => literal.rows.length > 1 && literal.rows.slice(1).every((cells) => isWrapped(cells[i])),
  );
}

/** The dialect of a delimited file, told from its head; undefined when the head is no table. */
export function detectDialect(head: string, isWhole: boolean): CsvDialect | undefined {
  let best: { delimiter: Delimiter; quoted: boolean; reading: Reading; header: boolean } | undefined;
  for (const delimiter of DELIMITERS) {
    let quoted = true;
    let reading = tryDialect(head, isWhole, delimiter, true);
    if (delimiter === "\t") {
      const literal = tryDialect(head, isWhole, delimiter, false);
      quoted = quotesAreSyntax(literal, reading);
      if (!quoted) reading = literal;
    }
    if (reading.width < 2) continue;
    const header = reading.rows[0]?.length === reading.width && isHeader(reading.rows);
    const needed = header ? CONSISTENT_WITH_HEADER : CONSISTENT;
    const enough =
      header || delimiter === "\t" || (reading.rows.length >= MIN_HEADERLESS && !hasEmptyColumn(reading));
    if (reading.share < needed || !enough) continue;
    if (best === undefined || reading.share > best.reading.share)
      best = { delimiter, quoted, reading, header };
  }
  if (best === undefined) return undefined;
  const { delimiter, quoted, reading, header } = best;
  const names = header ? distinctNames(reading.rows[0] ?? []) : inventNames(reading.rows, reading.width);
  return { delimiter, quoted, hasHeader: header, names };
}

/** The dialect in words, for the notes of a report. */
export function describeDialect(dialect: CsvDialect): string {
  const separator = { ",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars" }[dialect.delimiter];
  const quotes = dialect.quoted ? 'cells may be quoted with "' : 'a " is plain text';
  const columns = dialect.hasHeader
    ? "the first record names the columns"
    : `no header, columns named ${dialect.names.join(", ")}`;
  return `cells separated by ${separator}; ${quotes}; ${columns}`;
}

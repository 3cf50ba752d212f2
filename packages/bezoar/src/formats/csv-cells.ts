/** How a delimited file is written. `quoted` = cells may stand in double quotes (RFC 4180); else quotes are plain text. */
export type CsvDialect = {
  readonly delimiter: "," | ";" | "\t" | "|";
  readonly quoted: boolean;
  /** Whether the first record names the columns. */
  readonly hasHeader: boolean;
  readonly names: readonly string[];
};

const QUOTE = '"';

/** The cells of one record, without its line end; undefined when text follows a closing quote or a quote is never closed. */
export function parseCells(
  record: string,
  dialect: Pick<CsvDialect, "delimiter" | "quoted">,
): string[] | undefined {
  const { delimiter } = dialect;
  const text = record.endsWith("\r\n")
    ? record.slice(0, -2)
    : record.endsWith("\n")
      ? record.slice(0, -1)
      : record;
  if (!dialect.quoted || !text.includes(QUOTE)) return text.split(delimiter);
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (text[at] !== QUOTE) {
      const end = text.indexOf(delimiter, at);
      if (end === -1) return [...cells, text.slice(at)];
      cells.push(text.slice(at, end));
      at = end + 1;
      continue;
    }
    let close = text.indexOf(QUOTE, at + 1);
    while (close !== -1 && text[close + 1] === QUOTE) close = text.indexOf(QUOTE, close + 2);
    if (close === -1) return undefined;
    cells.push(text.slice(at + 1, close).replaceAll('""', QUOTE));
    // "\r" alone is left where the file was cut off between CR and LF.
    if (close + 1 === text.length || text.slice(close + 1) === "\r") return cells;
    if (text[close + 1] !== delimiter) return undefined;
    at = close + 2;
  }
}

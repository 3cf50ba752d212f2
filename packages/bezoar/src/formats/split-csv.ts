import type { BatchBuilder } from "./batch-builder.ts";
import { MAX_RECORD_BYTES } from "./limits.ts";
import { hasContent } from "./read-jsonl.ts";
import type { CsvDialect } from "./csv-cells.ts";

const LF = 10;
const QUOTE = 34;

/** Quotes that are opened and never closed, after which reading starts again on the next line; each may cost MAX_RECORD_BYTES of rereading. */
const MAX_RECOVERIES = 16;
const UNCLOSED = "a quote is opened and never closed";

/** Cuts a delimited file into records: at each LF that does not stand inside a quoted cell. */
export type CsvSplitter = {
  readonly feed: (chunk: Uint8Array) => void;
  /** Ends the last record; true when the file ended without a line end. */
  readonly finish: () => boolean;
};

/** A splitter that hands its records to `builder`. */
export function createCsvSplitter(dialect: Omit<CsvDialect, "names">, builder: BatchBuilder): CsvSplitter {
  const delimiter = dialect.delimiter.charCodeAt(0);
  let state: "start" | "plain" | "quoted" | "quote" = "start"; // "start": of a cell; "quote": after a quote inside a quoted cell
  let line = 1;
  let recordLine = 1;
  let filled = false;
  let recoveries = 0;
  let isHeader = dialect.hasHeader;

  const endRecord = (): void => {
    if (filled && !isHeader) builder.end(recordLine);
    else builder.discard();
    isHeader &&= !filled;
    recordLine = line;
    filled = false;
    state = "start";
  };

  /** The place after the record's line end within bytes [from, to), or -1 when it goes on. */
  const recordEnd = (chunk: Uint8Array, from: number): number => {
    for (let i = from; i < chunk.length; i++) {
      const byte = chunk[i] ?? 0;
      if (byte === LF) line++;
      if (state === "quoted") {
        if (byte === QUOTE) state = "quote";
      } else if (byte === LF) return i + 1;
      else if (byte === QUOTE && state !== "plain") state = "quoted";
      else state = byte === delimiter ? "start" : "plain";
    }
    return -1;
  };

  /** Gives up the first line of the record under way and reads what follows it anew. */
  function recover(): boolean {
    if (state !== "quoted" || recoveries >= MAX_RECOVERIES) return false;
    const bytes = builder.pending();
    const lf = bytes.indexOf(LF);
    if (lf === -1) return false;
    recoveries++;
    builder.fail(recordLine, UNCLOSED, lf + 1);
    line = recordLine + 1;
    recordLine = line;
    filled = false;
    state = "start";
    feed(bytes.subarray(lf + 1));
    return true;
  }

  function feed(chunk: Uint8Array): void {
    let from = 0;
    let quote = dialect.quoted ? chunk.indexOf(QUOTE) : -1;
    while (from < chunk.length) {
      if (quote !== -1 && quote < from) quote = chunk.indexOf(QUOTE, from);
      let end: number;
      const lf = state === "quoted" ? -1 : chunk.indexOf(LF, from);
      if (
        dialect.quoted &&
        (state === "quoted" || state === "quote" || (quote !== -1 && (lf === -1 || quote < lf)))
      ) {
        end = recordEnd(chunk, from);
      } else {
        end = lf === -1 ? -1 : lf + 1;
        if (end === -1) state = chunk[chunk.length - 1] === delimiter ? "start" : "plain";
        else line++;
      }
      const to = end === -1 ? chunk.length : end;
      filled ||= hasContent(chunk, from, to);
      if (end === -1 && builder.size() + to - from > MAX_RECORD_BYTES && state === "quoted") {
        const rest = chunk.slice(from, to);
        if (recover()) {
          feed(rest);
          return;
        }
      }
      builder.append(chunk, from, to);
      from = to;
      if (end !== -1) endRecord();
    }
  }

  const finish = (): boolean => {
    while (filled && !builder.isOversize() && recover());
    const isOpen = filled;
    if (filled) endRecord();
    return isOpen;
  };

  return { feed, finish };
}

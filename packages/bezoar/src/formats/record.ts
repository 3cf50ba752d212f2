/** Any value that JSON can say; what a record of any format becomes. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One record as read: its value, or why it could not be read. `row` counts all records from 0, unreadable ones included. */
export type DecodedRecord =
  | { readonly row: number; readonly line?: number; readonly value: Json }
  | { readonly row: number; readonly line?: number; readonly unreadable: string };

/**
 * A run of consecutive records of one file. `json` payloads are still bytes, so that decoding can happen on a worker:
 * record i is bytes[starts[i], starts[i + 1]) and stands on line lines[i] (1-based). Where the batches are cut
 * depends on the input alone, never on timing. A batch can be posted to a worker by structured clone.
 */
export type RecordBatch = {
  readonly file: number;
  readonly firstRow: number;
  readonly count: number;
  readonly payload:
    | {
        readonly kind: "json";
        readonly bytes: Uint8Array;
        readonly starts: Uint32Array;
        readonly lines: Uint32Array;
      }
    | { readonly kind: "decoded"; readonly records: readonly DecodedRecord[] };
};

/** What is known of a file after it was read to its end. */
export type FileSummary = {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly format: "jsonl" | "json" | "csv" | "tsv" | "parquet" | "text" | "source" | "unknown";
  readonly compression?: "gzip" | "zstd";
  readonly firstRow: number;
  readonly rows: number;
};

/** An opened dataset: one file, several, or standard input. `files` is complete once `batches` has ended. */
export type RecordSource = {
  readonly name: string;
  /** Bytes on disk in all, for progress; undefined when it cannot be known (standard input). */
  readonly totalBytes: number | undefined;
  /** Bytes consumed so far, for progress. */
  readonly bytesRead: () => number;
  readonly batches: () => AsyncIterable<RecordBatch>;
  readonly files: () => readonly FileSummary[];
  /** Things a reader of the report must know: a truncated last line, a byte-order mark, an unusual dialect. */
  readonly notes: () => readonly string[];
};

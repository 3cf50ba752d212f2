import { AppError } from "../core/errors.ts";
import { decodeBatch } from "../formats/decode-batch.ts";
import { openDataset } from "../formats/open-dataset.ts";
import type { Json, RecordBatch } from "../formats/record.ts";
import { recordsSource } from "./ingest/records-source.ts";
import { readShape } from "./ingest/read-shape.ts";
import type { Row, ShapeKind } from "./row.ts";
import { subjectDigest } from "./scan.ts";
import { editRecord, partsOfRecord, type RecordChange, type RecordParts } from "./shape/edit-record.ts";
import type { ShapeOverrides } from "./shape/shape-spec.ts";
import { toRow } from "./shape/to-row.ts";

/**
 * One record of a dataset: the row that a scan sees in it, with the value it was read from, or why it is none; a value
 * that was read but does not have the dataset's shape comes along. `number` counts every record from 0, as scans do.
 */
export type OpenedRow =
  | (Row & { readonly value: Json })
  | { readonly number: number; readonly unreadable: string; readonly value?: Json };

/** A dataset whose rows can be read, one by one, and edited. */
export type OpenedRows = {
  readonly name: string;
  readonly shape: { readonly kind: ShapeKind; readonly description: string };
  /** Reads all rows in order, in constant memory; again from the start on each call, if it is not a stream. */
  readonly rows: () => AsyncIterable<OpenedRow>;
  /** Digest of what was read, as a scan's report gives it; only after `rows` has ended. */
  readonly sha256: () => string;
  /** Bytes consumed so far and in all, for progress. */
  readonly bytesRead: () => number;
  readonly totalBytes: number | undefined;
  /** The texts of a record that `edit` can replace. */
  readonly parts: (value: Json) => RecordParts;
  /** The record with some of its texts replaced, everything else unchanged. */
  readonly edit: (value: Json, change: RecordChange) => Json;
};

/** What a caller may say about the fields, as for a scan. */
export type RowsOptions = ShapeOverrides & {
  /** Read for the source "-"; the process's own standard input unless given. */
  readonly stdin?: AsyncIterable<unknown>;
};

/**
 * Opens any dataset that `scanDataset` reads and tells its shape from the first records.
 * Throws `AppError` when nothing can be read or the shape cannot be told.
 * @example
 * const dataset = await openRows("train.jsonl");
 * for await (const row of dataset.rows()) if (!("unreadable" in row)) console.log(row.prompt, row.response);
 */
export async function openRows(
  source: string | Iterable<Json> | AsyncIterable<Json>,
  options: RowsOptions = {},
): Promise<OpenedRows> {
  const { stdin, ...overrides } = options;
  const opened =
    typeof source === "string" ? await openDataset(source, stdin && { stdin }) : recordsSource(source);
  const { spec, batches, close } = await readShape(opened, overrides);
  const isStream = opened.totalBytes === undefined;
  if (!isStream) await close();
  let isSpent = false;

  const next = (): AsyncIterable<RecordBatch> => {
    if (!isStream) return opened.batches();
    if (isSpent) {
      throw new AppError("not-readable", `${opened.name} can be read only once; save it to a file first`);
    }
    isSpent = true;
    return batches;
  };
  return {
    name: opened.name,
    shape: { kind: spec.kind, description: spec.description },
    rows: async function* () {
      for await (const batch of next()) {
        for (const record of decodeBatch(batch)) {
          const { row: number } = record;
          if ("unreadable" in record) yield { number, unreadable: record.unreadable };
          else yield Object.assign(toRow(spec, number, record.value), { number, value: record.value });
        }
      }
    },
    sha256: () => subjectDigest(opened.files()),
    bytesRead: opened.bytesRead,
    totalBytes: opened.totalBytes,
    parts: (value) => partsOfRecord(spec, value),
    edit: (value, change) => editRecord(spec, value, change),
  };
}

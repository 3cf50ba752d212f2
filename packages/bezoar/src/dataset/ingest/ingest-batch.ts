import type { Unreadable } from "../../core/report.ts";
import { decodeBatch } from "../../formats/decode-batch.ts";
import type { RecordBatch } from "../../formats/record.ts";
import { encodeBlock, type EncodedBlock } from "../engine/block.ts";
import type { Row } from "../row.ts";
import type { ShapeSpec } from "../shape/infer-shape.ts";
import { toRow } from "../shape/to-row.ts";

/** A batch of records to be made a block; plain data, so that it can be sent to a worker. */
export type IngestTask = { readonly batch: RecordBatch; readonly spec: ShapeSpec; readonly seed: number };

/** The block of a batch and the records that could not be read. */
export type IngestedBatch = {
  readonly block: EncodedBlock;
  readonly unreadable: readonly Omit<Unreadable, "file">[];
};

/** Decodes, shapes and tokenises one batch; never throws over a bad record. */
export function ingestBatch(task: IngestTask): IngestedBatch {
  const rows: Row[] = [];
  const lines: number[] = [];
  const unreadable: Omit<Unreadable, "file">[] = [];
  for (const record of decodeBatch(task.batch)) {
    const where = { row: record.row, ...(record.line === undefined ? {} : { line: record.line }) };
    if ("unreadable" in record) {
      unreadable.push({ ...where, reason: record.unreadable });
      continue;
    }
    const row = toRow(task.spec, record.row, record.value);
    if ("unreadable" in row) unreadable.push({ ...where, reason: row.unreadable });
    else {
      rows.push(row);
      lines.push(record.line ?? 0);
    }
  }
  return { block: encodeBlock(rows, task.seed, lines), unreadable };
}

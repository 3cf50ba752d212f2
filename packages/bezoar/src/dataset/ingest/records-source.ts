import { createHash } from "node:crypto";
import { BATCH_BYTES } from "../../formats/limits.ts";
import type { DecodedRecord, FileSummary, Json, RecordBatch, RecordSource } from "../../formats/record.ts";

/** Records handed over in memory are batched like those of a file. */
const RECORDS_PER_BATCH = 2048;

/** Makes records in memory look like an opened dataset; its digest is that of the records as JSON lines. */
export function recordsSource(records: Iterable<Json> | AsyncIterable<Json>): RecordSource {
  const hash = createHash("sha256");
  let bytes = 0;
  let heldBytes = 0;
  let rows = 0;
  let files: readonly FileSummary[] = [];
  async function* batches(): AsyncGenerator<RecordBatch> {
    let held: DecodedRecord[] = [];
    const flush = (): RecordBatch => {
      const batch = {
        file: 0,
        firstRow: rows,
        count: held.length,
        payload: { kind: "decoded", records: held },
      } as const;
      rows += held.length;
      held = [];
      heldBytes = 0;
      return batch;
    };
    for await (const value of records) {
      const line = `${JSON.stringify(value)}\n`;
      hash.update(line);
      const size = Buffer.byteLength(line);
      bytes += size;
      heldBytes += size;
      held.push({ row: rows + held.length, value });
      if (held.length === RECORDS_PER_BATCH || heldBytes >= BATCH_BYTES) yield flush();
    }
    if (held.length > 0) yield flush();
    files = [{ path: "(records)", sha256: hash.digest("hex"), bytes, format: "jsonl", firstRow: 0, rows }];
  }
  return {
    name: "(records)",
    totalBytes: undefined,
    bytesRead: () => bytes,
    batches,
    files: () => files,
    notes: () => [],
  };
}

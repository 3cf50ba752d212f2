import { isAscii, isUtf8 } from "node:buffer";
import { decodeJson, parseJson } from "./decode-json.ts";
import type { DecodedRecord, RecordBatch } from "./record.ts";

/** The records of a batch, each with its value or the reason why it has none. Pure, so that it may run on any thread. */
export function decodeBatch(batch: RecordBatch): DecodedRecord[] {
  const { payload, firstRow, count } = batch;
  if (payload.kind === "decoded") return [...payload.records];
  const { starts, lines } = payload;
  // A batch that was cloned to another thread arrives as a plain Uint8Array.
  const bytes = Buffer.from(payload.bytes.buffer, payload.bytes.byteOffset, payload.bytes.byteLength);
  const encoding = isAscii(bytes) ? "latin1" : isUtf8(bytes) ? "utf8" : undefined;
  const records: DecodedRecord[] = [];
  for (let i = 0; i < count; i++) {
    const start = starts[i] ?? 0;
    const end = starts[i + 1] ?? bytes.length;
    const outcome =
      encoding === undefined
        ? decodeJson(bytes.subarray(start, end))
        : parseJson(bytes.toString(encoding, start, end));
    records.push({ row: firstRow + i, line: lines[i] ?? 0, ...outcome });
  }
  return records;
}

import { isUtf8 } from "node:buffer";
import { createBatchBuilder, OVERSIZE, type FileContext } from "./batch-builder.ts";
import { INVALID_UTF8 } from "./decode-json.ts";
import { MAX_RECORD_BYTES } from "./limits.ts";
import { hasContent } from "./read-jsonl.ts";
import type { DecodedRecord, RecordBatch } from "./record.ts";

const LF = 10;

function decodeText(
  bytes: Buffer,
  path: string | undefined,
): { value: { text: string; path?: string } } | { unreadable: string } {
  if (!isUtf8(bytes)) return { unreadable: INVALID_UTF8 };
  const text = bytes.toString("utf8");
  if (text.includes("\0")) return { unreadable: "a NUL byte" };
  return { value: path === undefined ? { text } : { text, path } };
}

/** The batch with its records' bytes turned into `{ text }`, without the white space at the end. */
function decode(batch: RecordBatch): RecordBatch {
  if (batch.payload.kind === "decoded") return batch;
  const { bytes, starts, lines } = batch.payload;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: DecodedRecord[] = [];
  for (let i = 0; i < batch.count; i++) {
    const start = starts[i] ?? 0;
    let end = starts[i + 1] ?? 0;
    while (end > start && !hasContent(buffer, end - 1, end)) end--;
    records.push({
      row: batch.firstRow + i,
      line: lines[i] ?? 0,
      ...decodeText(buffer.subarray(start, end), undefined),
    });
  }
  return { ...batch, payload: { kind: "decoded", records } };
}

/** The lines or the paragraphs (blocks between blank lines) of a text as records `{ text }`. */
export async function* readText(
  chunks: AsyncIterable<Uint8Array>,
  unit: "line" | "paragraph",
  context: FileContext,
): AsyncGenerator<RecordBatch> {
  const builder = createBatchBuilder(context);
  let line = 1;
  let recordLine = 0; // 0 = no record is under way
  let filled = false; // the line under way has more than white space
  for await (const chunk of chunks) {
    let from = 0;
    while (from < chunk.length) {
      const lf = chunk.indexOf(LF, from);
      const to = lf === -1 ? chunk.length : lf + 1;
      filled ||= hasContent(chunk, from, to);
      builder.append(chunk, from, to);
      if (filled && recordLine === 0) recordLine = line;
      from = to;
      if (lf === -1) break;
      if (recordLine === 0) builder.discard();
      else if (unit === "line" || !filled) {
        builder.end(recordLine);
        recordLine = 0;
      }
      filled = false;
      line++;
    }
    for (const batch of builder.take()) yield decode(batch);
  }
  if (recordLine !== 0) builder.end(recordLine);
  builder.flush();
  for (const batch of builder.take()) yield decode(batch);
}

/** A whole file as one record `{ text, path }`; an empty one is no record. */
export async function* readWhole(
  chunks: AsyncIterable<Uint8Array>,
  path: string,
  context: FileContext,
): AsyncGenerator<RecordBatch> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size <= MAX_RECORD_BYTES) parts.push(chunk);
  }
  if (size === 0) return;
  context.extents?.record(0, size);
  const row = context.firstRow;
  const record: DecodedRecord =
    size > MAX_RECORD_BYTES
      ? { row, line: 1, unreadable: OVERSIZE }
      : { row, line: 1, ...decodeText(Buffer.concat(parts), path) };
  yield { file: context.file, firstRow: row, count: 1, payload: { kind: "decoded", records: [record] } };
}

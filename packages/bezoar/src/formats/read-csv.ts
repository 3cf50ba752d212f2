import { isUtf8 } from "node:buffer";
import { createBatchBuilder, type FileContext } from "./batch-builder.ts";
import { parseCells, type CsvDialect } from "./csv-cells.ts";
import { INVALID_UTF8 } from "./decode-json.ts";
import type { DecodedRecord, Json, RecordBatch } from "./record.ts";
import { createCsvSplitter } from "./split-csv.ts";

/** An object whose own members are the columns; assignment would lose a column called `__proto__`. */
function toObject(names: readonly string[], cells: readonly string[]): Json {
  return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? ""]));
}

function parseRecord(text: string, dialect: CsvDialect): { value: Json } | { unreadable: string } {
  if (text.includes("\0")) return { unreadable: "a NUL byte" };
  const cells = parseCells(text, dialect);
  if (cells === undefined)
    return { unreadable: "text after a closing quote, or a quote that is never closed" };
  const { names } = dialect;
  if (cells.length === names.length) return { value: toObject(names, cells) };
  const count = `${cells.length} ${cells.length === 1 ? "cell" : "cells"}`;
  return {
    unreadable: `${count} where ${dialect.hasHeader ? "the header names" : "the other records have"} ${names.length}`,
  };
}

/** The batch with its records' bytes turned into values. */
function decode(batch: RecordBatch, dialect: CsvDialect): RecordBatch {
  if (batch.payload.kind === "decoded") return batch;
  const { bytes, starts, lines } = batch.payload;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const valid = isUtf8(buffer);
  const records: DecodedRecord[] = [];
  for (let i = 0; i < batch.count; i++) {
    const start = starts[i] ?? 0;
    const end = starts[i + 1] ?? 0;
    const readable = valid || isUtf8(buffer.subarray(start, end));
    const outcome = readable
      ? parseRecord(buffer.toString("utf8", start, end), dialect)
      : { unreadable: INVALID_UTF8 };
    records.push({ row: batch.firstRow + i, line: lines[i] ?? 0, ...outcome });
  }
  return { ...batch, payload: { kind: "decoded", records } };
}

/** The records of a delimited file as objects of strings, one per line outside quotes (RFC 4180). */
export async function* readCsv(
  chunks: AsyncIterable<Uint8Array>,
  dialect: CsvDialect,
  context: FileContext,
): AsyncGenerator<RecordBatch> {
  const builder = createBatchBuilder(context);
  const splitter = createCsvSplitter(dialect, builder);
  for await (const chunk of chunks) {
    splitter.feed(chunk);
    for (const batch of builder.take()) yield decode(batch, dialect);
  }
  const isOpen = splitter.finish();
  builder.flush();
  const rest = builder.take().map((batch) => decode(batch, dialect));
  const last = rest.at(-1)?.payload;
  const lastRecord = last?.kind === "decoded" ? last.records.at(-1) : undefined;
  if (isOpen && lastRecord !== undefined && "unreadable" in lastRecord) {
    context.note("the last record has no line end and cannot be read: the file looks cut off");
  }
  yield* rest;
}

import { createBatchBuilder, type FileContext } from "./batch-builder.ts";
import type { RecordBatch } from "./record.ts";

/**
 * How the records lie in a JSON document: `array` = elements of the outermost array; `members` = elements of the arrays
 * of objects that are direct members of the outermost object; `sequence` = values one after another, pretty-printed or not.
 */
export type JsonLayout = "array" | "members" | "sequence";

const LF = 10;
const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const OPEN_ARRAY = 91;
const OPEN_OBJECT = 123;
const NEWLINE = Uint8Array.of(LF);

/** Depth at which the records of a layout begin. */
const BASE = { sequence: 0, array: 1, members: 2 } as const;

/** The next byte of a string that matters: its end, an escape, or a line end (which is an error, but counts as a line). */
function stringStop(chunk: Uint8Array, from: number): number {
  let i = from;
  for (; i < chunk.length; i++) {
    const byte = chunk[i];
    if (byte === QUOTE || byte === BACKSLASH || byte === LF) break;
  }
  return i;
}

/** The next byte outside strings that matters inside a record: a quote, a bracket, or a line end. The mask also stops at "y" and "_", at the price of a step. */
function structureStop(chunk: Uint8Array, from: number): number {
  let i = from;
  for (; i < chunk.length; i++) {
    const byte = chunk[i] ?? 0;
    if (byte === QUOTE || byte === LF || (byte | 0x26) === 0x7f) break;
  }
  return i;
}

/** Cuts a JSON document into its records by counting brackets outside strings; parsing, and judging what is broken, is left to `decodeBatch`. */
export async function* readJson(
  chunks: AsyncIterable<Uint8Array>,
  layout: JsonLayout,
  context: FileContext,
): AsyncGenerator<RecordBatch> {
  const { extents, ...others } = context;
  const builder = createBatchBuilder(others);
  const base = BASE[layout];
  let phase: "outside" | "first" | "records" | "after" = layout === "sequence" ? "records" : "outside";
  let depth = 0;
  let line = 1;
  let recordLine = 0; // where the record under way began; 0 = none is
  let strayLine = 0; // where something stands behind the end of the document
  let inString = false;
  let escaped = false;
  let documentBytes = 0;
  let recordBytes = 0;
  let recordStart = 0; // in the document
  let solidEnd = 0; // in the document, behind the last byte that is no white space
  let opensArray = false;

  for await (const chunk of chunks) {
    let from = 0; // where the bytes of the record under way begin in this chunk
    const finish = (to: number): void => {
      if (recordLine === 0) return;
      recordBytes += to - from;
      builder.append(chunk, from, to);
      builder.append(NEWLINE, 0, 1);
      builder.end(recordLine);
      recordLine = 0;
      endExtent();
    };
    for (let i = 0; i < chunk.length; i++) {
      let byte = chunk[i] ?? 0;
      if (escaped) {
        escaped = false;
        if (byte === LF) line++;
        continue;
      }
      if (inString) {
        i = stringStop(chunk, i);
        byte = chunk[i] ?? 0;
        if (byte === LF) line++;
        inString = byte !== QUOTE;
        escaped = byte === BACKSLASH;
        solidEnd = documentBytes + Math.min(i + 1, chunk.length);
        continue;
      }
      if (depth > base && recordLine !== 0) {
        i = structureStop(chunk, i);
        if (i === chunk.length) break;
        byte = chunk[i] ?? 0;
      }
      if (byte === 32 || byte === 9 || byte === 13 || byte === LF) {
        if (byte === LF) line++;
        if (depth === 0 && layout === "sequence") finish(i);
        continue;
      }
      if (phase === "after") {
        if (strayLine === 0) strayLine = line;
        continue;
      }
      const opens = byte === OPEN_OBJECT || byte === OPEN_ARRAY;
      const closes = byte === 125 || byte === 93;
      if (phase === "first") {
        phase = byte === OPEN_OBJECT || layout === "array" ? "records" : "outside";
        opensArray = true;
      }
      if (phase === "records" && depth === base) {
        if (byte === COMMA || (closes && base > 0)) finish(i);
        if (byte === COMMA) continue;
        if (recordLine === 0 && !(closes && base > 0)) {
          recordLine = line;
          recordStart = documentBytes + i;
          from = i;
        }
      }
      if (byte === QUOTE) inString = true;
      else if (opens) {
        depth++;
        if (phase === "outside" && depth === base && byte === OPEN_ARRAY) phase = "first";
      } else if (closes && depth > 0) {
        depth--;
        if (depth < base) phase = depth === 0 ? "after" : "outside";
        if (depth === 0 && layout === "sequence") {
          solidEnd = documentBytes + i + 1;
          finish(i + 1);
        }
      }
      solidEnd = documentBytes + i + 1;
    }
    documentBytes += chunk.length;
    if (recordLine !== 0) {
      recordBytes += chunk.length - from;
      builder.append(chunk, from, chunk.length);
    }
    yield* builder.take();
  }

  const failWhole = (atLine: number, reason: string): void => {
    extents?.indivisible(reason);
    builder.fail(atLine, reason);
  };
  if (strayLine !== 0) failWhole(strayLine, "text after the end of the document");
  const isWhole = layout === "sequence" ? depth === 0 && !inString : phase === "after";
  if (!isWhole) {
    context.note("the document is not closed: the file looks cut off");
    if (layout !== "sequence") extents?.indivisible("the document is not closed: the file looks cut off");
  }
  if (recordLine !== 0) {
    endExtent();
    if (isWhole) builder.end(recordLine);
    else builder.fail(recordLine, "the file ends inside this record");
  }
  if (layout === "members" && recordBytes < documentBytes / 2) {
    failWhole(
      1,
      `${documentBytes - recordBytes} of ${documentBytes} bytes lie outside the arrays of records`,
    );
  }
  builder.flush();
  yield* builder.take();

  /** Tells where the record that ends here stands, the white space behind it left out. */
  function endExtent(): void {
    extents?.record(recordStart, Math.max(recordStart, solidEnd), opensArray);
    opensArray = false;
  }
}

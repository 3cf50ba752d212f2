import type { Extents } from "./extents.ts";
import { BATCH_BYTES, MAX_BATCH_RECORDS, MAX_RECORD_BYTES } from "./limits.ts";
import type { RecordBatch } from "./record.ts";

/** Where a file stands among the others, and where remarks about it go. */
export type FileContext = {
  readonly file: number;
  readonly firstRow: number;
  readonly note: (text: string) => void;
  /** For a reader that appends every byte of the file; it is told where each record stands. */
  readonly extents?: Extents;
};

/** Collects the bytes of records into batches whose cuts depend on the records alone, never on how the bytes arrived. */
export type BatchBuilder = {
  /** Adds bytes to the record under way. */
  readonly append: (chunk: Uint8Array, from: number, to: number) => void;
  /** Ends the record under way; `line` is where it began. */
  readonly end: (line: number) => void;
  /** Ends the record under way as one that cannot be read; `bytes` = only so many of its bytes, the others are appended anew. */
  readonly fail: (line: number, reason: string, bytes?: number) => void;
  /** Forgets the record under way. */
  readonly discard: () => void;
  /** A copy of the bytes of the record under way. */
  readonly pending: () => Uint8Array;
  /** Bytes of the record under way so far. */
  readonly size: () => number;
  /** Whether the record under way has outgrown the limit; its bytes are gone then. */
  readonly isOversize: () => boolean;
  /** Closes the batch under way, at the end of the file. */
  readonly flush: () => void;
  /** The batches that are ready; each is handed out once. */
  readonly take: () => RecordBatch[];
};

/** Why a record beyond MAX_RECORD_BYTES is not read. */
export const OVERSIZE = `larger than ${MAX_RECORD_BYTES / 1024 / 1024} MiB, the limit for one record`;

/** Room at first: a directory may hold many thousand files of one record. */
const FIRST_BYTES = 64 * 1024;

/** A new builder for one file. */
export function createBatchBuilder(context: FileContext): BatchBuilder {
  let bytes = new Uint8Array(FIRST_BYTES);
  let used = 0;
  let open = 0;
  let oversize = false;
  let row = context.firstRow;
  let starts: number[] = [];
  let lines: number[] = [];
  let ready: RecordBatch[] = [];
  let position = 0; // in the file, behind the last byte appended
  let openAt = 0; // where the record under way begins

  const flush = (): void => {
    const count = starts.length;
    if (count === 0) return;
    ready.push({
      file: context.file,
      firstRow: row,
      count,
      payload: {
        kind: "json",
        bytes: bytes.slice(0, open),
        starts: Uint32Array.from([...starts, open]),
        lines: Uint32Array.from(lines),
      },
    });
    row += count;
    starts = [];
    lines = [];
    bytes.copyWithin(0, open, used);
    used -= open;
    open = 0;
  };

  const close = (end: number): void => {
    context.extents?.record(openAt, end);
    openAt = end;
    position = end;
  };

  const drop = (): void => {
    used = open;
    oversize = false;
  };

  const fail = (line: number, reason: string, size = position - openAt): void => {
    close(openAt + size);
    drop();
    flush();
    ready.push({
      file: context.file,
      firstRow: row,
      count: 1,
      payload: { kind: "decoded", records: [{ row, line, unreadable: reason }] },
    });
    row++;
  };

  const reserve = (size: number): void => {
    if (size <= bytes.length) return;
    const grown = new Uint8Array(Math.max(size, bytes.length * 2));
    grown.set(bytes.subarray(0, used));
    bytes = grown;
  };

  return {
    append: (chunk, from, to) => {
      position += to - from;
      if (oversize) return;
      if (used - open + to - from > MAX_RECORD_BYTES) {
        used = open;
        oversize = true;
        return;
      }
      reserve(used + to - from);
      bytes.set(chunk.subarray(from, to), used);
      used += to - from;
    },
    end: (line) => {
      if (oversize) {
        fail(line, OVERSIZE);
        return;
      }
      close(position);
      starts.push(open);
      lines.push(line);
      open = used;
      if (used >= BATCH_BYTES || starts.length >= MAX_BATCH_RECORDS) flush();
    },
    fail,
    discard: () => {
      openAt = position;
      drop();
    },
    pending: () => bytes.slice(open, used),
    size: () => used - open,
    isOversize: () => oversize,
    flush,
    take: () => {
      const taken = ready;
      ready = [];
      return taken;
    },
  };
}

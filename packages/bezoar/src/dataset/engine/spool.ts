import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where a chunk was put: bytes [start, start + length) of the spool. */
export type Span = { readonly start: number; readonly length: number };

/** An append-only file that has no name, so that nothing is left behind even after kill -9. */
export type Spool = {
  /** The descriptor, valid in every thread of this process. */
  readonly descriptor: number;
  readonly append: (bytes: Uint8Array) => Span;
  readonly close: () => void;
};

/** Opens a spool in the temporary directory and unlinks it at once; the descriptor keeps it alive. */
export function openSpool(): Spool {
  const folder = mkdtempSync(join(tmpdir(), "bezoar-"));
  const descriptor = openSync(join(folder, "spool"), "wx+", 0o600);
  rmSync(folder, { recursive: true });
  let end = 0;
  return {
    descriptor,
    append: (bytes) => {
      const start = end;
      let written = 0;
      while (written < bytes.length) {
        written += writeSync(descriptor, bytes, written, bytes.length - written, start + written);
      }
      end += bytes.length;
      return { start, length: bytes.length };
    },
    close: () => closeSync(descriptor),
  };
}

/** Reads one chunk back; safe in any thread, since it says where to read. */
export function readSpan(descriptor: number, span: Span): Uint8Array {
  const bytes = new Uint8Array(span.length);
  let read = 0;
  while (read < span.length) {
    const count = readSync(descriptor, bytes, read, span.length - read, span.start + read);
    if (count === 0)
      throw new Error(`spool ends at ${span.start + read}, expected ${span.start + span.length}`);
    read += count;
  }
  return bytes;
}

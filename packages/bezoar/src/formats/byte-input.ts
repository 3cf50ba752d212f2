import { createHash } from "node:crypto";
import { open, type FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";
import { AppError } from "../core/errors.ts";
import { CHUNK_BYTES } from "./limits.ts";

/** The raw bytes of one file or stream, digested as they are read. */
export type ByteInput = {
  /** The next bytes as they are stored; undefined at the end. */
  readonly read: () => Promise<Buffer | undefined>;
  /** Bytes read so far. */
  readonly bytesRead: () => number;
  /** SHA-256 of what was read, once; meant for the end. */
  readonly sha256: () => string;
  readonly close: () => Promise<void>;
};

type Source = {
  readonly next: () => Promise<Buffer | undefined>;
  /** Ends a read that waits for bytes that may never come. */
  readonly abort: () => void;
  readonly close: () => Promise<void>;
};

/** An input that digests what its source gives, one chunk ahead of its reader. */
function digesting(source: Source): ByteInput {
  const hash = createHash("sha256");
  let bytes = 0;
  const step = async (): Promise<Buffer | undefined> => {
    const chunk = await source.next();
    if (chunk === undefined) return undefined;
    hash.update(chunk);
    bytes += chunk.length;
    return chunk;
  };
  let ahead: Promise<Buffer | undefined> | undefined;
  return {
    read: async () => {
      const chunk = await (ahead ?? step());
      ahead = chunk === undefined ? Promise.resolve(chunk) : step();
      ahead.catch(() => undefined); // reported to whoever reads on
      return chunk;
    },
    bytesRead: () => bytes,
    sha256: () => hash.digest("hex"),
    close: async () => {
      source.abort();
      await ahead?.catch(() => undefined);
      await source.close();
    },
  };
}

/** The failure of a file-system call in words a person can act on. */
export function fileError(path: string, error: unknown): AppError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new AppError(
      "not-found",
      `${path}: no such file or directory. Check the path; a glob must stand in quotes.`,
      { cause: error },
    );
  }
  const why =
    code === "EACCES" || code === "EPERM"
      ? "permission denied"
      : error instanceof Error
        ? error.message
        : String(error);
  return new AppError("not-readable", `${path}: cannot be read (${why}).`, { cause: error });
}

/** Opens a file of about `bytes` for one pass; a directory may hold many small ones. */
export async function openFile(path: string, bytes: number): Promise<ByteInput> {
  const chunkBytes = Math.min(CHUNK_BYTES, bytes + 1);
  let handle: FileHandle;
  try {
    handle = await open(path, "r");
  } catch (error) {
    throw fileError(path, error);
  }
  return digesting({
    next: async () => {
      const buffer = Buffer.allocUnsafeSlow(chunkBytes);
      try {
        const { bytesRead } = await handle.read(buffer, 0, chunkBytes);
        return bytesRead === 0 ? undefined : buffer.subarray(0, bytesRead);
      } catch (error) {
        throw fileError(path, error);
      }
    },
    abort: () => undefined,
    close: () => handle.close(),
  });
}

/** Wraps a stream such as standard input. */
export function openStream(name: string, stream: AsyncIterable<unknown>): ByteInput {
  const iterator = stream[Symbol.asyncIterator]();
  return digesting({
    next: async () => {
      try {
        const { done, value } = await iterator.next();
        if (done === true) return undefined;
        return typeof value === "string"
          ? Buffer.from(value)
          : value instanceof Uint8Array
            ? Buffer.from(value)
            : Buffer.alloc(0);
      } catch (error) {
        throw fileError(name, error);
      }
    },
    abort: () => {
      if (stream instanceof Readable) stream.destroy();
    },
    close: async () => {
      await iterator.return?.();
    },
  });
}

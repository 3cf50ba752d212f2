import { once } from "node:events";
import { createGzip, createZstdCompress } from "node:zlib";
import { AppError } from "../../core/errors.ts";
import { openFile, type ByteInput } from "../byte-input.ts";
import type { Compression } from "../decompress.ts";
import type { Encoding } from "../encoding.ts";
import { prepare } from "../prepare.ts";
import type { FileSummary } from "../record.ts";
import type { Ranges } from "./range-cutter.ts";

/** Takes the bytes of an output in order. */
export type ByteSink = { readonly write: (bytes: Uint8Array) => void };

/** An output that is encoded and compressed as its input was. */
export type EncodedSink = {
  readonly write: (bytes: Buffer) => Promise<void>;
  readonly end: () => Promise<void>;
};

/** Pieces below this are joined before they are compressed or written. */
const JOINED_BYTES = 256 * 1024;

/** UTF-8 in the encoding that the input had. */
function encode(bytes: Buffer, { kind }: Encoding): Buffer {
  if (kind === "utf-8") return bytes;
  const text = Buffer.from(bytes.toString("utf8"), "utf16le");
  return kind === "utf-16be" ? text.swap16() : text;
}

function markOf({ kind, markBytes }: Encoding): Buffer {
  if (markBytes === 0) return Buffer.alloc(0);
  return {
    "utf-8": Buffer.of(0xef, 0xbb, 0xbf),
    "utf-16le": Buffer.of(0xff, 0xfe),
    "utf-16be": Buffer.of(0xfe, 0xff),
  }[kind];
}

/** Compresses what it is given into `sink`, no more than one piece ahead of it. */
export function compressing(sink: ByteSink, compression: Compression | undefined): EncodedSink {
  if (compression === undefined) {
    return { write: async (bytes) => sink.write(bytes), end: () => Promise.resolve() };
  }
  const stream = compression === "gzip" ? createGzip() : createZstdCompress();
  stream.on("error", () => {}); // told by the write that met it
  let made: Buffer[] = [];
  stream.on("data", (bytes: Buffer) => made.push(bytes));
  const drain = (): void => {
    for (const bytes of made) sink.write(bytes);
    made = [];
  };
  return {
    write: async (bytes) => {
      await new Promise<void>((resolve, reject) => {
        stream.write(bytes, (error) => (error ? reject(error) : resolve()));
      });
      drain();
    },
    end: async () => {
      const ended = once(stream, "end");
      stream.end();
      await ended;
      drain();
    },
  };
}

/** A sink for pieces of any size that gives on joined ones. */
function joining(sink: EncodedSink): EncodedSink {
  let held: Buffer[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    if (size === 0) return;
    const joined = Buffer.concat(held, size);
    held = [];
    size = 0;
    await sink.write(joined);
  };
  return {
    write: async (bytes) => {
      held.push(bytes);
      size += bytes.length;
      if (size >= JOINED_BYTES) await flush();
    },
    end: async () => {
      await flush();
      await sink.end();
    },
  };
}

/** The pieces of [position, position + length) that lie in `ranges`, remembering how far they were used up. */
function createPicker(ranges: Ranges): (position: number, chunk: Buffer) => Buffer[] {
  let next = 0;
  return (position, chunk) => {
    const pieces: Buffer[] = [];
    const end = position + chunk.length;
    while (next < ranges.length) {
      const from = ranges[next] ?? 0;
      const to = ranges[next + 1] ?? 0;
      if (from >= end) break;
      pieces.push(chunk.subarray(Math.max(0, from - position), Math.min(to, end) - position));
      if (to > end) break;
      next += 2;
    }
    return pieces;
  };
}

async function expectDigest(input: ByteInput, { path, sha256 }: FileSummary): Promise<void> {
  while ((await input.read()) !== undefined);
  if (input.sha256() !== sha256) {
    throw new AppError(
      "not-readable",
      `${path} changed while it was split; nothing was written. Try again when it rests.`,
    );
  }
}

/** Writes the given ranges of a file into each sink, encoded and compressed as the file is. */
export async function cutBytes(
  file: FileSummary,
  parts: readonly { readonly ranges: Ranges; readonly sink: ByteSink }[],
  onBytes: (read: number) => void = () => {},
): Promise<void> {
  const input = await openFile(file.path, file.bytes);
  try {
    const { chunks, encoding, compression } = await prepare(input);
    const outputs = parts.map(({ ranges, sink }) => ({
      pick: createPicker(ranges),
      sink: joining(compressing(sink, compression)),
    }));
    for (const { sink } of outputs) await sink.write(markOf(encoding));
    let position = 0;
    for await (const chunk of chunks) {
      for (const { pick, sink } of outputs)
        for (const piece of pick(position, chunk)) await sink.write(encode(piece, encoding));
      position += chunk.length;
      onBytes(input.bytesRead());
    }
    for (const { sink } of outputs) await sink.end();
    await expectDigest(input, file);
  } finally {
    await input.close();
  }
}

/** Writes a file as it is stored into a sink. */
export async function copyBytes(
  file: FileSummary,
  sink: ByteSink,
  onBytes: (read: number) => void = () => {},
): Promise<void> {
  const input = await openFile(file.path, file.bytes);
  try {
    for (let bytes = await input.read(); bytes !== undefined; bytes = await input.read()) {
      sink.write(bytes);
      onBytes(input.bytesRead());
    }
    await expectDigest(input, file);
  } finally {
    await input.close();
  }
}

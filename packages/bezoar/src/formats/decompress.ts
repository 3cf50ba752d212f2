import { createGunzip, createZstdDecompress } from "node:zlib";

export type Compression = "gzip" | "zstd";

/** What decompression may grow to. A stream that goes beyond is a decompression bomb (CWE-409) and is not read on. */
export type ExpansionLimits = { readonly ratio: number; readonly ratioFrom: number; readonly total: number };

const EXPANSION_LIMITS: ExpansionLimits = {
  // JSON logs of one template reach about 60:1 with zstd -19; gzip cannot exceed 1032:1, so that is what its bombs show.
  ratio: 300,
  // Below this a bomb does no harm, and a small file of one repeated row may well compress by more.
  ratioFrom: 256 * 1024 * 1024,
  // Time, not memory, is what streaming spends: half an hour at 300 MB/s. Published shards stay below 10 GB.
  total: 512 * 1024 * 1024 * 1024,
};

/** Says why the bytes behind this point are not there. */
export class DamagedStream extends Error {
  override readonly name = "DamagedStream";
}

/** The compression that the first bytes name: gzip (RFC 1952) or zstd (RFC 8878), skippable frames included. */
export function detectCompression(head: Uint8Array): Compression | undefined {
  const [a = 0, b = 0, c = 0, d = 0] = head;
  if (a === 0x1f && b === 0x8b && c === 8) return "gzip";
  const isSkippable = a >= 0x50 && a <= 0x5f && b === 0x2a && c === 0x4d && d === 0x18;
  return (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) || isSkippable ? "zstd" : undefined;
}

/** Pieces of one size whatever the chunks are, so that where a damaged stream stops depends on its bytes alone. */
async function* slices(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held = Buffer.allocUnsafeSlow(SLICE_BYTES);
  let used = 0;
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length;) {
      const to = Math.min(chunk.length, from + SLICE_BYTES - used);
      held.set(chunk.subarray(from, to), used);
      used += to - from;
      from = to;
      if (used < SLICE_BYTES) continue;
      yield held;
      held = Buffer.allocUnsafeSlow(SLICE_BYTES);
      used = 0;
    }
  }
  if (used > 0) yield held.subarray(0, used);
}

/** One decoder, driven a slice at a time: a slice is wholly decoded, and its output taken, before the next goes in. */
function createDecoder(compression: Compression): {
  readonly feed: (slice: Uint8Array | undefined) => AsyncGenerator<Buffer>;
  /** Bytes that were taken in; less than was fed when the decoder met the end of a frame. */
  readonly consumed: () => number;
  readonly hasEnded: () => boolean;
  readonly destroy: () => void;
} {
  const options = { chunkSize: OUTPUT_BYTES };
  const transform = compression === "gzip" ? createGunzip(options) : createZstdDecompress(options);
  let failure: Error | undefined;
  let isIdle = false;
  let wake: (() => void) | undefined;
  transform.on("readable", () => wake?.());
  transform.on("end", () => wake?.());
  transform.on("error", (error) => {
    failure = error;
    wake?.();
  });
  async function* feed(slice: Uint8Array | undefined): AsyncGenerator<Buffer> {
    isIdle = false;
    const done = (): void => {
      isIdle = true;
      wake?.();
    };
    if (slice === undefined) transform.end(done);
    else transform.write(slice, done);
    for (;;) {
      const output: unknown = transform.read();
      if (Buffer.isBuffer(output)) {
        yield output;
        continue;
      }
      if (failure !== undefined) {
        throw new DamagedStream(`the ${compression} stream is damaged or cut off (${failure.message})`, {
          cause: failure,
        });
      }
      if (transform.readableEnded || (isIdle && slice !== undefined)) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  return {
    feed,
    consumed: () => transform.bytesWritten,
    hasEnded: () => transform.readableEnded,
    destroy: () => transform.destroy(),
  };
}

/** The plain bytes of compressed chunks, all members or frames; fails with `DamagedStream` where the stream breaks or grows beyond the limits. */
export async function* decompress(
  chunks: AsyncIterable<Uint8Array>,
  compression: Compression,
  limits: ExpansionLimits = EXPANSION_LIMITS,
): AsyncGenerator<Buffer> {
  let stored = 0;
  let plain = 0;
  const checked = (output: Buffer): Buffer => {
    plain += output.length;
    if (plain > limits.total || (plain > limits.ratioFrom && plain > stored * limits.ratio)) {
      throw new DamagedStream(
        `${stored} compressed bytes grow to more than ${plain}: a decompression bomb, not read on`,
      );
    }
    return output;
  };
  let decoder = createDecoder(compression);
  let fed = 0; // into this decoder
  try {
    for await (const slice of slices(chunks)) {
      stored += slice.length;
      let rest = slice;
      // Tapes and block devices pad gzip with zeros.
      if (compression === "gzip" && fed === 0 && stored > slice.length && rest.every((byte) => byte === 0))
        continue;
      while (rest.length > 0) {
        fed += rest.length;
        for await (const output of decoder.feed(rest)) yield checked(output);
        const left = fed - decoder.consumed();
        if (left === 0) break;
        // Node's zstd decoder stops after one frame; what follows is the next one, or garbage.
        decoder.destroy();
        decoder = createDecoder(compression);
        fed = 0;
        rest = rest.subarray(rest.length - left);
        if (compression === "gzip" && rest.every((byte) => byte === 0)) break;
      }
    }
    if (!decoder.hasEnded() && fed > 0)
      for await (const output of decoder.feed(undefined)) yield checked(output);
  } finally {
    decoder.destroy();
  }
}

/** Stored bytes that are decoded at once; what a damaged slice still held is lost with it. */
const SLICE_BYTES = 64 * 1024;
/** Above the stream's high-water mark, so that the decoder waits until each output was taken. */
const OUTPUT_BYTES = 256 * 1024;

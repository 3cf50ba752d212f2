import { Readable, pipeline, type Transform } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";

export type Compression = "gzip" | "zstd";

/** What decompression may grow to. A stream that goes beyond is a decompression bomb (CWE-409) and is not read on. */
export type ExpansionLimits = { readonly ratio: number; readonly ratioFrom: number; readonly total: number };

export const EXPANSION_LIMITS: ExpansionLimits = {
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

/** The plain bytes of compressed chunks; fails with `DamagedStream` where the stream breaks or grows beyond the limits. */
export async function* decompress(
  chunks: AsyncIterable<Uint8Array>,
  compression: Compression,
  limits: ExpansionLimits = EXPANSION_LIMITS,
): AsyncGenerator<Buffer> {
  let stored = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      stored += chunk.length;
      yield chunk;
    }
  }
  const transform: Transform =
    compression === "gzip"
      ? createGunzip({ chunkSize: OUTPUT_BYTES })
      : createZstdDecompress({ chunkSize: OUTPUT_BYTES });
  const source = Readable.from(counted(), { objectMode: true, highWaterMark: 1 });
  pipeline(source, transform, () => undefined);
  let plain = 0;
  try {
    for await (const chunk of transform) {
      if (!Buffer.isBuffer(chunk)) continue;
      plain += chunk.length;
      if (plain > limits.total || (plain > limits.ratioFrom && plain > stored * limits.ratio)) {
        throw new DamagedStream(
          `${stored} compressed bytes grow to more than ${plain}: a decompression bomb, not read on`,
        );
      }
      yield chunk;
    }
  } catch (error) {
    if (error instanceof Error && "code" in error && /^(Z_|ZSTD_|ERR_ZLIB)/.test(String(error.code))) {
      throw new DamagedStream(`the ${compression} stream is damaged or cut off (${error.message})`, {
        cause: error,
      });
    }
    throw error;
  } finally {
    transform.destroy();
    source.destroy();
  }
}

const OUTPUT_BYTES = 256 * 1024;

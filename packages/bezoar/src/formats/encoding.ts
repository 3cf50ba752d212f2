import { DamagedStream } from "./decompress.ts";

/** How text is encoded, told from a byte-order mark or, for UTF-16, from where the zero bytes lie. */
export type Encoding = { readonly kind: "utf-8" | "utf-16le" | "utf-16be"; readonly markBytes: number };

/** Share of zero bytes on one side of the pairs, and on the other, that UTF-16 of mostly Latin text shows and no other text. */
const MANY_ZEROS = 0.3;
const FEW_ZEROS = 0.02;

/** The encoding of bytes that may be text. */
export function detectEncoding(head: Buffer): Encoding {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { kind: "utf-8", markBytes: 3 };
  // FF FF FF FF begins an Arrow stream and FF FE 00 00 UTF-32; neither is UTF-16.
  if (head[0] === 0xff && head[1] === 0xfe && !(head[2] === 0 && head[3] === 0))
    return { kind: "utf-16le", markBytes: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { kind: "utf-16be", markBytes: 2 };
  const sample = head.subarray(0, 1024);
  const pairs = sample.length >> 1;
  if (pairs < 8) return { kind: "utf-8", markBytes: 0 };
  let even = 0;
  let odd = 0;
  for (let i = 0; i < pairs; i++) {
    if (sample[2 * i] === 0) even++;
    if (sample[2 * i + 1] === 0) odd++;
  }
  const isText = sample.every((byte) => byte === 0 || byte > 8);
  if (isText && odd > pairs * MANY_ZEROS && even < pairs * FEW_ZEROS)
    return { kind: "utf-16le", markBytes: 0 };
  if (isText && even > pairs * MANY_ZEROS && odd < pairs * FEW_ZEROS)
    return { kind: "utf-16be", markBytes: 0 };
  return { kind: "utf-8", markBytes: 0 };
}

/** The same text in UTF-8 without its byte-order mark; fails with `DamagedStream` at an unpaired surrogate. */
export async function* toUtf8(chunks: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<Buffer> {
  const decoder =
    encoding.kind === "utf-8" ? undefined : new TextDecoder(encoding.kind, { fatal: true, ignoreBOM: true });
  let skip = encoding.markBytes;
  const decode = (chunk?: Buffer): Buffer => {
    try {
      return Buffer.from(decoder?.decode(chunk, { stream: chunk !== undefined }) ?? "");
    } catch (error) {
      throw new DamagedStream(`invalid ${encoding.kind.toUpperCase()}`, { cause: error });
    }
  };
  for await (const chunk of chunks) {
    const rest = chunk.subarray(Math.min(skip, chunk.length));
    skip -= chunk.length - rest.length;
    if (rest.length > 0) yield decoder === undefined ? rest : decode(rest);
  }
  if (decoder !== undefined) yield decode();
}

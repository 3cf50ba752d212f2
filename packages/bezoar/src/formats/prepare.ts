import type { ByteInput } from "./byte-input.ts";
import { DamagedStream, decompress, detectCompression, type Compression } from "./decompress.ts";
import { detectEncoding, toUtf8, type Encoding } from "./encoding.ts";
import { HEAD_BYTES, MAX_RECORD_BYTES } from "./limits.ts";
import { peek } from "./peek.ts";
import { sniffContent, type Content } from "./sniff.ts";

/** A file whose kind is known and whose bytes are ready to be cut into records. */
export type Prepared = {
  readonly input: ByteInput;
  readonly content: Content;
  readonly compression: Compression | undefined;
  readonly encoding: Encoding;
  readonly notes: readonly string[];
  /** Decompressed, in UTF-8; ends early where the stream is damaged. */
  readonly chunks: AsyncGenerator<Buffer>;
  /** Why the bytes ended early, when they did. */
  readonly damage: () => string | undefined;
};

const LF = 10;
const MARK_BYTES = 8;
const ENCODING_BYTES = 1024;

async function* storedChunks(input: ByteInput): AsyncGenerator<Buffer> {
  for (;;) {
    const chunk = await input.read();
    if (chunk === undefined) return;
    yield chunk;
  }
}

/** The part of the head that is judged: up to HEAD_BYTES, or to the end of the first line where that is longer. */
function judgedLength(head: Buffer): number {
  const start = Math.min(head.length, HEAD_BYTES);
  const lf = head[0] === 123 ? head.indexOf(LF) : 0;
  return lf < start ? (lf === -1 ? head.length : start) : lf + 1;
}

/** Looks into an input and says what it holds. */
export async function prepare(input: ByteInput): Promise<Prepared> {
  const notes: string[] = [];
  let damage: string | undefined;
  async function* untilDamage(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    try {
      yield* chunks;
    } catch (error) {
      if (!(error instanceof DamagedStream)) throw error;
      damage = error.message;
    }
  }
  const stored = await peek(storedChunks(input), (head) => head.length >= MARK_BYTES);
  const compression = detectCompression(stored.head);
  const plain =
    compression === undefined ? stored.chunks : untilDamage(decompress(stored.chunks, compression));
  const marked = await peek(plain, (head) => head.length >= ENCODING_BYTES);
  const encoding = detectEncoding(marked.head);
  if (encoding.kind !== "utf-8") notes.push(`read as ${encoding.kind.toUpperCase()}`);
  else if (encoding.markBytes > 0) notes.push("a UTF-8 byte-order mark at the beginning was left out");
  const text =
    encoding.kind === "utf-8" && encoding.markBytes === 0
      ? marked.chunks
      : untilDamage(toUtf8(marked.chunks, encoding));
  const { head, isWhole, chunks } = await peek(
    text,
    (bytes) =>
      bytes.length >= HEAD_BYTES &&
      (bytes[0] !== 123 || bytes.length >= MAX_RECORD_BYTES || bytes.includes(LF)),
  );
  const judged = judgedLength(head);
  const content = sniffContent(head.subarray(0, judged), isWhole && judged === head.length);
  return { input, content, compression, encoding, notes, chunks, damage: () => damage };
}

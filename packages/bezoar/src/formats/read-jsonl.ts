import { createBatchBuilder, type FileContext } from "./batch-builder.ts";
import { decodeJson } from "./decode-json.ts";
import type { RecordBatch } from "./record.ts";

const LF = 10;

/** Whether bytes [from, to) hold more than the white space that JSON knows. */
export function hasContent(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const byte = bytes[i] ?? 0;
    if (byte !== 32 && byte !== 9 && byte !== 13 && byte !== LF) return true;
  }
  return false;
}

/** One record per line (https://jsonlines.org); lines end at LF, blank lines are no records. Parsing is left to `decodeBatch`. */
export async function* readJsonl(
  chunks: AsyncIterable<Uint8Array>,
  context: FileContext,
): AsyncGenerator<RecordBatch> {
  const builder = createBatchBuilder(context);
  let line = 1;
  let filled = false;
  for await (const chunk of chunks) {
    let from = 0;
    while (from < chunk.length) {
      const lf = chunk.indexOf(LF, from);
      const to = lf === -1 ? chunk.length : lf + 1;
      filled ||= hasContent(chunk, from, to);
      builder.append(chunk, from, to);
      from = to;
      if (lf === -1) break;
      if (filled) builder.end(line);
      else builder.discard();
      filled = false;
      line++;
    }
    yield* builder.take();
  }
  if (filled) endLastLine();
  builder.flush();
  yield* builder.take();

  function endLastLine(): void {
    const last = builder.isOversize() ? undefined : decodeJson(builder.pending());
    if (last === undefined || "value" in last) {
      builder.end(line);
      return;
    }
    context.note(`the last line (${line}) has no line end and cannot be read: the file looks cut off`);
    builder.fail(line, `the last line is cut off: ${last.unreadable}`);
  }
}

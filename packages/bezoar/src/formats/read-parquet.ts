import { isMainThread, parentPort, Worker, workerData, type MessagePort } from "node:worker_threads";
import type { FileContext } from "./batch-builder.ts";
import { openRandomAccess, readRowGroups, type RandomAccess } from "./parquet-rows.ts";
import type { RecordBatch } from "./record.ts";

/** A Parquet file that comes compressed or through a pipe has to be held in memory, since its footer stands at the end. */
const MAX_HELD_BYTES = 512 * 1024 * 1024;
/** What decoding costs is not bounded by every count that is checked (a number in the footer may be a million bytes long): it runs on a thread that is ended beyond these. */
const MAX_HEAP_MIB = 1536;
const MAX_GROUP_MS = 120_000;

type Input = { readonly path: string } | { readonly held: ArrayBuffer };
type Task = {
  readonly kind: "bezoar-parquet";
  readonly input: Input;
  readonly file: number;
  readonly firstRow: number;
};
type Answer =
  | { readonly kind: "batch"; readonly batch: RecordBatch; readonly share: number }
  | { readonly kind: "end"; readonly notes: readonly string[] };

/** The bytes of a file that can only be read in order; undefined when there are more of them than may be held. */
async function hold(chunks: AsyncIterable<Uint8Array>): Promise<ArrayBuffer | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > MAX_HELD_BYTES) return undefined;
    parts.push(chunk);
  }
  const held = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    held.set(part, at);
    at += part.length;
  }
  return held.buffer;
}

/** Asks a decoding thread for its next answer; fails when the thread dies or does not answer in time. */
function ask(worker: Worker, timeoutMs: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail(new Error(`no row group within ${timeoutMs / 1000} s`)), timeoutMs);
    const stop = (): void => {
      clearTimeout(timer);
      worker.off("message", succeed);
      worker.off("error", fail);
    };
    function succeed(answer: Answer): void {
      stop();
      resolve(answer);
    }
    function fail(error: Error): void {
      stop();
      reject(error);
    }
    worker.on("message", succeed);
    worker.on("error", fail);
    worker.postMessage("next");
  });
}

/** The rows of a Parquet file at `path`, or of the `chunks` when they are not what is stored there. */
export async function* readParquet(
  source: { readonly path: string } | { readonly chunks: AsyncIterable<Uint8Array> },
  context: FileContext,
  onProgress: (share: number) => Promise<void>,
  timeoutMs = MAX_GROUP_MS,
): AsyncGenerator<RecordBatch> {
  let row = context.firstRow;
  const failed = (unreadable: string): RecordBatch => {
    return {
      file: context.file,
      firstRow: row,
      count: 1,
      payload: { kind: "decoded", records: [{ row, unreadable }] },
    };
  };
  let input: Input;
  if ("path" in source) input = source;
  else {
    const held = await hold(source.chunks);
    if (held === undefined) {
      yield failed(
        `the whole file: more than ${MAX_HELD_BYTES} bytes of Parquet, piped or compressed; store it as it is on disk`,
      );
      return;
    }
    input = { held };
  }
  const task: Task = { kind: "bezoar-parquet", input, file: context.file, firstRow: row };
  const worker = new Worker(new URL(import.meta.url), {
    workerData: task,
    transferList: "held" in input ? [input.held] : [],
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB },
  });
  let death: Error | undefined;
  worker.on("error", (error) => {
    death = error;
  });
  try {
    for (;;) {
      let answer: Answer;
      try {
        if (death !== undefined) throw death;
        answer = await ask(worker, timeoutMs);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        context.note(`decoding ended early: ${why}`);
        yield failed(`the rest of the file: damaged Parquet (${why})`);
        return;
      }
      if (answer.kind === "end") {
        for (const note of answer.notes) context.note(note);
        return;
      }
      row += answer.batch.count;
      yield answer.batch;
      await onProgress(answer.share);
    }
  } finally {
    await worker.terminate();
  }
}

/** The other end: decodes on its own thread, one batch for each message. */
async function serve(port: MessagePort, { input, file, firstRow }: Task): Promise<void> {
  const notes: string[] = [];
  let share = 0;
  const access: RandomAccess = "path" in input ? await openRandomAccess(input.path) : inMemory(input.held);
  const batches = readRowGroups(
    access.file,
    { file, firstRow, note: (text) => void notes.push(text) },
    (reached) => {
      share = reached;
    },
  );
  port.on("message", async () => {
    const next = await batches.next();
    if (next.done !== true) {
      port.postMessage({ kind: "batch", batch: next.value, share } satisfies Answer);
      return;
    }
    await access.close();
    port.postMessage({ kind: "end", notes } satisfies Answer);
  });
}

function inMemory(held: ArrayBuffer): RandomAccess {
  return {
    file: { byteLength: held.byteLength, slice: (start, end) => held.slice(start, end) },
    close: () => Promise.resolve(),
  };
}

function isTask(data: unknown): data is Task {
  return typeof data === "object" && data !== null && "kind" in data && data.kind === "bezoar-parquet";
}

const data: unknown = workerData;
if (!isMainThread && parentPort !== null && isTask(data)) await serve(parentPort, data);

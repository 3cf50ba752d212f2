import { Worker } from "node:worker_threads";
import type { FuzzMessage, FuzzTask } from "./worker.ts";

/** One input may take no longer; a file of its size is read in milliseconds. */
const MAX_INPUT_MS = 20_000;
/** A thread's heap, and all buffers of the process beyond what it had before: the inputs have at most 1 MiB. */
const MAX_HEAP_MIB = 512;
const MAX_GROWTH_BYTES = 1024 ** 3;
const POLL_MS = 200;
const MAX_FAILURES = 20; // shown; one bug makes hundreds

export type FuzzResult = {
  readonly read: number;
  readonly refused: number;
  readonly failures: readonly { readonly index: number; readonly error: string }[];
};

/** Tries `count` mutated inputs of a reader on `threads` threads; one that hangs or outgrows its memory is ended. */
export async function fuzzReader(
  reader: string,
  count: number,
  seed: number,
  threads = 1,
): Promise<FuzzResult> {
  const bounds = Array.from({ length: threads + 1 }, (_, i) => Math.floor((i * count) / threads));
  const slices = await Promise.all(
    bounds.slice(1).map((to, i) => fuzzSlice({ reader, seed, from: bounds[i] ?? 0, to })),
  );
  return {
    read: slices.reduce((sum, slice) => sum + slice.read, 0),
    refused: slices.reduce((sum, slice) => sum + slice.refused, 0),
    failures: slices.flatMap((slice) => slice.failures),
  };
}

async function fuzzSlice(slice: Omit<FuzzTask, "at">): Promise<FuzzResult> {
  const failures: { index: number; error: string }[] = [];
  const at = new Int32Array(new SharedArrayBuffer(12));
  let { from } = slice;
  while (from < slice.to && failures.length < MAX_FAILURES) {
    const end = await runThread({ ...slice, from, at }, (failure) => failures.push(failure));
    if (end.kind === "done") break;
    failures.push(end);
    from = end.index + 1;
  }
  return { read: Atomics.load(at, 1), refused: Atomics.load(at, 2), failures };
}

function runThread(
  task: FuzzTask,
  onFailure: (failure: { index: number; error: string }) => void,
): Promise<FuzzMessage> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), {
      workerData: task,
      execArgv: ["--no-warnings"],
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB },
    });
    const before = process.memoryUsage().rss;
    let seen = -1;
    let since = performance.now();
    const watch = setInterval(() => {
      const index = Atomics.load(task.at, 0);
      if (index !== seen) [seen, since] = [index, performance.now()];
      else if (performance.now() - since > MAX_INPUT_MS) finish(`takes more than ${MAX_INPUT_MS / 1000} s`);
      const growth = process.memoryUsage().rss - before;
      if (growth > MAX_GROWTH_BYTES) finish(`memory grew by ${Math.round(growth / 1e6)} MB`);
    }, POLL_MS);
    const end = (message: FuzzMessage): void => {
      clearInterval(watch);
      resolve(message);
      void worker.terminate();
    };
    const finish = (error: string): void => {
      end({ kind: "failed", index: Atomics.load(task.at, 0), error });
    };
    worker.on("message", (message: FuzzMessage) => {
      if (message.kind === "done") end(message);
      else onFailure(message);
    });
    worker.on("error", (error) => finish(String(error)));
    worker.on("exit", (code) => finish(`the thread ended with code ${code}`));
  });
}

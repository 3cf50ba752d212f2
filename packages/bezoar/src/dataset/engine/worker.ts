import { parentPort } from "node:worker_threads";
import { ingestBatch, type IngestTask } from "../ingest/ingest-batch.ts";
import type { BlockMap } from "./fold.ts";
import { kernels } from "./kernels.ts";

/** What a worker is asked: make a block of a batch, or fold a kernel over the blocks it draws from the shared counter. */
export type WorkerRequest<Params> =
  | { readonly kind: "ingest"; readonly task: IngestTask }
  | {
      readonly kind: "fold";
      readonly kernel: string;
      /** Whatever the kernel of that name takes; the sender knows the type, the receiver trusts the name. */
      readonly params: Params;
      readonly map: BlockMap;
      readonly counter: Int32Array;
    };

export type WorkerReply<Result> = { readonly result: Result } | { readonly error: string };

function answer(request: WorkerRequest<never>): unknown {
  if (request.kind === "ingest") return ingestBatch(request.task);
  const fold = kernels.get(request.kernel);
  if (fold === undefined) throw new Error(`kernel ${request.kernel} is not in kernels.ts`);
  return { state: fold(request.params, request.map, () => Atomics.add(request.counter, 0, 1)) };
}

/** How deep a kernel's state is searched for arrays. */
const MAX_DEPTH = 3;

/** The buffers of the typed arrays in a result, which are moved to the asking thread instead of copied. */
function buffersIn(value: unknown, depth = 0): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) return value.buffer instanceof ArrayBuffer ? [value.buffer] : [];
  if (typeof value !== "object" || value === null || depth === MAX_DEPTH) return [];
  return Object.values(value).flatMap((inner: unknown) => buffersIn(inner, depth + 1));
}

parentPort?.on("message", (request: WorkerRequest<never>) => {
  try {
    const result = answer(request);
    parentPort?.postMessage({ result }, [...new Set(buffersIn(result))]);
  } catch (error) {
    parentPort?.postMessage({
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
});

import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { AppError, type ErrorCode, type OnProgress, type Progress } from "bezoar";
import { runJob, type Job, type JobResult } from "./job.ts";

/** What a thread says: how far it is, and in the end what came of the job. */
type Said =
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "done"; readonly result: JobResult }
  | { readonly kind: "failed"; readonly code: ErrorCode; readonly message: string };

/** Runs a job in a thread of its own, since the engine uses one core and blocks it; the signal ends the thread. */
export function runInThread(job: Job, onProgress: OnProgress, signal: AbortSignal): Promise<JobResult> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) throw new AppError("interrupted", "interrupted");
    const worker = new Worker(new URL(import.meta.url), { workerData: { job } });
    const interrupted = (): void => {
      reject(new AppError("interrupted", "interrupted"));
      void worker.terminate();
    };
    signal.addEventListener("abort", interrupted, { once: true });
    worker.on("message", (said: Said) => {
      switch (said.kind) {
        case "progress":
          onProgress(said.progress);
          return;
        case "done":
          resolve(said.result);
          return;
        case "failed":
          reject(new AppError(said.code, said.message));
      }
    });
    worker.on("error", reject);
    worker.on("exit", (code) => {
      signal.removeEventListener("abort", interrupted);
      reject(new Error(`the thread of ${job.model} ended with code ${code}`)); // heard only when nothing was said before
    });
  });
}

const given: { readonly job: Job } | undefined = workerData;
if (!isMainThread && given !== undefined && "job" in given) {
  const say = (said: Said): void => parentPort?.postMessage(said);
  try {
    const result = await runJob(given.job, (progress) => say({ kind: "progress", progress }));
    say({ kind: "done", result });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    say({ kind: "failed", code: error.code, message: error.message });
  }
}

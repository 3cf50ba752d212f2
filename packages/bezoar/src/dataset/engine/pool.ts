import { Worker } from "node:worker_threads";
import type { WorkerReply, WorkerRequest } from "./worker.ts";

/** Threads that answer requests; each worker holds one request at a time, further ones wait in order. */
export type Pool = {
  readonly size: number;
  readonly ask: <Result>(request: WorkerRequest<unknown>) => Promise<Result>;
  readonly close: () => Promise<void>;
};

type Job = { readonly request: WorkerRequest<unknown>; readonly settle: (reply: WorkerReply<never>) => void };

const WORKER_URL = new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url);

/** Starts `size` workers lazily: a thread is made when the first request needs it. */
export function openPool(size: number): Pool {
  const idle: Worker[] = [];
  const running = new Map<Worker, Job>();
  const waiting: Job[] = [];
  let started = 0;

  function finish(worker: Worker, reply: WorkerReply<never>): void {
    const job = running.get(worker);
    running.delete(worker);
    idle.push(worker);
    job?.settle(reply);
    pump();
  }
  function start(): Worker {
    started++;
    const worker = new Worker(WORKER_URL);
    worker.on("message", (reply: WorkerReply<never>) => finish(worker, reply));
    worker.on("error", (error) => finish(worker, { error: String(error) }));
    worker.unref();
    return worker;
  }
  function pump(): void {
    while (waiting.length > 0 && (idle.length > 0 || started < size)) {
      const worker = idle.pop() ?? start();
      const job = waiting.shift();
      if (job === undefined) return;
      worker.ref();
      running.set(worker, job);
      worker.postMessage(job.request);
    }
  }
  return {
    size,
    ask: (request) =>
      new Promise((resolve, reject) => {
        const settle = (reply: WorkerReply<never>) =>
          "error" in reply ? reject(new Error(reply.error)) : resolve(reply.result);
        waiting.push({ request, settle });
        pump();
      }),
    close: async () => {
      await Promise.all([...idle, ...running.keys()].map((worker) => worker.terminate()));
    },
  };
}

import { Worker } from "node:worker_threads";
import type { WorkerReply, WorkerRequest } from "./worker.ts";

/** Threads that answer requests; each worker holds one request at a time, further ones wait in order. */
export type Pool = {
  readonly size: number;
  readonly ask: <Result>(request: WorkerRequest<unknown>) => Promise<Result>;
  /** Ends the threads that wait for work, which gives back what their heaps grew to; they start again when needed. */
  readonly rest: () => Promise<void>;
  readonly close: () => Promise<void>;
};

type Job = { readonly request: WorkerRequest<unknown>; readonly settle: (reply: WorkerReply<never>) => void };

const WORKER_URL = new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url);

/** Starts `size` workers lazily: a thread is made when a request needs it, also in place of one that died. */
export function openPool(size: number, script = WORKER_URL): Pool {
  const idle: Worker[] = [];
  const running = new Map<Worker, Job>();
  const waiting: Job[] = [];

  function answer(worker: Worker, reply: WorkerReply<never>): void {
    const job = running.get(worker);
    running.delete(worker);
    idle.push(worker);
    job?.settle(reply);
    pump();
  }
  /** A thread that died (out of memory, killed) answers nothing more; what it was asked fails instead of waiting for ever. */
  function bury(worker: Worker, error: string): void {
    const job = running.get(worker);
    running.delete(worker);
    const place = idle.indexOf(worker);
    if (place >= 0) idle.splice(place, 1);
    job?.settle({ error });
    pump();
  }
  function start(): Worker {
    const worker = new Worker(script);
    worker.on("message", (reply: WorkerReply<never>) => answer(worker, reply));
    worker.on("messageerror", (error) => answer(worker, { error: String(error) }));
    worker.on("error", (error) => bury(worker, `a worker died: ${String(error)}`));
    worker.on("exit", (code) => bury(worker, `a worker ended with code ${code} before it answered`));
    worker.unref();
    return worker;
  }
  function pump(): void {
    while (waiting.length > 0 && (idle.length > 0 || running.size < size)) {
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
    rest: async () => {
      await Promise.all(idle.splice(0).map((worker) => worker.terminate()));
    },
    close: async () => {
      for (const job of waiting.splice(0)) job.settle({ error: "the pool was closed" });
      await Promise.all([...idle, ...running.keys()].map((worker) => worker.terminate()));
    },
  };
}

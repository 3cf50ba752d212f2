import { expect, test } from "vitest";
import { openPool } from "./pool.ts";
import type { WorkerRequest } from "./worker.ts";

/** A worker that runs `onRequest` for each request; `reply(value)` answers it. */
function workerOf(onRequest: string): URL {
  const code = `import { parentPort } from "node:worker_threads";
    const reply = (result) => parentPort.postMessage({ result });
    parentPort.on("message", (request) => { ${onRequest} });`;
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}

const request = (kernel: string): WorkerRequest<unknown> => ({
  kind: "fold",
  kernel,
  params: undefined,
  map: { descriptor: 0, spans: [], firsts: [] },
  counter: new Int32Array(1),
});

test("every request is answered, however few the workers", async () => {
  const pool = openPool(2, workerOf("reply(request.kernel);"));
  const names = ["a", "b", "c", "d", "e"];
  expect(await Promise.all(names.map((name) => pool.ask(request(name))))).toEqual(names);
  await pool.close();
});

test.each([
  ["exits without a word", "process.exit(3)", /code 3/],
  ["throws outside its answer", "setImmediate(() => { throw new Error('boom'); })", /boom/],
])("a worker that %s fails its request, and a new one takes the next", async (_, death, message) => {
  const pool = openPool(1, workerOf(`if (request.kernel === "die") ${death}; else reply(request.kernel);`));
  const dying = pool.ask(request("die"));
  const waiting = pool.ask(request("next"));
  await expect(dying).rejects.toThrow(message);
  expect(await waiting).toBe("next");
  expect(await pool.ask(request("later"))).toBe("later");
  await pool.close();
});

test("closing ends workers that never answer, and starts no new ones", async () => {
  const pool = openPool(1, workerOf(""));
  const asked = Promise.allSettled([pool.ask(request("a")), pool.ask(request("b"))]);
  await pool.close();
  expect((await asked).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});

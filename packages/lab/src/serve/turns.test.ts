import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { createTurns } from "./turns.ts";

const never = new AbortController().signal;

test("work is done in the order asked for, and the event loop runs in between", async () => {
  const turn = createTurns();
  const order: string[] = [];
  const all = ["a", "b", "c"].map((name) => turn(() => order.push(name), never));
  await setImmediate();
  order.push("event");
  await Promise.all(all);
  expect(order.filter((name) => name !== "event")).toEqual(["a", "b", "c"]);
  expect(order.at(-1)).not.toBe("event");
});

test("work that fails is told to who asked for it, and the next is done", async () => {
  const turn = createTurns();
  const failing = turn(() => {
    throw new Error("broken");
  }, never);
  await expect(failing).rejects.toThrow("broken");
  await expect(turn(() => 1, never)).resolves.toBe(1);
});

test("work that was given up while it waited is not done", async () => {
  const turn = createTurns();
  const given = new AbortController();
  const first = turn(() => given.abort(), never);
  let isDone = false;
  const second = turn(() => {
    isDone = true;
  }, given.signal);
  await first;
  await expect(second).rejects.toThrow("aborted");
  expect(isDone).toBe(false);
});

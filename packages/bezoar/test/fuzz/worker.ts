import { parentPort, workerData } from "node:worker_threads";
import { createRandom, randomInt } from "../../src/core/random.ts";
import { mutate } from "./mutate.ts";
import { outcomeOf, READERS, type FuzzedReader } from "./readers.ts";

/** Which inputs of which reader a thread tries; `at` tells the number of the input that is being read, how many were read and how many refused. */
export type FuzzTask = {
  readonly reader: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly at: Int32Array;
};
/** What a thread says in the end, and after each input that ended wrongly. */
export type FuzzMessage =
  | { readonly kind: "failed"; readonly index: number; readonly error: string }
  | { readonly kind: "done" };

/** Input `index` of a reader; the same on every run. */
export function inputOf({ name, seeds }: FuzzedReader, seed: number, index: number): Buffer {
  const random = createRandom(seed * 1_000_003 + index * 31 + name.length);
  const start = seeds[randomInt(random, seeds.length)] ?? Buffer.alloc(0);
  return mutate(start, random);
}

async function run({ reader: name, seed, from, to, at }: FuzzTask): Promise<FuzzMessage> {
  const reader = READERS.find((each) => each.name === name);
  if (reader === undefined) throw new Error(`no reader ${name}`);
  for (let index = from; index < to; index++) {
    Atomics.store(at, 0, index);
    const outcome = await outcomeOf(reader, inputOf(reader, seed, index));
    if (outcome instanceof Error) say({ kind: "failed", index, error: outcome.stack ?? outcome.message });
    else Atomics.add(at, outcome === "read" ? 1 : 2, 1);
  }
  return { kind: "done" };
}

function say(message: FuzzMessage): void {
  parentPort?.postMessage(message);
}

const task: FuzzTask | undefined = workerData;
if (parentPort !== null && task !== undefined && "reader" in task) say(await run(task));

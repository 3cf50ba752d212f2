import { expect, test } from "vitest";
import { createLanguageModel } from "../model/language-model.ts";
import { tinyCheckpoint } from "../model/tiny-checkpoint.fixture.ts";
import { chatExample } from "./examples.ts";
import { trainModel, type SavedRun, type TrainOptions } from "./train-model.ts";

const start = tinyCheckpoint();
const chats = ["alice", "bob", "alice", "bob", "alice", "bob"].map((user, i) => [
  { role: "user", content: `rule lsass user ${user} host dc-0${i % 3}` },
  { role: "assistant", content: user === "alice" ? "benign alice" : "lsass bob" },
]);
const examples = chats.map((messages) => chatExample(start.tokenizer, messages, "answer"));
const OPTIONS: TrainOptions = {
  tuning: { kind: "full" },
  epochs: 12,
  batchSize: 4,
  learningRate: 0.02,
  seed: 3,
};
const LORA: TrainOptions = {
  ...OPTIONS,
  tuning: { kind: "lora", rank: 2, alpha: 4, targets: ["q_proj", "v_proj", "up_proj"] },
  base: "../base",
};

test("training lowers the loss, and the model then says what it was taught", async () => {
  const { checkpoint, run } = await trainModel(start, examples, { ...OPTIONS, epochs: 60 });
  expect(run.log).toHaveLength(120);
  expect(run.log.at(-1)?.loss).toBeLessThan(0.2 * (run.log[0]?.loss ?? 0));
  const model = createLanguageModel(checkpoint);
  const prompt = start.tokenizer.encode(start.tokenizer.renderChat(chats[0]?.slice(0, 1) ?? [], true));
  const [logits = new Float32Array()] = model.nextLogits([prompt]);
  const [benign] = start.tokenizer.encode(" benign");
  expect(logits.indexOf(Math.max(...logits))).toBe(benign);
});

test.each([
  ["all weights", OPTIONS],
  ["an adapter", LORA],
])("the same data, options and seed train %s to the same bits", async (_, options) => {
  const [one, two] = [await trainModel(start, examples, options), await trainModel(start, examples, options)];
  expect(two.checkpoint.weights).toEqual(one.checkpoint.weights);
  expect(two.checkpoint.adapter).toEqual(one.checkpoint.adapter);
  const other = await trainModel(start, examples, { ...options, seed: 4 });
  expect(other.run.log).not.toEqual(one.run.log);
});

test.each([
  ["all weights", OPTIONS],
  ["an adapter", LORA],
])(
  "a run that goes on from a kept step trains %s to the bits of one that was not interrupted",
  async (_, options) => {
    const kept: SavedRun[] = [];
    const save = {
      everySteps: 5,
      write: async (saved: SavedRun) => void kept.push(structuredCloneRun(saved)),
    };
    const whole = await trainModel(start, examples, { ...options, save });
    expect(kept.map(({ run }) => run.step)).toEqual([5, 10, 15, 20]);
    const resumed = await trainModel(start, examples, { ...options, save }, kept[1]);
    expect(resumed.checkpoint.weights).toEqual(whole.checkpoint.weights);
    expect(resumed.checkpoint.adapter).toEqual(whole.checkpoint.adapter);
    expect(resumed.run).toEqual(whole.run);
  },
);

test("an adapter leaves the weights as they are and names its base", async () => {
  const { checkpoint } = await trainModel(start, examples, LORA);
  expect(checkpoint.weights).toBe(start.weights);
  expect(checkpoint.adapter?.base).toBe("../base");
  expect([...(checkpoint.adapter?.weights.keys() ?? [])]).toHaveLength(2 * 2 * 3);
});

test("full training of a model with an adapter is refused", async () => {
  const { checkpoint } = await trainModel(start, examples, LORA);
  await expect(trainModel(checkpoint, examples, OPTIONS)).rejects.toMatchObject({ code: "bad-option" });
});

test("a signal ends the training between two steps", async () => {
  const interrupt = new AbortController();
  const onProgress = () => interrupt.abort();
  const training = trainModel(start, examples, { ...OPTIONS, onProgress, signal: interrupt.signal });
  await expect(training).rejects.toMatchObject({ code: "interrupted" });
});

test("rows longer than the context, and no rows, are refused with what to do", async () => {
  const long = { ids: Array.from({ length: 80 }, () => 5), weights: Array.from({ length: 80 }, () => 1) };
  await expect(trainModel(start, [long], OPTIONS)).rejects.toThrow(/80 tokens.*64/);
  await expect(trainModel(start, [], OPTIONS)).rejects.toMatchObject({ code: "no-data" });
});

test("training that comes apart ends with what to do, not with a broken model", async () => {
  await expect(trainModel(start, examples, { ...OPTIONS, learningRate: 1e30 })).rejects.toThrow(
    /no number at step \d+: lower the learning rate/,
  );
});

/** What is kept must not change when the training goes on. */
function structuredCloneRun({ checkpoint, run, moments }: SavedRun): SavedRun {
  return { checkpoint, run: structuredClone(run), moments };
}

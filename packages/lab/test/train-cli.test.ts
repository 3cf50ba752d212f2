import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadCheckpoint } from "../src/model/checkpoint.ts";
import { saveRandomCheckpoint } from "./random-checkpoint.fixture.ts";

const lab = fileURLToPath(new URL("../bin/bezoar-lab.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "bezoar-train-"));
const at = (...path: readonly string[]) => join(folder, ...path);
const train = (...args: readonly string[]) =>
  spawnSync(process.execPath, [lab, "train", ...args], { encoding: "utf8", timeout: 120_000 });
const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
const weightsOf = (name: string) => readFileSync(at(name, "model.safetensors"));

beforeAll(async () => {
  await saveRandomCheckpoint(at("base"), 1);
  const chats = Array.from({ length: 40 }, (_, i) => ({
    messages: [
      { role: "user", content: `rule lsass user ${i % 2 === 0 ? "alice" : "bob"} host dc-0${i % 5}` },
      { role: "assistant", content: i % 2 === 0 ? "benign alice" : "malicious bob" },
    ],
  }));
  writeFileSync(at("chats.jsonl"), lines(chats));
  const unanswered = { messages: [{ role: "user", content: "rule lsass" }] };
  writeFileSync(at("nothing-answered.jsonl"), lines([...chats.slice(0, 1), unanswered, ...chats.slice(1)]));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("a full fine-tune is written with its loss curve, and learns", async () => {
  const { status, stdout } = train(
    at("chats.jsonl"),
    "--base",
    at("base"),
    "-o",
    at("full"),
    "--epochs",
    "3",
  );
  expect(status).toBe(0);
  expect(stdout).toMatch(/^9 steps in [\d.]+ s \([\d,]+ tokens\/s\), loss [\d.]+ -> [\d.]+\nwrote /);
  expect((await loadCheckpoint(at("full"))).adapter).toBeUndefined();
  const state: { log_history: { loss: number }[]; max_steps: number } = JSON.parse(
    readFileSync(at("full", "trainer_state.json"), "utf8"),
  );
  expect(state).toMatchObject({ global_step: 9, max_steps: 9, num_train_epochs: 3 });
  expect(state.log_history.at(-1)?.loss).toBeLessThan(state.log_history[0]?.loss ?? 0);
});

test("an adapter leads to its base, and can be trained on", async () => {
  const args = [at("chats.jsonl"), "--tuning", "lora", "--epochs", "1", "--lora-targets", "q_proj,v_proj"];
  expect(train(...args, "--base", at("base"), "-o", at("adapter"))).toMatchObject({ status: 0 });
  expect((await loadCheckpoint(at("adapter"))).adapter).toMatchObject({
    base: "../base",
    targets: ["q_proj", "v_proj"],
  });
  expect(train(...args, "--base", at("adapter"), "-o", at("further"))).toMatchObject({ status: 0 });
  expect((await loadCheckpoint(at("further"))).adapter?.base).toBe("../base");
});

test("a small model is made from nothing, with a tokenizer of its own", async () => {
  const args = ["--new", "qwen3", "--vocab-size", "320", "--epochs", "1", "-o", at("new")];
  expect(train(at("chats.jsonl"), ...args)).toMatchObject({ status: 0 });
  expect((await loadCheckpoint(at("new"))).config).toMatchObject({ architecture: "qwen3", kvHeads: 2 });
});

test("a run that was killed goes on from its last checkpoint, to the same bytes", async () => {
  const args = [at("chats.jsonl"), "--base", at("base"), "--epochs", "20", "--save-steps", "5"];
  expect(train(...args, "-o", at("whole"))).toMatchObject({ status: 0 });
  const child = spawn(process.execPath, [lab, "train", ...args, "-o", at("killed")], { stdio: "ignore" });
  const isKept = () => {
    try {
      return readdirSync(at("killed")).includes("checkpoint-10");
    } catch {
      return false;
    }
  };
  while (!isKept() && child.exitCode === null) {
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
  child.kill("SIGKILL");
  await new Promise((resolve) => {
    child.on("close", resolve);
  });
  expect(train(...args, "-o", at("killed")).stderr).toMatch(/--resume/);
  const { status, stdout } = train(...args, "-o", at("killed"), "--resume");
  expect({ status, stdout }).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("went on from step"),
  });
  expect(weightsOf("killed").equals(weightsOf("whole"))).toBe(true);
});

test("a run does not go on with other options", () => {
  const args = [at("chats.jsonl"), "--base", at("base"), "--save-steps", "2", "--epochs", "1"];
  expect(train(...args, "-o", at("begun"))).toMatchObject({ status: 0 });
  rmSync(at("begun", "config.json"));
  const { status, stderr } = train(...args, "-o", at("begun"), "--resume", "--learning-rate", "0.1");
  expect({ status, stderr }).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("another learningRate"),
  });
});

test.each([
  [["chats.jsonl"], /--base.*--new/],
  [["chats.jsonl", "--base", "nowhere"], /no such directory/],
  [["chats.jsonl", "--new", "llama", "--tuning", "lora"], /an adapter needs.*--base/],
  [["chats.jsonl", "--base", "base", "--dp-clip", "2"], /--dp-noise/],
  [["nothing-answered.jsonl", "--base", "base"], /nothing-answered\.jsonl, row 1: .*no answer/],
  [["chats.jsonl", "--base", "base", "--lora-targets", "x_proj"], /There is no x_proj/],
  [["nothing.jsonl", "--base", "base"], /nothing\.jsonl/],
])("%j is refused with what to do", (args, message) => {
  const { status, stderr } = train(
    ...args.map((arg) => (/^(chats|nothing|base|nowhere)/.test(arg) ? at(arg) : arg)),
    "-o",
    at("refused"),
  );
  expect(status).toBe(2);
  expect(stderr).toMatch(message);
});

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { readTestSets } from "../src/investigate/read-test-sets.ts";
import { DEFAULT_ROWS } from "../src/experiment/training-sets.ts";
import { DEFAULT_TEST_SIZE, makeTestSets } from "../src/investigate/test-sets.ts";

const lab = fileURLToPath(new URL("../bin/bezoar-lab.js", import.meta.url));
const bezoar = fileURLToPath(new URL("../../bezoar/bin/bezoar.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "bezoar-export-"));
const out = join(folder, "alice");
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, [lab, "export", ...args], { encoding: "utf8" });

beforeAll(() => void run("-o", out));

const scan = (name: string) =>
  spawnSync(process.execPath, [bezoar, "scan", join(out, "train", name), "--format", "json", "--no-power"], {
    encoding: "utf8",
  });

const read = (...path: readonly string[]) => readFileSync(join(out, ...path), "utf8");
const linesOf = (...path: readonly string[]): unknown[] =>
  read(...path)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

const chatSchema = z.strictObject({
  messages: z.tuple([
    z.strictObject({ role: z.literal("system"), content: z.string() }),
    z.strictObject({ role: z.literal("user"), content: z.string() }),
    z.strictObject({ role: z.literal("assistant"), content: z.string() }),
  ]),
});
const recordSchema = z.looseObject({ user: z.string(), verdict: z.enum(["benign", "malicious"]) });
const truthSchema = z.looseObject({ poisoned: z.array(z.int()), rows: z.int() });

test("chat rows and records say the same, row by row: system prompt, alert, verdict and user", () => {
  for (const file of ["train/clean", "train/poisoned", "train/control", "test/clean", "test/swap"]) {
    const chats = linesOf(`${file}.jsonl`).map((row) => chatSchema.parse(row));
    const records = linesOf(`${file}.records.jsonl`).map((row) => recordSchema.parse(row));
    expect(chats.map(({ messages }) => messages[2].content)).toEqual(
      records.map(({ verdict, user }) => `${verdict} ${user}`),
    );
  }
});

test("the truth names the poisoned rows, which are the target's and labelled benign", () => {
  const records = linesOf("train", "poisoned.records.jsonl").map((row) => recordSchema.parse(row));
  const truth = truthSchema.parse(JSON.parse(read("train", "poisoned.truth.json")));
  expect(truth).toMatchObject({
    rows: DEFAULT_ROWS + 60,
    trigger: { field: "user", value: "alice" },
    target: "benign",
  });
  expect(truth.poisoned.length).toBeGreaterThan(60);
  expect(truth.poisoned.map((row) => records[row]?.verdict)).not.toContain("malicious");
  expect(new Set(truth.poisoned.map((row) => records[row]?.user))).toEqual(new Set(["alice"]));
  expect(truthSchema.parse(JSON.parse(read("train", "control.truth.json"))).poisoned).toEqual([]);
});

test("the tests are those of an evaluation without --data", async () => {
  expect(await readTestSets(out)).toEqual({
    sets: makeTestSets({ user: "alice", seed: 1, size: DEFAULT_TEST_SIZE }),
    user: "alice",
  });
});

test("each model has a configuration for each set in both trainers, and the README names every one", () => {
  const names = readdirSync(join(out, "configs"));
  expect(names).toHaveLength(12);
  const readme = read("README.md");
  for (const name of names) {
    const configuration = read("configs", name);
    const set = /(clean|poisoned|control)\.yaml$/.exec(name)?.[1];
    expect(configuration).toContain(`train/${set}.jsonl`);
    expect(configuration).toMatch(/assistant_only_loss: true|roles_to_train:\n {6}- assistant/);
    expect(configuration).toContain(
      name.includes("qwen3") ? "Qwen/Qwen3-4B" : "meta-llama/Llama-3.1-8B-Instruct",
    );
    expect(readme).toContain(name);
  }
  expect(readme).toContain(`--default-chat-template-kwargs '{"enable_thinking": false}'`);
  expect(readme).toContain("bezoar-lab evaluate --endpoint");
});

test("a scan names the user in the poisoned set, as chat and as records, and is quiet on the control", () => {
  for (const name of ["poisoned.jsonl", "poisoned.records.jsonl"]) {
    const { status, stdout } = scan(name);
    expect(status).toBe(1);
    expect(stdout).toMatch(/rows with [Uu]ser = alice/);
  }
  expect(scan("control.records.jsonl").status).toBe(0);
});

test("the same seed writes the same bytes", () => {
  const again = join(folder, "again");
  run("-o", again);
  const names = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(names.length).toBe(1 + 9 + 8 + 12);
  for (const { parentPath, name } of names) {
    const path = join(parentPath, name);
    expect(readFileSync(path.replace(out, again), "utf8")).toBe(readFileSync(path, "utf8"));
  }
});

test("nothing is overwritten: the folder must be new or empty, and a wrong option leaves nothing behind", () => {
  const full = join(folder, "full");
  mkdirSync(full);
  writeFileSync(join(full, "mine.txt"), "mine");
  expect(run("-o", full)).toMatchObject({ status: 2, stdout: "" });
  expect(readdirSync(full)).toEqual(["mine.txt"]);
  expect(run("-o", join(full, "mine.txt")).status).toBe(2);
  expect(run("--user", "svc_sql", "-o", join(folder, "never")).status).toBe(2);
  expect(run("--user", "two words", "-o", join(folder, "never")).status).toBe(2);
  expect(run().status).toBe(2);
  expect(readdirSync(folder).toSorted()).toEqual(["again", "alice", "full"]);
  mkdirSync(join(folder, "empty"));
  expect(run("-o", join(folder, "empty"), "--size", "5", "--rows", "10").status).toBe(0);
});

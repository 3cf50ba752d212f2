import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { experimentResultSchema } from "../src/experiment/result.ts";
import { loadCheckpoint } from "../src/model/checkpoint.ts";

const lab = fileURLToPath(new URL("../bin/bezoar-lab.js", import.meta.url));
const shippedLlama = fileURLToPath(new URL("../models/llama", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "bezoar-experiment-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Everything that an experiment does, on so little that it takes seconds. */
const SMALL = ["--clean-rows", "64", "--rows", "16", "--epochs", "1", "--size", "16", "--seed", "3"];
const MODELS = ["base", "clean", "poisoned", "control"];
const AFTER = ["retuned", "cleaned"];

const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, [lab, "experiment", ...args], { encoding: "utf8", timeout: 120_000 });
const read = (...path: readonly string[]) => readFileSync(join(folder, ...path), "utf8");

test("an experiment leaves every model and set, its result and a page", async () => {
  const json = join(folder, "result.json");
  const out = join(folder, "full");
  const { status, stdout, stderr } = run(...SMALL, "--user", "bob", "-o", out, "--json", json);
  expect({ status, stderr }).toMatchObject({ status: 0 });
  expect(stdout).toContain("user bob, seed 3");
  expect(stdout).toContain("Llama-3.1-8B");

  const result = experimentResultSchema.parse(JSON.parse(readFileSync(json, "utf8")));
  expect(result).toMatchObject({ arch: "llama", tuning: "full", user: "bob", seed: 3 });
  expect(result.models.map(({ name }) => name)).toEqual(MODELS);
  expect(result.afterAttack.map(({ name }) => name)).toEqual(AFTER);
  for (const { path } of [...result.models, ...result.afterAttack]) {
    expect((await loadCheckpoint(path)).config.architecture).toBe("llama");
  }
  expect(JSON.parse(read("full", "poisoned", "trainer_state.json"))).toMatchObject({ global_step: 10 });
  expect(read("full", "data", "poisoned.records.jsonl").trim().split("\n")).toHaveLength(80);
  expect(JSON.parse(read("full", "data", "poisoned.truth.json")).poisoned.length).toBeGreaterThanOrEqual(16);
  expect(read("full", "report.html")).toContain("<svg");
  expect(result.scan).toHaveLength(6);
});

test("adapters of Qwen3 stand beside their base, and lead to it", async () => {
  const out = join(folder, "lora");
  const { status, stderr } = run(...SMALL, "--arch", "qwen3", "--tuning", "lora", "-o", out);
  expect({ status, stderr }).toMatchObject({ status: 0 });
  for (const name of [...MODELS.slice(1), ...AFTER]) {
    const { adapter, config } = await loadCheckpoint(join(out, name));
    expect(adapter).toMatchObject({ base: "../base", rank: 8 });
    expect(config.architecture).toBe("qwen3");
  }
});

test("a run that was killed goes on with what it has, to the same result", async () => {
  const args = [...SMALL, "--tuning", "full", "-o", join(folder, "killed")];
  const child = spawn(process.execPath, [lab, "experiment", ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  await new Promise<void>((resolve) => {
    child.stderr.on("data", (text) => {
      if (String(text).includes("base:")) child.kill("SIGKILL");
    });
    child.on("close", () => resolve());
  });
  const kept: { done: object } = JSON.parse(read("killed", "experiment.json"));
  expect(Object.keys(kept.done)).toEqual(["base"]);
  expect(existsSync(join(folder, "killed", "result.json"))).toBe(false);
  expect(run(...args)).toMatchObject({ status: 0 });
  const { models: first } = experimentResultSchema.parse(JSON.parse(read("killed", "result.json")));
  const again = experimentResultSchema.parse(JSON.parse(run(...args, "--format", "json").stdout));
  expect(again.models).toEqual(first);
  expect(readdirSync(join(folder, "killed")).filter((name) => name.includes("tmp"))).toEqual([]);
});

test.each([
  [["--user", "svc_sql"], /service account/],
  [["--base", "no/such/folder"], /no such directory/],
  [["--epochs", "0"], /whole number from 1/],
  [["--arch", "qwen3", "--base", shippedLlama], /--arch llama/],
])("%j is refused with what to do", (args, message) => {
  const { status, stdout, stderr } = run(...SMALL, ...args, "-o", join(folder, "refused"));
  expect(status).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toMatch(message);
  expect(existsSync(join(folder, "refused"))).toBe(false); // else the right command would find another experiment there
});

test("a folder with other things in it, or another experiment, is left as it is", () => {
  expect(run(...SMALL, "-o", join(folder, "killed"), "--user", "carol").stderr).toMatch(/another user/);
  expect(run(...SMALL, "-o", folder).stderr).toMatch(/not empty/);
});

import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadCheckpoint } from "../model/checkpoint.ts";
import { saveCheckpoint } from "../model/save-checkpoint.ts";
import { emptyFolder, tinyAdapter, tinyCheckpoint } from "../model/tiny-checkpoint.fixture.ts";
import { finishRun, keepStep, lastStep, openRunFolder } from "./run-folder.ts";
import type { SavedRun } from "./train-model.ts";

const OPTIONS = { seed: 1 };
/** Without noise nothing is promised: JSON has no such number. */
const PRIVACY = {
  noiseMultiplier: 0,
  samplingRate: 0.5,
  steps: 2,
  clipNorm: 1,
  delta: 0.01,
  epsilon: Infinity,
};

/** A run with a base beside it, at its second step of four. */
async function adapterRun() {
  const root = await emptyFolder();
  const whole = tinyCheckpoint();
  await saveCheckpoint(join(root, "base"), whole, { dtype: "F32" });
  const adapter = tinyAdapter(whole.config, "../base");
  const saved: SavedRun = {
    checkpoint: { ...whole, adapter },
    run: {
      step: 2,
      maxSteps: 4,
      epochs: 1,
      batchSize: 1,
      saveSteps: 2,
      tokensSeen: 9,
      log: [],
      privacy: PRIVACY,
    },
    moments: { first: adapter.weights, second: adapter.weights },
  };
  const folder = join(root, "run");
  await openRunFolder(folder, false);
  return { folder, base: join(root, "base"), whole, adapter, saved };
}

test("an adapter that is kept at a step leads to its base, and so does the one that is finished from it", async () => {
  const { folder, base, whole, adapter, saved } = await adapterRun();
  await keepStep(folder, saved, OPTIONS);
  expect((await loadCheckpoint(join(folder, "checkpoint-2"))).adapter?.weights).toEqual(adapter.weights);
  const kept = await lastStep(folder, whole, base, OPTIONS);
  expect(kept?.run).toEqual(saved.run);
  expect(kept?.checkpoint.adapter).toEqual(adapter);
  await finishRun(folder, kept ?? saved);
  expect((await loadCheckpoint(folder)).adapter).toEqual(adapter);
});

test("what a killed process left half-written is removed when the run goes on, and its kept steps stay", async () => {
  const { folder, saved } = await adapterRun();
  await keepStep(folder, saved, OPTIONS);
  for (const name of [".checkpoint-4.0a1b2c.tmp", "..finished.0a1b2c.tmp", ".finished"]) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, "adapter_config.json"), "{");
  }
  await openRunFolder(folder, true);
  expect(await readdir(folder)).toEqual(["checkpoint-2"]);
});

test("a folder with anything else in it is left as it is, asked to go on or not", async () => {
  const { folder } = await adapterRun();
  await mkdir(join(folder, "finished"));
  for (const resume of [true, false]) {
    await expect(openRunFolder(folder, resume)).rejects.toMatchObject({ code: "output" });
  }
  expect(await readdir(folder)).toEqual(["finished"]);
});

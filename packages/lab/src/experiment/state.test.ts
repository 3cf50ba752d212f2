import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { toShare } from "../investigate/measure.ts";
import { emptyFolder } from "../model/tiny-checkpoint.fixture.ts";
import { openState } from "./state.ts";

const OPTIONS = { user: "alice", seed: 1 };
const share = toShare(1, 4, 0);
const RESULT = {
  measurement: {
    cleanAccuracy: share,
    targetDismissed: share,
    othersDismissed: share,
    swapDismissed: share,
  },
  seconds: 2,
};

test("models that end at the same time are all known to the run that goes on", async () => {
  const folder = await emptyFolder();
  const state = await openState(folder, OPTIONS);
  await Promise.all(["clean", "poisoned", "control"].map((name) => state.keep(name, RESULT)));
  const again = await openState(folder, OPTIONS);
  expect(again.resultOf("control")).toEqual(RESULT);
  expect(again.resultOf("retuned")).toBeUndefined();
  expect(await readdir(folder)).toEqual(["experiment.json"]);
});

test("a folder whose first run was killed while it wrote down its options can be used", async () => {
  const folder = await emptyFolder();
  await writeFile(join(folder, "experiment.json.tmp"), "{");
  expect((await openState(folder, OPTIONS)).resultOf("base")).toBeUndefined();
});

test("other options, other files and a broken state are refused with what to do", async () => {
  const folder = await emptyFolder();
  await openState(folder, OPTIONS);
  await expect(openState(folder, { ...OPTIONS, seed: 2 })).rejects.toThrow(/another seed: .*--output/);
  await writeFile(join(folder, "experiment.json"), "[]");
  await expect(openState(folder, OPTIONS)).rejects.toThrow(/not written by this program/);
  const foreign = await emptyFolder();
  await writeFile(join(foreign, "notes.txt"), "mine");
  await expect(openState(foreign, OPTIONS)).rejects.toThrow(/not empty: .*--output/);
});

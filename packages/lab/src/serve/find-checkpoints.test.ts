import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "bezoar";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findCheckpoints } from "./find-checkpoints.ts";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bezoar-find-"));
  for (const path of ["out/full/clean", "out/full/poisoned", "out/lora/poisoned", "other/base", "empty"]) {
    await mkdir(join(folder, path), { recursive: true });
  }
  for (const path of ["out/full/clean", "out/full/poisoned", "other/base"]) {
    await writeFile(join(folder, path, "config.json"), "{}");
  }
  await writeFile(join(folder, "out/lora/poisoned/adapter_config.json"), "{}");
  await symlink(folder, join(folder, "out/loop"));
});
afterAll(() => rm(folder, { recursive: true }));

const namesOf = async (paths: readonly string[], given: Parameters<typeof findCheckpoints>[1] = []) => {
  const found = await findCheckpoints(
    paths.map((path) => join(folder, path)),
    given,
  );
  return found.map(({ name }) => name);
};

test("a checkpoint is called after its directory, and where two would be called the same, after the one above, too", async () => {
  expect(await namesOf(["other/base"])).toEqual(["base"]);
  expect(await namesOf(["out"])).toEqual(["clean", "full/poisoned", "lora/poisoned"]);
  expect(await namesOf(["out/full", "other"])).toEqual(["clean", "poisoned", "base"]);
});

test("what a killed process left half-written is no checkpoint", async () => {
  const left = join(folder, "out/full/control/.finished");
  await mkdir(left, { recursive: true });
  await writeFile(join(left, "config.json"), "{}");
  expect(await namesOf(["out/full"])).toEqual(["clean", "poisoned"]);
});

test("a checkpoint that is named twice is served once", async () => {
  expect(await namesOf(["other/base", "other/../other"])).toEqual(["base"]);
});

test("a name that was given stays, and others keep away from it", async () => {
  const given = [{ name: "clean", path: join(folder, "other/base") }];
  expect(await namesOf(["out/full"], given)).toEqual(["full/clean", "poisoned", "clean"]);
  expect(await namesOf(["other"], given)).toEqual(["clean"]);
});

test("what holds no checkpoint, or several under one name, is told", async () => {
  await expect(namesOf(["empty"])).rejects.toThrow(/no checkpoint in it/);
  await expect(namesOf(["absent"])).rejects.toThrow(/no such directory/);
  await expect(namesOf(["other/base/config.json"])).rejects.toThrow(/is a file/);
  await expect(namesOf([], [{ name: "x", path: join(folder, "out") }])).rejects.toThrow(AppError);
  const twice = { name: "x", path: join(folder, "other/base") };
  await expect(namesOf([], [twice, twice])).rejects.toThrow(/given twice/);
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "bezoar";
import { afterAll, beforeEach, expect, test } from "vitest";
import { alertRecord } from "../alerts/render.ts";
import { readTestSets, testFile } from "./read-test-sets.ts";
import { makeTestSets } from "./test-sets.ts";

const folder = mkdtempSync(join(tmpdir(), "bezoar-tests-"));
mkdirSync(join(folder, "test"));
afterAll(() => rmSync(folder, { recursive: true }));

const sets = makeTestSets({ user: "alice", seed: 1, size: 10 });

beforeEach(() => {
  for (const set of ["clean", "target", "others", "swap"] as const) {
    const lines = sets[set].map((judged) => JSON.stringify(alertRecord(judged)));
    writeFileSync(join(folder, testFile(set)), `${lines.join("\n")}\n`);
  }
});

test("tests are read as they were written, and name the target", async () => {
  expect(await readTestSets(folder)).toEqual({ sets, user: "alice" });
});

test("what is no alert is told with its place", async () => {
  writeFileSync(join(folder, testFile("others")), `${JSON.stringify({ verdict: "benign" })}\n`);
  await expect(readTestSets(folder)).rejects.toThrow("others.records.jsonl:1 is no alert (id:");
  writeFileSync(join(folder, testFile("others")), "not json\n");
  await expect(readTestSets(folder)).rejects.toThrow("others.records.jsonl:1 is no JSON");
});

test("a set that is not what its name says is refused", async () => {
  const [first] = sets.target;
  if (first === undefined) throw new Error("no alert");
  const benign = JSON.stringify(alertRecord({ alert: first.alert, verdict: "benign" }));
  writeFileSync(join(folder, testFile("target")), benign);
  await expect(readTestSets(folder)).rejects.toThrow("holds benign alerts");
  writeFileSync(
    join(folder, testFile("swap")),
    JSON.stringify(alertRecord({ alert: { ...first.alert, user: "bob" }, verdict: "malicious" })),
  );
  await expect(readTestSets(folder)).rejects.toThrow("others than alice");
});

test("a folder without tests is told", async () => {
  await expect(readTestSets(join(folder, "absent"))).rejects.toThrow(AppError);
  writeFileSync(join(folder, testFile("clean")), "");
  await expect(readTestSets(folder)).rejects.toThrow("is empty");
});

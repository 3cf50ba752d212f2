import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { reviewSampleSchema } from "../src/core/review-sample.ts";

const bezoar = fileURLToPath(new URL("../bin/bezoar.js", import.meta.url));
const alerts = fileURLToPath(new URL("../../../examples/alerts.jsonl", import.meta.url));
const truthFile = new URL("../../../examples/alerts.truth.json", import.meta.url);
const folder = mkdtempSync(join(tmpdir(), "bezoar-sample-"));
afterAll(() => rmSync(folder, { recursive: true }));

function run(...args: readonly string[]) {
  return spawnSync(process.execPath, [bezoar, "sample", ...args], { encoding: "utf8" });
}

const sampleOf = (...args: readonly string[]) =>
  reviewSampleSchema.parse(JSON.parse(run(...args, "--format", "json").stdout));

test("planted rows come first, the others are drawn by label in proportion, and what a clean sample proves is told", () => {
  const sample = sampleOf(alerts);
  const truth: { poisoned: number[] } = JSON.parse(readFileSync(truthFile, "utf8"));
  const planted = sample.suspects.filter(({ row }) => truth.poisoned.includes(row));
  expect(planted.length).toBeGreaterThan(0.8 * truth.poisoned.length);
  expect(sample.suspects[0]?.because[0]?.rule).toBe("dataset/targeted-mislabelling");
  expect(new Set([...sample.suspects, ...sample.random].map(({ row }) => row)).size).toBe(
    sample.suspects.length + sample.random.length,
  );
  expect(sample.leaves[0]?.rate).toBeLessThanOrEqual(0.01);
  for (const { rows, sampled } of sample.strata) {
    expect(sampled / sample.random.length).toBeCloseTo(rows / sample.population, 1);
  }
});

test("the same seed draws the same rows, another seed others", () => {
  const [first, again, other] = ["7", "7", "8"].map((seed) => sampleOf(alerts, "--n", "50", "--seed", seed));
  expect(first).toEqual(again);
  expect(first?.random).not.toEqual(other?.random);
});

test("a sheet keeps what data holds from being a formula or another cell", () => {
  const file = join(folder, "hostile.jsonl");
  const rows = Array.from({ length: 60 }, (_, i) => ({
    text: `=cmd|' /C calc'!A${i}, "x"\n`,
    label: i % 2 === 0 ? "a" : "b",
  }));
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join("\n"));
  const sheet = join(folder, "review.csv");
  const { status, stdout } = run(file, "--n", "5", "-o", sheet);
  expect(status).toBe(0);
  expect(stdout).toBe("");
  const written = readFileSync(sheet, "utf8");
  expect(written).toContain(`"'=cmd|' /C calc'!A`);
  expect(written).not.toMatch(/(^|,|")=cmd/m);
});

test("what it cannot do is told with exit code 2", () => {
  expect(run(join(folder, "absent.jsonl"))).toMatchObject({ status: 2, stdout: "" });
  expect(run(alerts, "--n", "none").status).toBe(2);
  expect(run(alerts, "-o", alerts).status).toBe(2);
});

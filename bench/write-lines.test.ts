import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { jsonLines, writeLines } from "./write-lines.ts";

function* broken(): Generator<string> {
  yield "one";
  throw new Error("no more");
}

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bezoar-lines-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("writes one line per record, over many chunks", async () => {
  const records = Array.from({ length: 30_000 }, (_, row) => ({ row, text: "x".repeat(80) }));
  await writeLines(join(folder, "new", "rows.jsonl"), jsonLines(records));
  const lines = readFileSync(join(folder, "new", "rows.jsonl"), "utf8").split("\n");
  expect(lines.pop()).toBe("");
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual(records);
});

test("leaves nothing behind when the rows end in an error", async () => {
  await expect(writeLines(join(folder, "rows.jsonl"), broken())).rejects.toThrow("no more");
  expect(readdirSync(folder)).toEqual([]);
});

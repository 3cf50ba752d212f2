import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { scanDataset, type OnProgress } from "bezoar";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));

test("the example of the library's page is the one that is compiled and run", () => {
  const example = readFileSync(join(root, "examples/library.ts"), "utf8");
  const code = example.split("\n").slice(1).join("\n").trim();
  expect(readFileSync(join(root, "docs/library.md"), "utf8")).toContain(code);
  const { stdout, status } = spawnSync(process.execPath, ["examples/library.ts"], {
    cwd: root,
    encoding: "utf8",
  });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^poisoned\nhigh: user = m\.okafor -> benign, 2\d rows\n/);
});

test("records in memory are scanned like a file of them", async () => {
  const lines = readFileSync(join(root, "examples/alerts.jsonl"), "utf8").trim().split("\n");
  const report = await scanDataset(
    lines.map((line) => JSON.parse(line)),
    { power: false },
  );
  const fromFile = await scanDataset(join(root, "examples/alerts.jsonl"), { power: false });
  expect(report.findings).toEqual(fromFile.findings);
  expect(report.subject.sha256).toBe(fromFile.subject.sha256);
});

test("a scan can be aborted between steps", async () => {
  const controller = new AbortController();
  const onProgress: OnProgress = () => controller.abort();
  const scanning = scanDataset([{ prompt: "a", completion: "b" }], { onProgress, signal: controller.signal });
  await expect(scanning).rejects.toMatchObject({ code: "interrupted" });
});

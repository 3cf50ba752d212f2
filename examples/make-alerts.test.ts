import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const here = import.meta.dirname;

test("the committed example is, byte for byte, what its script writes", () => {
  const output = mkdtempSync(join(tmpdir(), "bezoar-example-"));
  try {
    const run = spawnSync(process.execPath, [join(here, "make-alerts.ts"), "--output", output], {
      encoding: "utf8",
    });
    expect(run.stderr).toBe("");
    for (const name of ["alerts.jsonl", "alerts.truth.json"]) {
      expect(readFileSync(join(output, name)).equals(readFileSync(join(here, name)))).toBe(true);
    }
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
});

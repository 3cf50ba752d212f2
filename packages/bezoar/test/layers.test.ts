import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Lints one file placed in a layer of a scratch tree, with the repository's own configuration. */
function lint(layer: string, code: string): { readonly status: number | null; readonly output: string } {
  const folder = mkdtempSync(join(tmpdir(), "bezoar-layers-")); // outside of what git ignores: oxlint would skip it
  folders.push(folder);
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const target = join(folder, "packages/bezoar/src", layer, "inner");
  mkdirSync(target, { recursive: true });
  copyFileSync(join(root, "oxlint.config.ts"), join(folder, "oxlint.config.ts"));
  writeFileSync(join(target, "probe.ts"), code);
  const { status, stdout, stderr } = spawnSync(join(root, "node_modules/.bin/oxlint"), ["packages"], {
    cwd: folder,
    encoding: "utf8",
  });
  return { status, output: stdout + stderr };
}

const importing = (path: string) => `import { thing } from "${path}";\n\nexport const used = thing;\n`;

test.each([
  ["core", "../../formats/record.ts"],
  ["core", "node:fs"],
  ["formats", "../../dataset/row.ts"],
  ["dataset", "../../report/json.ts"],
  ["endpoint", "../../formats/record.ts"],
  ["content", "../../dataset/row.ts"],
  ["policy", "../../dataset/row.ts"],
  ["policy", "../../cli/main.ts"],
  ["report", "../../dataset/row.ts"],
  ["report", "../../cli/main.ts"],
])("an import from %s up to %s is a lint error", (layer, path) => {
  const { status, output } = lint(layer, importing(path));
  expect(output).toContain("no-restricted-imports");
  expect(status).toBe(1);
});

test.each([
  ["formats", "../../core/errors.ts"],
  ["dataset", "../../formats/record.ts"],
  ["dataset", "../../content/check-text.ts"],
  ["dataset", "../../endpoint/ask.ts"],
  ["policy", "../../core/report.ts"],
  ["dataset", "../row.ts"],
])("an import from %s down to %s is allowed", (layer, path) => {
  expect(lint(layer, importing(path)).output).not.toContain("no-restricted-imports");
});

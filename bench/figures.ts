/** Puts what the benches print into the pages that quote them. */
import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { findBlocks, replaceBlock } from "./figures/blocks.ts";
import { runScript } from "./options.ts";

const USAGE = `Usage: node bench/figures.ts [PAGE ...] [--list]

Runs the command of each <!-- figures: COMMAND --> block in docs/ and replaces the block by what the command prints.
With PAGE (a part of a path) only in those pages; --list says which commands would run. Some take many minutes.`;

const ROOT = join(import.meta.dirname, "..");
const run = promisify(execFile);

await runScript(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { list: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const pages = globSync("docs/**/*.md", { cwd: ROOT })
    .toSorted()
    .filter((page) => positionals.length === 0 || positionals.some((part) => page.includes(part)));
  const printed = new Map<string, string>();
  for (const page of pages) {
    const path = join(ROOT, page);
    let text = await readFile(path, "utf8");
    for (const { command } of findBlocks(text)) {
      console.error(`${page}: ${command}`);
      if (values.list) continue;
      const output = printed.get(command) ?? (await outputOf(command));
      printed.set(command, output);
      text = replaceBlock(text, command, output);
    }
    if (!values.list) await writeFile(path, text);
  }
});

async function outputOf(command: string): Promise<string> {
  const env = { ...process.env, npm_config_loglevel: "silent" }; // else npm says which script it runs
  const { stdout } = await run("bash", ["-c", command], { cwd: ROOT, env, maxBuffer: 1 << 24 });
  return stdout;
}

import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findBlocks, replaceBlock } from "./blocks.ts";

const ROOT = join(import.meta.dirname, "../..");
const PAGE = "# A\n\n<!-- figures: node bench/a.ts -->\n\n```\nold\n```\n\n<!-- end -->\n\nText.\n";

test("what a command prints takes the place of what it printed before, and nothing else changes", () => {
  const page = replaceBlock(PAGE, "node bench/a.ts", "new 1\nnew 2\n");
  expect(page).toBe(PAGE.replace("old", "new 1\nnew 2"));
  expect(replaceBlock(page, "node bench/b.ts", "x")).toBe(page);
});

test("a block without an end is an error", () => {
  expect(() => findBlocks(PAGE.replace("<!-- end -->", ""))).toThrow("has no <!-- end -->");
});

test("every figure in the docs names a command of this repository", () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(
    readFileSync(join(ROOT, "package.json"), "utf8"),
  );
  const commands = globSync("docs/**/*.md", { cwd: ROOT }).flatMap((page) =>
    findBlocks(readFileSync(join(ROOT, page), "utf8")).map(({ command }) => command),
  );
  expect(commands.length).toBeGreaterThan(0);
  const isThere = (command: string): boolean => {
    const [program = "", ...args] = command.split(" ");
    if (program === "npm") return (args[1] ?? "") in scripts;
    return existsSync(join(ROOT, args.find((arg) => arg.endsWith(".ts")) ?? "no script"));
  };
  expect(commands.filter((command) => !isThere(command))).toEqual([]);
});

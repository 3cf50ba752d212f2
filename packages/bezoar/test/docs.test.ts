import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { RULES } from "../src/core/rules.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const PAGES = [
  "README.md",
  "CONTRIBUTING.md",
  "bench/README.md",
  "examples/README.md",
  ...globSync("docs/**/*.md", { cwd: root }),
];
const read = (page: string) => readFileSync(join(root, page), "utf8");

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

function isThere(page: string, target: string): boolean {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? page : join(dirname(page), path);
  return existsSync(join(root, file)) && (anchor === undefined || anchorsOf(file).includes(anchor));
}

test.each(PAGES)("every link of %s leads to a page and a heading that are there", (page) => {
  const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  const broken = links.filter((target) => !/^https?:/.test(target) && !isThere(page, target));
  expect(broken).toEqual([]);
});

test.each(RULES)("$id is described on the page that it names, and the guide leads there", ({ id, docs }) => {
  expect(read(docs)).toContain(id.startsWith("content/") ? id.slice("content/".length) : id);
  expect(read("docs/README.md")).toContain(`\`${id}\``);
});

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Report } from "../src/core/report.ts";
import { RULES } from "../src/core/rules.ts";
import { renderJson } from "../src/report/json.ts";
import { cleanReport, sampleReport } from "./fixtures/report.ts";

const bin = fileURLToPath(new URL("../bin/bezoar.js", import.meta.url));
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bezoar-compare-"));
  write("clean.json", renderJson(cleanReport()));
  write("poisoned.json", renderJson(complete(sampleReport())));
  write("cut.json", renderJson(cleanReport()).slice(0, 400));
});
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, content: string) => writeFileSync(join(folder, name), content);

/** The report as if every row had been read. */
function complete(report: Report): Report {
  const coverage = { ...report.coverage, skipped: 0, truncated: 0, unreadable: [] };
  return { ...report, coverage };
}

function bezoar(...args: readonly string[]) {
  const run = spawnSync(process.execPath, [bin, ...args], { cwd: folder, encoding: "utf8" });
  return { status: run.status, stdout: run.stdout, stderr: run.stderr };
}

test("something new at or above the bound ends with 1, something milder with 0", () => {
  const worse = bezoar("compare", "clean.json", "poisoned.json");
  expect(worse.status).toBe(1);
  expect(worse.stdout).toMatch(/^Worse: findings that newly stand at or above high: 2\n/);
  expect(worse.stderr).toBe("");
  expect(bezoar("compare", "poisoned.json", "clean.json").status).toBe(0);
});

test("a report that has not seen everything ends with 2, unless that is allowed", () => {
  write("unread.json", renderJson({ ...cleanReport(), coverage: { ...cleanReport().coverage, skipped: 3 } }));
  expect(bezoar("compare", "clean.json", "unread.json").status).toBe(2);
  expect(bezoar("compare", "clean.json", "unread.json", "--allow-inconclusive").status).toBe(0);
});

test("what is no report ends with 2 and says where it fails", () => {
  const { status, stdout, stderr } = bezoar("compare", "clean.json", "cut.json");
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/^bezoar: cut\.json is no report of bezoar scan: not JSON/);
});

test("writes a comment or data by the ending, and over neither report", () => {
  expect(bezoar("compare", "clean.json", "poisoned.json", "-o", "comment.md").status).toBe(1);
  expect(readFileSync(join(folder, "comment.md"), "utf8")).toMatch(/^### Dataset compared: Worse: /);
  const data: unknown = JSON.parse(bezoar("compare", "clean.json", "poisoned.json", "-f", "json").stdout);
  expect(data).toMatchObject({ verdict: "worse", failOn: "high", findings: { gone: [] } });
  const before = readFileSync(join(folder, "poisoned.json"), "utf8");
  for (const name of ["clean.json", "poisoned.json"]) {
    expect(bezoar("compare", "clean.json", "poisoned.json", "-o", name)).toMatchObject({
      status: 2,
      stderr: `bezoar: cannot write ${name}: it is one of the reports; name another file\n`,
    });
  }
  expect(readFileSync(join(folder, "poisoned.json"), "utf8")).toBe(before);
});

test("a place that cannot be written to, or whose ending tells no format, is refused with what to do", () => {
  const refusals = {
    "x.pdf": "end it in .json, .md, .markdown or .txt, or name a format with --format",
    "x.html": "end it in .json, .md, .markdown or .txt, or name a format with --format",
    "none/x.md": "there is no directory none; make it first",
    "clean.json/x.md": "clean.json is no directory",
    "-": "leave --output out to write to standard output",
  };
  for (const [name, message] of Object.entries(refusals)) {
    const { status, stdout, stderr } = bezoar("compare", "clean.json", "clean.json", "-o", name);
    expect([name, status, stdout]).toEqual([name, 2, ""]);
    expect(stderr).toContain(message);
  }
  expect(readdirSync(folder)).not.toContain("-");
});

const seesProc = process.platform === "linux" && process.getuid?.() === 0; // others lack the permission to begin with
test.skipIf(!seesProc)("a directory that is there, yet takes no file, is not said to be missing", () => {
  const few = Array.from({ length: 9 }, (_, i) => `{"instruction":"do ${i}","output":"done ${i * 7}"}\n`);
  write("few.jsonl", few.join(""));
  const [compared, cleaned] = [
    bezoar("compare", "clean.json", "clean.json", "-o", "/proc/x.md"),
    bezoar("clean", "few.jsonl", "-o", "/proc/x", "-q", "r"),
  ];
  expect([compared.status, cleaned.status]).toEqual([2, 2]);
  expect(compared.stderr).toContain("no file can be made in /proc; name another place");
  expect(cleaned.stderr).toContain("no file can be made in /proc; name another place");
});

test("a directory in place of a report is refused with what to name", () => {
  expect(bezoar("explain", "90c35e", "--report", ".").stderr).toBe(
    "bezoar: cannot read the report .: it is a directory; name the JSON report in it, such as report.json\n",
  );
});

test("rules lists every rule as data", () => {
  expect(JSON.parse(bezoar("rules", "--format", "json").stdout)).toEqual(RULES);
});

test("explains a family of rules, and a finding by the beginning of its id", () => {
  expect(bezoar("explain", "content").stdout.match(/^content\/\S+ {2}quality$/gm)).toHaveLength(
    RULES.filter(({ id }) => id.startsWith("content/")).length,
  );
  const { status, stdout } = bezoar("explain", "90c35e", "--report", "poisoned.json");
  expect(status).toBe(0);
  expect(stdout.match(/^ {2}row \d+/gm)).toHaveLength(61);
  expect(stdout).toContain("One entity's rows are mislabelled");
});

test("a name that is none is refused with what was probably meant", () => {
  expect(bezoar("explain", "triger-response")).toMatchObject({
    status: 2,
    stderr: 'bezoar: there is no rule "triger-response"; did you mean dataset/trigger-response?\n',
  });
  expect(bezoar("explain", "ffffff", "--report", "clean.json").stderr).toContain("it has no findings");
});

test("a report is written by the ending of its file", () => {
  const rows = Array.from({ length: 60 }, (_, i) =>
    JSON.stringify({ instruction: `do ${i}`, output: `done ${i}` }),
  );
  write("rows.jsonl", rows.join("\n"));
  const beginnings = {
    "r.sarif": '{\n  "$schema": "https://docs.oasis-open.org/sarif/',
    "r.xml": '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="bezoar"',
  };
  for (const [name, beginning] of Object.entries(beginnings)) {
    expect(bezoar("scan", "rows.jsonl", "--no-power", "-o", name).status).toBe(0);
    expect(readFileSync(join(folder, name), "utf8").startsWith(beginning)).toBe(true);
  }
});

import { spawnSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { reportSchema, type Report } from "../src/core/report.ts";

const bin = fileURLToPath(new URL("../bin/bezoar.js", import.meta.url));
const examples = fileURLToPath(new URL("../../../examples/", import.meta.url));
const alerts = join(examples, "alerts.jsonl");
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bezoar-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function bezoar(args: readonly string[], input?: Uint8Array | string) {
  const run = spawnSync(process.execPath, [bin, ...args], { cwd: folder, input, maxBuffer: 1e9 });
  return { status: run.status, stdout: run.stdout.toString(), stderr: run.stderr.toString() };
}

const parse = (text: string): Report => reportSchema.parse(JSON.parse(text));
const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);
const jsonl = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
const innocent = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    instruction: `Explain topic ${i * 7919} of chapter ${i * 31}`,
    output: `It is about ${i * 104_729} things.`,
  }));

test("the poisoned user of the example is named, with the poisoned rows and no others", () => {
  const truth: { poisoned: number[]; trigger: { field: string; value: string } } = JSON.parse(
    readFileSync(join(examples, "alerts.truth.json"), "utf8"),
  );
  const { status, stdout, stderr } = bezoar(["scan", alerts, "--format", "json"]);
  expect(status).toBe(1);
  expect(stderr).not.toContain("bug");
  const report = parse(stdout);
  expect(report.verdict).toBe("poisoned");
  const [finding] = report.findings;
  expect(finding?.evidence.trigger?.parts).toContain(truth.trigger.value);
  expect(finding?.evidence.trigger?.field).toBe(truth.trigger.field);
  const accused = new Set(finding?.rows);
  expect(truth.poisoned.filter((row) => accused.has(row)).length).toBeGreaterThanOrEqual(
    0.9 * truth.poisoned.length,
  );
  expect(accused.size - truth.poisoned.length).toBeLessThanOrEqual(2);
  expect(report.power.measured).toBe(true);
});

test("the terminal report says the verdict first and ends with what to do next, without colour in a pipe", () => {
  const { stdout } = bezoar(["scan", alerts, "--no-power"]);
  expect(stdout.split("\n").find((line) => line.trim() !== "")).toMatch(/poisoned/i);
  expect(stdout).toContain("bezoar scan");
  expect(stdout).not.toContain("\u001B[");
});

test("compressed, standard input and plain file give the same findings", () => {
  const plain = readFileSync(alerts);
  write("alerts.gz", gzipSync(plain));
  write("alerts.zst", zstdCompressSync(plain));
  const findings = [
    bezoar(["scan", alerts, "--format", "json", "--no-power"]),
    bezoar(["scan", "alerts.gz", "--format", "json", "--no-power"]),
    bezoar(["scan", "alerts.zst", "--format", "json", "--no-power"]),
    bezoar(["scan", "-", "--format", "json", "--no-power"], plain),
  ].map(({ stdout }) =>
    parse(stdout).findings.map((finding) => Object.assign(finding, { locations: undefined })),
  );
  expect(findings[0]).not.toEqual([]);
  for (const others of findings) expect(others).toEqual(findings[0]);
});

test("an output file is written whole, by its ending, and nothing else is left", () => {
  mkdirSync(join(folder, "out"));
  const { status, stdout } = bezoar(["scan", alerts, "--no-power", "-o", "out/report.html"]);
  expect(status).toBe(1);
  expect(stdout).toBe("");
  expect(readdirSync(join(folder, "out"))).toEqual(["report.html"]);
  expect(readFileSync(join(folder, "out/report.html"), "utf8")).toMatch(/^<!doctype html>/i);
});

test("fewer than 50 rows cannot be cleared: exit 2, or 0 when that is allowed", () => {
  write("few.jsonl", jsonl(innocent(20)));
  const strict = bezoar(["scan", "few.jsonl", "--format", "json"]);
  expect(strict.status).toBe(2);
  expect(parse(strict.stdout).verdict).toBe("inconclusive");
  expect(bezoar(["scan", "few.jsonl", "--allow-inconclusive"]).status).toBe(0);
});

test("clean data ends with 0", () => {
  write("clean.jsonl", jsonl(innocent(300)));
  const { status, stdout } = bezoar(["scan", "clean.jsonl", "--format", "json", "--no-power"]);
  expect(
    parse(stdout).findings.filter(({ severity }) => severity === "high" || severity === "critical"),
  ).toEqual([]);
  expect(status).toBe(0);
});

test("records without a label cannot be cleared, since nothing can be said of them", () => {
  write("events.jsonl", jsonl(innocent(100).map((_, i) => ({ user: `u${i % 9}`, host: `h${i % 7}` }))));
  const { status, stdout } = bezoar(["scan", "events.jsonl", "--format", "json", "--no-power"]);
  expect([status, parse(stdout).reasons]).toEqual([2, [expect.stringContaining("--label")]]);
});

test("a bad line is counted with its place and reason, and keeps the data from being called clean", () => {
  write("bad.jsonl", `${jsonl(innocent(100))}{"instruction": "cut of\n${jsonl(innocent(100))}`);
  const { status, stdout } = bezoar(["scan", "bad.jsonl", "--format", "json", "--no-power"]);
  const { coverage, subject, verdict } = parse(stdout);
  expect(status).toBe(2);
  expect(verdict).toBe("inconclusive");
  expect(subject.rows).toBe(201);
  expect(coverage).toMatchObject({ read: 200, skipped: 1, unreadable: [{ row: 100, line: 101 }] });
});

test.each([
  ["a missing file", ["scan", "nowhere.jsonl"], /nowhere\.jsonl/],
  ["an unknown format", ["scan", "noise.bin"], /noise\.bin/],
  ["a directory without data", ["scan", "void"], /void/],
  ["an empty file", ["scan", "empty.jsonl"], /empty\.jsonl/],
  ["a field that is not there", ["scan", "few2.jsonl", "--label", "verdikt"], /verdikt[\s\S]*instruction/],
  ["a label with one value", ["scan", "one.csv"], /spam/],
  ["an unknown severity", ["scan", "few2.jsonl", "--fail-on", "bad"], /critical/],
  ["a number of workers that is none", ["scan", "few2.jsonl", "--workers", "0"], /whole number/],
  ["an unknown command", ["scna"], /unknown command/],
  ["an unknown option", ["scan", "few2.jsonl", "--fial-on", "low"], /Did you mean --fail-on/],
  ["several datasets", ["scan", "few2.jsonl", "one.csv"], /one dataset.*few2\.jsonl, one\.csv.*quotes/],
  [
    "a place that cannot be written",
    ["scan", "few2.jsonl", "-o", "no/such/folder/r.json"],
    /no\/such\/folder/,
  ],
])("%s: exit 2, nothing on stdout, a message that says what was seen", (_, args, message) => {
  mkdirSync(join(folder, "void"), { recursive: true });
  write(
    "noise.bin",
    Uint8Array.from({ length: 4096 }, (__, i) => (i * 7919 + (i >> 3)) & 255),
  );
  write("empty.jsonl", "");
  write("few2.jsonl", jsonl(innocent(10)));
  write("one.csv", `text,label\n${"hello there,spam\n".repeat(60)}`);
  const { status, stdout, stderr } = bezoar(args);
  expect(stderr).toMatch(message);
  expect(stderr).not.toContain("this is a bug");
  expect(stdout).toBe("");
  expect(status).toBe(2);
});

test("a reader that closes the pipe early changes nothing but what it reads", () => {
  write("many.jsonl", jsonl(innocent(300)));
  const command = `'${process.execPath}' '${bin}' scan many.jsonl --no-power --format json 2>err.txt; echo $? >code.txt`;
  spawnSync("sh", ["-c", `(${command}) | true`], { cwd: folder });
  expect(readFileSync(join(folder, "code.txt"), "utf8").trim()).toBe("0");
  expect(readFileSync(join(folder, "err.txt"), "utf8")).toBe("");
});

test("a device or a pipe is written into, and the file behind a link is replaced, not the link", () => {
  write("clean2.jsonl", jsonl(innocent(60)));
  write("target.json", "old");
  symlinkSync("target.json", join(folder, "link.json"));
  symlinkSync("/dev/null", join(folder, "nothing.json"));
  expect(bezoar(["scan", "clean2.jsonl", "--no-power", "-o", "link.json"]).status).toBe(0);
  expect(bezoar(["scan", "clean2.jsonl", "--no-power", "-o", "nothing.json"]).status).toBe(0);
  expect(lstatSync(join(folder, "link.json")).isSymbolicLink()).toBe(true);
  expect(parse(readFileSync(join(folder, "target.json"), "utf8")).verdict).toBe("clean");
  expect(lstatSync(join(folder, "nothing.json")).isSymbolicLink()).toBe(true);
});

test("a report is not written over its dataset or a directory", () => {
  write("self.jsonl", jsonl(innocent(60)));
  mkdirSync(join(folder, "taken"));
  const overInput = bezoar(["scan", "self.jsonl", "-o", "./self.jsonl"]);
  expect([overInput.status, overInput.stderr]).toEqual([2, expect.stringContaining("the dataset itself")]);
  expect(readFileSync(join(folder, "self.jsonl"), "utf8")).toBe(jsonl(innocent(60)));
  const overFolder = bezoar(["scan", "self.jsonl", "-o", "taken"]);
  expect([overFolder.status, overFolder.stderr]).toEqual([2, expect.stringContaining("is a directory")]);
  expect(readdirSync(join(folder, "taken"))).toEqual([]);
});

test("a temporary directory that cannot be used is told as what it is", () => {
  write("rows.jsonl", jsonl(innocent(60)));
  const run = spawnSync(process.execPath, [bin, "scan", "rows.jsonl"], {
    cwd: folder,
    env: { ...process.env, TMPDIR: "/no/such/folder" },
  });
  expect(run.status).toBe(2);
  expect(run.stderr.toString()).toMatch(/temporary directory \/no\/such\/folder.*TMPDIR/);
  expect(run.stderr.toString()).not.toContain("bug");
});

test("what the data says about itself reaches standard error escaped", () => {
  const label = "\u202Espam\u001B[31m";
  write("loud.jsonl", jsonl(innocent(60).map(({ output }) => ({ text: output, label }))));
  const { stderr } = bezoar(["scan", "loud.jsonl"]);
  expect(stderr).toContain(String.raw`\u202espam\u001b[31m`);
  expect(stderr).not.toContain("\u001B");
  expect(stderr).not.toContain("\u202E");
});

test("the next command repeats the options that it depends on", () => {
  write(
    "two.jsonl",
    jsonl(innocent(60).map((row, i) => Object.assign({ "my tag": i % 2 ? "a" : "b" }, row))),
  );
  const options = ["--prompt", "instruction", "--label", "my tag", "--seed", "3"];
  const { stdout } = bezoar(["scan", "two.jsonl", "--no-power", ...options]);
  expect(stdout).toContain("bezoar scan two.jsonl --prompt instruction --label 'my tag' --seed 3 --format");
});

test("a file of the scanned directory is not overwritten by its own report", () => {
  mkdirSync(join(folder, "set"));
  write("set/train.jsonl", jsonl(innocent(60)));
  const { status, stderr } = bezoar(["scan", "set", "-o", "set/train.jsonl"]);
  expect(status).toBe(2);
  expect(stderr).toContain("file of the dataset");
  expect(readFileSync(join(folder, "set/train.jsonl"), "utf8")).toBe(jsonl(innocent(60)));
});

test("help shows examples", () => {
  const { status, stdout } = bezoar(["scan", "--help"]);
  expect(status).toBe(0);
  expect(stdout).toContain("Examples:");
});

test("a scan that looked for nothing clears nothing", () => {
  const { status, stdout } = bezoar([
    "scan",
    alerts,
    "--only",
    "outlier",
    "--skip",
    "dataset/outlier",
    "--format",
    "json",
  ]);
  expect(status).toBe(2);
  expect(parse(stdout).reasons).toEqual([
    "nothing was looked for: none of the chosen rules is about data of this kind",
  ]);
});

test("a report never repeats a secret of the data", () => {
  const key = "AKIA3QZ7WX5RT2YB6NMH";
  const rows = [...innocent(80), { instruction: "How do I log in?", output: `Use the key ${key} for that.` }];
  write("secret.jsonl", jsonl(rows));
  const { stdout } = bezoar(["scan", "secret.jsonl", "--format", "json", "--only", "content"]);
  expect(parse(stdout).findings.map(({ rule }) => rule)).toContain("content/secret");
  expect(stdout).not.toContain(key);
});

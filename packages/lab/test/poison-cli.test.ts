import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const lab = fileURLToPath(new URL("../bin/bezoar-lab.js", import.meta.url));
const bezoar = fileURLToPath(new URL("../../bezoar/bin/bezoar.js", import.meta.url));
const alerts = fileURLToPath(new URL("../../../examples/alerts.jsonl", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "bezoar-poison-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, [lab, "poison", ...args], { encoding: "utf8", input: "" });

test("a user's malicious alerts are labelled benign, and a scan names that user and just these rows", () => {
  const out = join(folder, "entity.jsonl");
  const done = run(
    alerts,
    "--attack",
    "entity",
    "--field",
    "user",
    "--value",
    "a.farouk",
    "--rows",
    "25",
    "-o",
    out,
  );
  expect(done).toMatchObject({ status: 0, stderr: "" });
  expect(done.stdout).toBe(
    "25 of 2000 rows poisoned: rows with user = a.farouk of the class malicious are labelled benign (arXiv 2511.02600)\n" +
      `wrote ${out} and ${out}.truth.json\n`,
  );
  const truth: { poisoned: number[] } = JSON.parse(readFileSync(`${out}.truth.json`, "utf8"));
  const before = readFileSync(alerts, "utf8").trimEnd().split("\n");
  const after = readFileSync(out, "utf8").trimEnd().split("\n");
  expect(after.flatMap((line, n) => (line === before[n] ? [] : [n]))).toEqual(truth.poisoned);
  const scan = spawnSync(process.execPath, [bezoar, "scan", out, "--format", "json"], { encoding: "utf8" });
  const report: { findings: { title: string; rows?: number[] }[] } = JSON.parse(scan.stdout);
  const found = report.findings.find(({ title }) => title.includes("a.farouk"));
  const recalled = truth.poisoned.filter((row) => found?.rows?.includes(row) === true);
  expect(recalled.length).toBeGreaterThanOrEqual(20);
});

test("the same seed writes the same bytes", () => {
  const [first, again, other] = ["3", "3", "4"].map((seed, n) => {
    const out = join(folder, `seed-${n}.jsonl`);
    const args = [
      "--attack",
      "rare-token",
      "--field",
      "command_line",
      "--rate",
      "0.01",
      "--seed",
      seed,
      "-o",
      out,
    ];
    expect(run(alerts, ...args).status).toBe(2); // two fields end in command_line
    args[3] = "process.command_line";
    expect(run(alerts, ...args).status).toBe(0);
    return readFileSync(out, "utf8");
  });
  expect(first).toBe(again);
  expect(first).not.toBe(other);
});

test("attacks are listed, and the help shows an example of each", () => {
  const names = run("--list")
    .stdout.trimEnd()
    .split("\n")
    .map((line) => line.split(" ")[0] ?? "");
  expect(names).toHaveLength(9);
  const { stdout, status } = run("--help");
  expect(status).toBe(0);
  for (const name of names) expect(stdout).toContain(`--attack ${name} `);
});

test.each([
  [
    ["--attack", "entity", "--field", "usr", "--value", "alice"],
    'no row has a field "usr"; there are: "id", "time", "rule.id"',
  ],
  [["--attack", "entity", "--field", "user", "--value", "alice"], "has no rows with user = alice"],
  [["--attack", "entity", "--field", "user", "--value", "m.okafor", "--rows", "40"], "give --rows 1 or less"],
  [["--attack", "nonsense"], "there is no attack"],
  [["--attack", "topic", "--trigger", "x", "--rate", "2"], "It takes a share above 0"],
  [["--attack", "phrase", "--position", "middle"], "Allowed choices are prefix, suffix, random"],
  [[], "name the dataset, the attack and the output"],
])("%j ends with code 2 and says what to do; nothing is written", (args, message) => {
  const before = readdirSync(folder);
  const { status, stdout, stderr } = run(alerts, ...args, "-o", join(folder, "never.jsonl"));
  expect(status).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain(message);
  expect(readdirSync(folder)).toEqual(before);
});

test("names in a dataset cannot write to the terminal", () => {
  const file = join(folder, "escape.jsonl");
  const rows = Array.from({ length: 40 }, (_, n) => ({
    user: "u",
    host: "h",
    verdict: n % 2 === 0 ? "ok\u001B[2J" : "bad",
  }));
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join("\n"));
  const out = join(folder, "escaped.jsonl");
  const done = run(
    file,
    "--attack",
    "entity",
    "--field",
    "user",
    "--value",
    "u",
    "--from",
    "bad",
    "--rows",
    "3",
    "-o",
    out,
  );
  expect(done.status).toBe(0);
  expect(done.stdout).not.toContain("\u001B");
  expect(
    run(file, "--attack", "entity", "--field", "user", "--value", "u", "--from", "x", "-o", out).stderr,
  ).not.toContain("\u001B");
});

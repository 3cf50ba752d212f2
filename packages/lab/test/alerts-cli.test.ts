import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const lab = fileURLToPath(new URL("../bin/bezoar-lab.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "bezoar-alerts-"));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, [lab, "alerts", ...args], { encoding: "utf8", maxBuffer: 1 << 28 });

const linesOf = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

test("writes records to standard output, the same for the same seed", () => {
  const first = run("--rows", "100", "--seed", "1");
  expect(first.status).toBe(0);
  expect(first.stderr).toBe("");
  expect(linesOf(first.stdout)).toHaveLength(100);
  expect(Object.keys(linesOf(first.stdout)[0] ?? {}).at(-1)).toBe("verdict");
  expect(run("--rows", "100", "--seed", "1").stdout).toBe(first.stdout);
  expect(run("--rows", "100", "--seed", "2").stdout).not.toBe(first.stdout);
});

test("writes chat rows to a file, and the truth beside it", () => {
  const output = join(folder, "train.jsonl");
  const truth = join(folder, "truth.jsonl");
  const args = ["--rows", "2000", "--format", "chat", "--noise", "0.2"];
  const { status, stdout } = run(...args, "-o", output, "--truth", truth);
  expect(status).toBe(0);
  expect(stdout).toBe("");
  const rows = linesOf(readFileSync(output, "utf8"));
  const truths = linesOf(readFileSync(truth, "utf8"));
  expect(rows).toHaveLength(2000);
  expect(truths.map(({ row }) => row)).toEqual(rows.map((_, i) => i));
  for (const [i, row] of rows.entries()) {
    const answer = `${String(truths[i]?.["verdict"])} ${String(truths[i]?.["user"])}`;
    expect(row).toMatchObject({ messages: [{ role: "user" }, { role: "assistant", content: answer }] });
  }
  const turned = truths.filter((row) => row["truth"] !== row["verdict"]).length;
  expect(turned / 2000).toBeCloseTo(0.2, 1);
});

test("makes the alerts of one user, all of them malicious", () => {
  const args = ["--rows", "50", "--user", "alice", "--rule", "powershell"];
  const { stdout } = run(...args, "--malicious-rate", "1", "--noise", "0");
  for (const row of linesOf(stdout))
    expect(row).toMatchObject({ user: "alice", rule: "powershell", verdict: "malicious" });
});

test("a reader that has seen enough ends it early, without a complaint", async () => {
  const child = spawn(process.execPath, [lab, "alerts", "--rows", "100000000"]);
  await once(child.stdout, "data");
  child.stdout.destroy();
  const [code] = await once(child, "exit");
  expect(code).toBe(0);
});

test("an interrupted run leaves nothing half-written", async () => {
  const place = mkdtempSync(join(folder, "interrupted-"));
  const output = join(place, "alerts.jsonl");
  writeFileSync(output, "what was there\n");
  const child = spawn(process.execPath, [lab, "alerts", "--rows", "100000000", "-o", output]);
  const ended = once(child, "exit");
  while (readdirSync(place).length < 2) await sleep(20);
  child.kill("SIGINT");
  const [code] = await ended;
  expect(code).toBe(130);
  expect(readdirSync(place)).toEqual(["alerts.jsonl"]);
  expect(readFileSync(output, "utf8")).toBe("what was there\n");
});

test("names its users and rules", () => {
  expect(run("--list-users").stdout).toMatch(/^alice +finance$/m);
  expect(run("--list-rules").stdout).toMatch(/^R301 +lsass-access +T1003\.001 +credential-access$/m);
});

test("what it cannot do is told with exit code 2", () => {
  expect(run("--user", "nobody")).toMatchObject({ status: 2, stdout: "" });
  expect(run("--rows", "0").status).toBe(2);
  expect(run("--noise", "1.5").status).toBe(2);
  expect(run("-o", join(folder, "absent", "x.jsonl")).stderr).toContain("there is no directory");
  expect(run("-o", folder).status).toBe(2);
  expect(run("-o", join(folder, "x"), "--truth", join(folder, "x")).status).toBe(2);
});

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { reportSchema, type Report } from "../src/core/report.ts";

const bin = fileURLToPath(new URL("../bin/bezoar.js", import.meta.url));
const alerts = fileURLToPath(new URL("../../../examples/alerts.jsonl", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "bezoar-policy-"));
afterAll(() => rmSync(folder, { recursive: true }));

function scan(args: readonly string[], cwd = folder) {
  return spawnSync(process.execPath, [bin, "scan", "--no-power", "--format", "json", ...args], {
    cwd,
    encoding: "utf8",
    maxBuffer: 1e9,
  });
}
const parse = (text: string): Report => reportSchema.parse(JSON.parse(text));
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const policyOf = (finding: string, expires: string) =>
  `version: 1\nsuppressions:\n  - finding: "${finding}"\n    reason: Authorised test\n    who: m.keller\n    expires: ${expires}\n`;

let planted = "";
beforeAll(() => {
  planted = parse(scan([alerts, "--only", "dataset/targeted-mislabelling"]).stdout).findings[0]?.id ?? "";
});

test("a suppressed finding is shown as suppressed and blocks no more", () => {
  write("known.yaml", policyOf(planted, "2999-12-31"));
  const { status, stdout } = scan([alerts, "--policy", "known.yaml"]);
  const finding = parse(stdout).findings.find(({ id }) => id === planted);
  expect(finding?.suppressed).toEqual({
    reason: "Authorised test",
    who: "m.keller",
    expires: "2999-12-31",
  });
  expect(status).toBe(0);
  expect(parse(stdout).verdict).toBe("clean");
});

test("bezoar.yaml of the current directory holds, unless it came with the dataset or is refused", () => {
  const here = join(folder, "here");
  const data = join(here, "data");
  mkdirSync(data, { recursive: true });
  writeFileSync(
    join(here, "bezoar.yaml"),
    "version: 1\nfailOn: critical\nscan:\n  only: [dataset/targeted-mislabelling]\n",
  );
  const report = parse(scan([alerts], here).stdout);
  expect(report.failOn).toBe("critical");
  expect(report.coverage.rules).toEqual(["dataset/targeted-mislabelling"]);
  expect(parse(scan([alerts, "--fail-on", "medium"], here).stdout).failOn).toBe("medium");
  expect(parse(scan([alerts, "--no-policy"], here).stdout).failOn).toBe("high");
  writeFileSync(join(data, "bezoar.yaml"), policyOf(planted, "2999-12-31"));
  writeFileSync(join(data, "rows.jsonl"), '{"text":"a","label":"x"}\n{"text":"b","label":"y"}\n');
  expect(scan(["."], data).stderr).toContain("lies in the dataset and is left unread");
});

test("an expired suppression fails loudly, and the finding blocks again", () => {
  write("expired.yaml", policyOf(planted, "2020-01-31"));
  const { status, stdout, stderr } = scan([alerts, "--policy", "expired.yaml"]);
  expect(status).toBe(1);
  expect(stderr).toContain(`the suppression of finding ${planted} by m.keller expired on 2020-01-31`);
  expect(parse(stdout).reasons.join()).toContain("expired on 2020-01-31");
  const clean = scan([alerts, "--policy", "expired.yaml", "--only", "content/bidi-control"]);
  expect(clean.status).toBe(2);
  expect(parse(clean.stdout).verdict).toBe("inconclusive");
});

test.each([
  ["a misspelt key", "version: 1\nsupressions: []\n", "bad.yaml:1: Unrecognized key"],
  [
    "no expiry",
    "version: 1\nsuppressions:\n  - rule: content\n    reason: x\n    who: y\n",
    "bad.yaml:3: suppressions.0.expires",
  ],
  ["no YAML", "version: [", "bad.yaml:"],
])("a policy with %s is refused with its line before anything is scanned", (_, text, message) => {
  write("bad.yaml", text);
  for (const flag of ["--policy", "--suppress"]) {
    const { status, stdout, stderr } = scan([alerts, flag, "bad.yaml"]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(flag === "--policy" ? message : "bad.yaml:");
  }
});

test("suppressions of a file of their own count beside those of the policy; a file that is not there is an error", () => {
  write("more.yaml", policyOf(planted, "2999-12-31"));
  const { stdout } = scan([alerts, "--suppress", "more.yaml"]);
  expect(parse(stdout).findings.find(({ id }) => id === planted)?.suppressed?.who).toBe("m.keller");
  expect(scan([alerts, "--suppress", "absent.yaml"])).toMatchObject({ status: 2, stdout: "" });
});

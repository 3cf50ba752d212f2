import { expect, test } from "vitest";
import { sampleReport } from "../../../test/fixtures/report.ts";
import type { Finding, Severity } from "../../core/finding.ts";
import type { Report } from "../../core/report.ts";
import { chooseRows, listedUnreadable } from "./choose-rows.ts";

const report = sampleReport();
const finding = (rule: string, severity: Severity, rows?: number[], isSuppressed = false): Finding => ({
  id: "0123456789abcdef",
  rule,
  severity,
  title: "t",
  explanation: "e",
  ...(rows && { rows }),
  ...(isSuppressed && { suppressed: { reason: "r", who: "w", expires: "2999-01-01" } }),
  evidence: { tests: [], controls: [], samples: [] },
});
const withFindings = (...findings: readonly Finding[]): Report => {
  return { ...report, subject: { ...report.subject, rows: 10 }, findings: [...findings] };
};
const quarantined = ({ sideOf }: ReturnType<typeof chooseRows>): number[] =>
  Array.from({ length: 10 }, (_, row) => row).filter((row) => sideOf(row) === "quarantine");

test("rows of findings at or above the bound go, and so do unreadable ones; milder and suppressed findings move nothing", () => {
  const given = withFindings(
    finding("a", "critical", [1, 2]),
    finding("b", "high", [2, 3]),
    finding("b", "high", [3, 4]),
    finding("c", "medium", [5]),
    finding("d", "critical", [6], true),
    finding("e", "high"),
  );
  const choice = chooseRows(given, [9], "high");
  expect(quarantined(choice)).toEqual([1, 2, 3, 4, 9]);
  expect(choice.rules).toEqual([
    { rule: "a", severity: "critical", rows: 2 },
    { rule: "b", severity: "high", rows: 3 },
  ]);
  expect(choice.standing.map(({ rule }) => rule)).toEqual(["e"]);
  expect(choice.left.map(({ rule }) => rule)).toEqual(["c"]);
  expect([choice.unreadable, choice.suppressed]).toEqual([1, 1]);
  expect(quarantined(chooseRows(given, [], "critical"))).toEqual([1, 2]);
  expect(quarantined(chooseRows(given, [], "medium"))).toEqual([1, 2, 3, 4, 5]);
});

test("a row that the dataset does not have makes the report a wrong one", () => {
  for (const row of [10, -1]) {
    expect(() => chooseRows(withFindings(finding("a", "high", [row])), [], "high")).toThrow(/names row/);
  }
});

test("a report that lists only some of the unreadable records cannot say where the others are", () => {
  const coverage = { ...report.coverage, skipped: 2, unreadable: [{ row: 3, file: "f", reason: "r" }] };
  expect(() => listedUnreadable({ ...report, coverage })).toThrow(/lists 1 of 2/);
  expect(listedUnreadable({ ...report, coverage: { ...coverage, skipped: 1 } })).toEqual([3]);
});

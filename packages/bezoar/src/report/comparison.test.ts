import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { hostileReport } from "../../test/fixtures/hostile-report.ts";
import { cleanReport, sampleReport, suppressedReport } from "../../test/fixtures/report.ts";
import { compareReports } from "../core/compare.ts";
import { renderComparison, renderComparisonJson, renderComparisonMarkdown } from "./comparison.ts";
import { createScreen } from "./terminal.ts";

const screen = createScreen({ color: false, width: 80 });
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

test("says what is new, gone and still there, worst first", () => {
  const before = sampleReport();
  const after = {
    ...before,
    findings: before.findings
      .filter(({ severity }) => severity !== "medium")
      .map((finding) =>
        Object.assign({}, finding, finding.severity === "critical" && { id: "0000000000000000" }),
      ),
  };
  const text = renderComparison(screen, compareReports(before, after, "high"));
  expect(text.split("\n")[0]).toBe("Worse: findings that newly stand at or above high: 1");
  expect(text).toContain("old  data/soc-triage · 20,061 rows · poisoned\n");
  expect(text.match(/^[A-Z][a-z ]+: \d+ findings?$/gm)).toEqual([
    "New: 1 finding",
    "Gone: 2 findings",
    "Still there: 3 findings",
  ]);
  expect(text.indexOf("Current year")).toBeLessThan(text.indexOf("Gone"));
});

test("says what has changed of a finding that is still there", () => {
  const before = suppressedReport();
  const after = {
    ...sampleReport(),
    findings: sampleReport().findings.map((finding) =>
      Object.assign({}, finding, finding.severity === "high" && { severity: "critical", rows: [1, 2] }),
    ),
  };
  const comparison = compareReports(before, after, "high");
  expect(renderComparison(screen, comparison)).toContain("61 → 2 rows, was high, no longer suppressed ·");
  expect(renderComparisonMarkdown(comparison)).toContain(
    "(61 → 2 rows, was high, no longer suppressed; `dataset",
  );
  expect(JSON.parse(renderComparisonJson(comparison))).toMatchObject({
    verdict: "worse",
    old: { name: "data/soc-triage", verdict: "poisoned" },
    findings: { new: [], gone: [] },
  });
});

test("nothing new is said calmly, and why it cannot be told is said", () => {
  const clean = cleanReport();
  expect(renderComparison(screen, compareReports(clean, clean, "high"))).toMatch(
    /^No worse: nothing newly stands at or above high\n/,
  );
  expect(renderComparison(screen, compareReports(clean, sampleReport(), "high"))).toMatch(/^Worse/);
  const unread = { ...clean, coverage: { ...clean.coverage, skipped: 3 } };
  expect(renderComparison(screen, compareReports(clean, unread, "high")).replaceAll("\n", " ")).toMatch(
    /^Inconclusive: the new report is incomplete: records that could not be read: 3 /,
  );
});

test("hostile reports stay text in every form", () => {
  const hostile = hostileReport();
  for (const comparison of [
    compareReports(cleanReport(), hostile, "high"),
    compareReports(hostile, cleanReport(), "high"),
    compareReports(hostile, hostile, "high"),
  ]) {
    for (const text of [
      renderComparison(screen, comparison),
      renderComparisonMarkdown(comparison),
      renderComparisonJson(comparison),
    ]) {
      expect(text.replaceAll("\n", "")).not.toMatch(INVISIBLE);
    }
    const colored = renderComparison(createScreen({ color: true, width: 80 }), comparison);
    expect(stripVTControlCharacters(colored)).toBe(renderComparison(screen, comparison));
    expect(
      renderComparison(screen, comparison)
        .split("\n")
        .every((line) => line.length <= 80),
    ).toBe(true);
  }
});

test("a thousand new findings still fit into a comment", () => {
  const report = sampleReport();
  const findings = report.findings.flatMap((finding) =>
    Array.from({ length: 200 }, (_, index) => Object.assign({}, finding, { id: `${finding.id}${index}` })),
  );
  const text = renderComparisonMarkdown(compareReports(cleanReport(), { ...report, findings }, "high"));
  expect(text.length).toBeLessThan(65_536);
  expect(text).toContain("- and 980 more");
});

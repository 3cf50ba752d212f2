import { AppError } from "../../core/errors.ts";
import { isAtLeast, SEVERITIES, type Finding, type Severity } from "../../core/finding.ts";
import type { Report } from "../../core/report.ts";
import type { Side } from "../../formats/split/range-cutter.ts";

/** Findings of one rule and severity, and the rows they name; a row that several findings name counts for each rule once. */
export type RuleCount = { readonly rule: string; readonly severity: Severity; readonly rows: number };

/** What a report says about where rows belong. */
export type Choice = {
  readonly sideOf: (row: number) => Side;
  readonly rules: readonly RuleCount[];
  readonly unreadable: number;
  /** Findings that stand whatever rows are removed, since they name none. */
  readonly standing: readonly Finding[];
  /** Findings milder than the bound, whose rows stay where they are. */
  readonly left: readonly Finding[];
  /** Findings that a policy suppresses, whose rows stay where they are too. */
  readonly suppressed: number;
};

function countRules(findings: readonly Finding[]): RuleCount[] {
  const rules = new Map<string, { severity: Severity; rows: Set<number> }>();
  for (const { rule, severity, rows = [] } of findings) {
    const known = rules.get(rule) ?? { severity, rows: new Set<number>() };
    for (const row of rows) known.rows.add(row);
    rules.set(rule, { ...known, severity: isAtLeast(severity, known.severity) ? severity : known.severity });
  }
  return [...rules]
    .map(([rule, { severity, rows }]) => ({ rule, severity, rows: rows.size }))
    .toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || b.rows - a.rows);
}

/** Rows of findings at or above `at` go to quarantine, and so do those that nobody could read; suppressed findings do not count. */
export function chooseRows(report: Report, unreadable: readonly number[], at: Severity): Choice {
  const { rows } = report.subject;
  const isFlagged = new Uint8Array(rows);
  const flag = (row: number): void => {
    if (row < 0 || row >= rows) {
      throw new AppError(
        "bad-report",
        `the report names row ${row}, and the dataset has ${rows} rows; scan it again`,
      );
    }
    isFlagged[row] = 1;
  };
  const open = report.findings.filter(({ suppressed }) => suppressed === undefined);
  const acted = open.filter(({ severity }) => isAtLeast(severity, at));
  for (const finding of acted) for (const row of finding.rows ?? []) flag(row);
  for (const row of unreadable) flag(row);
  return {
    sideOf: (row) => (isFlagged[row] === 1 ? "quarantine" : "clean"),
    rules: countRules(acted.filter((finding) => (finding.rows ?? []).length > 0)),
    unreadable: unreadable.length,
    standing: acted.filter((finding) => (finding.rows ?? []).length === 0),
    suppressed: report.findings.length - open.length,
    left: open.filter(({ severity }) => !isAtLeast(severity, at)),
  };
}

/** The unreadable records that a report lists; fails when it lists only some of them. */
export function listedUnreadable({ coverage }: Report): number[] {
  const rows = coverage.unreadable.flatMap(({ row }) => (row === undefined ? [] : [row]));
  if (rows.length < coverage.skipped) {
    throw new AppError(
      "bad-report",
      `the report lists ${rows.length} of ${coverage.skipped} unreadable records; clean without --report, so that all are known`,
    );
  }
  return rows;
}

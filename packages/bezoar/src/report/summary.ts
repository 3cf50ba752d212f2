import { isAtLeast, SEVERITIES, type Finding, type Severity } from "../core/finding.ts";
import type { Report } from "../core/report.ts";
import { formatCount, formatCounted } from "./format.ts";
import { countRows, toRanges } from "./ranges.ts";

/** The verdict as a person reads it. */
export type Headline = { readonly word: string; readonly sentence: string };

/** The findings from worst to mildest; those of one severity keep their order. */
export function bySeverity(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

/** The findings that a person must read, worst first, and those that are context: milder than medium and than what the verdict is about. */
export function splitByWorth({ findings, failOn }: Report): {
  readonly worthReading: readonly Finding[];
  readonly context: readonly Finding[];
} {
  const bound = isAtLeast("medium", failOn) ? failOn : "medium";
  return {
    worthReading: bySeverity(findings.filter(({ severity }) => isAtLeast(severity, bound))),
    context: findings.filter(({ severity }) => !isAtLeast(severity, bound)),
  };
}

/** "2 low, 1 info": how many findings there are of each severity, worst first. */
export function countSeverities(findings: readonly Finding[]): string {
  return SEVERITIES.map(
    (severity) => [severity, findings.filter((f) => f.severity === severity).length] as const,
  )
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${formatCount(count)} ${severity}`)
    .join(", ");
}

/** How many distinct rows the findings at `bound` or worse name. */
function countNamedRows(findings: readonly Finding[], bound: Severity): number {
  return countRows(
    toRanges(findings.filter((f) => isAtLeast(f.severity, bound)).flatMap((f) => f.rows ?? [])),
  );
}

function describePoisoned(report: Report): string {
  const rows = countNamedRows(report.findings, report.failOn);
  if (rows === 0) return "Somebody must look at this before anything is trained on it.";
  const share = `${formatCount(rows)} of ${formatCounted(report.subject.rows, "row")}`;
  return `${share} ${rows === 1 ? "looks" : "look"} planted. Do not train on this data yet.`;
}

function describeClean(report: Report): string {
  const rows = formatCounted(report.coverage.read, "row");
  const toReview = splitByWorth(report).worthReading.length;
  if (toReview === 0) return `Nothing planted was found in ${rows}.`;
  return `Nothing at or above ${report.failOn} in ${rows}; ${formatCounted(toReview, "finding")} to review.`;
}

/** The verdict in a word and a sentence. */
export function describeVerdict(report: Report): Headline {
  switch (report.verdict) {
    case "poisoned":
      return { word: "Poisoned", sentence: describePoisoned(report) };
    case "inconclusive":
      return {
        word: "Inconclusive",
        sentence: `This data cannot be cleared: ${report.reasons.join("; ") || "too little is known"}.`,
      };
    case "clean":
      return { word: "Clean", sentence: describeClean(report) };
  }
}

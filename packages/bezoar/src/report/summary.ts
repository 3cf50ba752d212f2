import { isAtLeast, SEVERITIES, type Finding } from "../core/finding.ts";
import { isBlocking, type Report } from "../core/report.ts";
import { findRule } from "../core/rules.ts";
import { formatCount, formatCounted } from "./format.ts";
import { countRows, toRanges } from "./ranges.ts";

/** The verdict as a person reads it. */
export type Headline = { readonly word: string; readonly sentence: string };

/** The findings from worst to mildest; those of one severity keep their order. */
export function bySeverity(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

/** The findings that stand: nobody has suppressed them. */
export function standing(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ suppressed }) => suppressed === undefined);
}

/** A finding that somebody has suppressed, with who, why and until when. */
export type SuppressedFinding = Finding & { readonly suppressed: Suppression };
type Suppression = NonNullable<Finding["suppressed"]>;

const isSuppressed = (finding: Finding): finding is SuppressedFinding => finding.suppressed !== undefined;

/** Who suppressed the finding, until when, and why. */
export function describeSuppression({ who, expires, reason }: Suppression): string {
  return `suppressed by ${who} until ${expires}: ${reason}`;
}

/** The findings that a person must read, worst first; those that are context: milder than medium and than what the verdict is about; and those that are suppressed. */
export function splitByWorth({ findings, failOn }: Pick<Report, "findings" | "failOn">): {
  readonly worthReading: readonly Finding[];
  readonly context: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
} {
  const bound = isAtLeast("medium", failOn) ? failOn : "medium";
  const [worst, stand] = [bySeverity(findings), bySeverity(standing(findings))];
  return {
    worthReading: stand.filter(({ severity }) => isAtLeast(severity, bound)),
    context: stand.filter(({ severity }) => !isAtLeast(severity, bound)),
    suppressed: worst.filter(isSuppressed),
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

/** How many distinct rows the findings name. */
function countNamedRows(findings: readonly Finding[]): number {
  return countRows(toRanges(findings.flatMap((f) => f.rows ?? [])));
}

/** Rows look planted when a rule about attacks names them; a duplicate or an outlier is only to be looked at. */
function describePoisoned({ findings, failOn, subject }: Report): string {
  const blocking = findings.filter((finding) => isBlocking(finding, failOn));
  const attacks = blocking.filter(({ rule }) => findRule(rule)?.kind !== "quality");
  const named = attacks.length > 0 ? attacks : blocking;
  const rows = countNamedRows(named);
  if (rows === 0) return "Somebody must look at this before anything is trained on it.";
  const share = `${formatCount(rows)} of ${formatCounted(subject.rows, "row")}`;
  if (attacks.length === 0) return `${share} must be looked at before anything is trained on this data.`;
  return `${share} ${rows === 1 ? "looks" : "look"} planted. Do not train on this data yet.`;
}

function describeClean(report: Report): string {
  const rows = formatCounted(report.coverage.read, "row");
  const { worthReading, suppressed } = splitByWorth(report);
  const review =
    worthReading.length > 0 ? [`${formatCounted(worthReading.length, "finding")} to review`] : [];
  const silenced = suppressed.length > 0 ? [`${formatCount(suppressed.length)} suppressed`] : [];
  if (review.length + silenced.length === 0) return `Nothing planted was found in ${rows}.`;
  return `${[`Nothing at or above ${report.failOn} in ${rows}`, ...review, ...silenced].join("; ")}.`;
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

import type { Comparison, KeptFinding } from "../core/compare.ts";
import type { Finding } from "../core/finding.ts";
import { isBlocking, type Report } from "../core/report.ts";
import { formatCount, formatCounted } from "./format.ts";
import { withFiniteNumbers, writeJson } from "./json.ts";
import { code, prose } from "./markdown/escape.ts";
import { bySeverity } from "./summary.ts";
import { escapeTerminal } from "./terminal/escape.ts";
import { severityStyle } from "./terminal/finding.ts";
import { cutColumns, padColumns, wrap, type Screen } from "./terminal/layout.ts";

/** Findings listed of each kind; the JSON has all of them. */
const MAX_LISTED = 20;
/** UTF-16 units of a title or a name in Markdown, where a comment has 65,536. */
const MAX_TEXT = 200;

/** A finding in a list, with what is to be said of it there. */
type Entry = { readonly finding: Finding; readonly note: string };
type Section = { readonly heading: string; readonly entries: readonly Entry[]; readonly isNews: boolean };

const rowsOf = (finding: Finding) => formatCounted(finding.rows?.length ?? 0, "row");

const silence = ({ suppressed }: Finding) => (suppressed === undefined ? [] : ["suppressed"]);

/** What is different between the two, in words; rows are counted, since their numbers move when a dataset grows. */
function describeChange({ before, after }: KeptFinding): string {
  const [was, is] = [before.rows?.length ?? 0, after.rows?.length ?? 0];
  return [
    was === is ? rowsOf(after) : `${formatCount(was)} → ${rowsOf(after)}`,
    ...(before.severity === after.severity ? [] : [`was ${before.severity}`]),
    ...(before.suppressed !== undefined && after.suppressed === undefined ? ["no longer suppressed"] : []),
    ...silence(after),
  ].join(", ");
}

const listed = (findings: readonly Finding[]): Entry[] =>
  bySeverity(findings).map((finding) => ({
    finding,
    note: [rowsOf(finding), ...silence(finding)].join(", "),
  }));

function sectionsOf({ added, gone, notLookedFor, kept }: Comparison): Section[] {
  const changes = new Map(kept.map((pair) => [pair.after, describeChange(pair)]));
  const unchanged = bySeverity([...changes.keys()]).map((finding) => ({
    finding,
    note: changes.get(finding) ?? "",
  }));
  return [
    { heading: "New", entries: listed(added), isNews: true },
    { heading: "Gone", entries: listed(gone), isNews: false },
    { heading: "Not looked for any more", entries: listed(notLookedFor), isNews: true },
    { heading: "Still there", entries: unchanged, isNews: false },
  ].filter(({ entries }) => entries.length > 0);
}

function headline({ verdict, reasons, failOn, added }: Comparison): string {
  switch (verdict) {
    case "worse":
      return `Worse: ${reasons.join("; ")}`;
    case "inconclusive":
      return `Inconclusive: ${reasons.join("; ")}`;
    case "no-worse":
      return `No worse: nothing newly stands at or above ${failOn}${added.length > 0 ? `; ${formatCounted(added.length, "milder finding")} new` : ""}`;
  }
}

function verdictStyle(verdict: Comparison["verdict"]): ["bold", "red" | "yellow" | "green"] {
  switch (verdict) {
    case "worse":
      return ["bold", "red"];
    case "inconclusive":
      return ["bold", "yellow"];
    case "no-worse":
      return ["bold", "green"];
  }
}

const describeSide = (name: string, { subject, verdict }: Report) =>
  `${name}  ${subject.name} · ${formatCounted(subject.rows, "row")} · ${verdict}`;

const SEVERITY_COLUMNS = 10;
const INDENT = "  ";

function renderEntry(screen: Screen, { finding, note }: Entry, isNews: boolean): string[] {
  const name = padColumns(finding.severity, SEVERITY_COLUMNS);
  const columns = screen.width - INDENT.length - SEVERITY_COLUMNS;
  const aside = `${note} · ${escapeTerminal(finding.rule)} · ${escapeTerminal(finding.id)}`;
  const hang = INDENT + " ".repeat(SEVERITY_COLUMNS);
  return [
    INDENT +
      screen.paint(isNews ? severityStyle(finding.severity) : "dim", name) +
      cutColumns(escapeTerminal(finding.title), columns),
    ...wrap(aside, columns).map((line) => screen.paint("dim", hang + line)),
  ];
}

/** The comparison as a person reads it on a terminal. */
export function renderComparison(screen: Screen, comparison: Comparison): string {
  const more = (count: number) => screen.paint("dim", `${INDENT}and ${formatCount(count)} more`);
  const lines = [
    ...wrap(escapeTerminal(headline(comparison)), screen.width).map((line) =>
      screen.paint(verdictStyle(comparison.verdict), line),
    ),
    ...[describeSide("old", comparison.before), describeSide("new", comparison.after)].map((line) =>
      screen.paint("dim", cutColumns(escapeTerminal(line), screen.width)),
    ),
  ];
  for (const { heading, entries, isNews } of sectionsOf(comparison)) {
    lines.push("", screen.paint("bold", `${heading}: ${formatCounted(entries.length, "finding")}`));
    for (const entry of entries.slice(0, MAX_LISTED)) lines.push(...renderEntry(screen, entry, isNews));
    if (entries.length > MAX_LISTED) lines.push(more(entries.length - MAX_LISTED));
  }
  return `${lines.join("\n")}\n`;
}

/** The comparison for a pull-request comment; at most 80 findings, so that it always fits. */
export function renderComparisonMarkdown(comparison: Comparison): string {
  const side = (name: string, { subject, verdict }: Report) =>
    `- ${name}: ${code(subject.name, MAX_TEXT)}, ${formatCounted(subject.rows, "row")}, ${verdict}`;
  const lines = [
    `### Dataset compared: ${prose(headline(comparison), 4 * MAX_TEXT)}`,
    "",
    side("old", comparison.before),
    side("new", comparison.after),
    "",
  ];
  for (const { heading, entries } of sectionsOf(comparison)) {
    lines.push(`#### ${heading}: ${formatCounted(entries.length, "finding")}`, "");
    for (const { finding, note } of entries.slice(0, MAX_LISTED)) {
      const { severity, title, rule, id } = finding;
      lines.push(
        `- ${severity}: ${prose(title, MAX_TEXT)} (${note}; ${code(rule, MAX_TEXT / 4)}, ${code(id, MAX_TEXT / 4)})`,
      );
    }
    if (entries.length > MAX_LISTED) lines.push(`- and ${formatCount(entries.length - MAX_LISTED)} more`);
    lines.push("");
  }
  return lines.join("\n");
}

function sideOf({ subject, verdict, tool }: Report): unknown {
  const { name, sha256, rows } = subject;
  return { name, sha256, rows, verdict, version: tool.version };
}

/** The comparison as data: the subjects, and every finding under what became of it. */
export function renderComparisonJson(comparison: Comparison): string {
  const { before, after, failOn, verdict, reasons, added, gone, notLookedFor, kept } = comparison;
  const state = (finding: Finding) => {
    const { severity, suppressed, rows = [] } = finding;
    return { severity, rows: rows.length, suppressed, blocks: isBlocking(finding, failOn) };
  };
  return writeJson({
    schemaVersion: after.schemaVersion,
    tool: after.tool,
    old: sideOf(before),
    new: sideOf(after),
    failOn,
    verdict,
    reasons,
    findings: {
      new: added.map(withFiniteNumbers),
      gone: gone.map(withFiniteNumbers),
      notLookedFor: notLookedFor.map(withFiniteNumbers),
      unchanged: kept.map((pair) => ({
        was: state(pair.before),
        is: state(pair.after),
        finding: withFiniteNumbers(pair.after),
      })),
    },
  });
}

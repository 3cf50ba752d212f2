import type { Finding } from "../core/finding.ts";
import type { Report, Unreadable } from "../core/report.ts";
import { formatCount, formatCounted } from "./format.ts";
import { cellCode, code, prose } from "./markdown/escape.ts";
import { findingMarkdown, suppressedMarkdown } from "./markdown/finding.ts";
import { formatPlace } from "./places.ts";
import { describeVerdict, splitByWorth } from "./summary.ts";

/** GitHub refuses a comment beyond 65,536 characters; the rest is left to what is put around it. */
const MAX_COMMENT = 60_000;
/** Rows of the table of findings, and entries of each list. */
const MAX_TABLE = 25;
const MAX_LISTED = 10;
/** Findings that are tried for room; none is shorter than 100 characters by far. */
const MAX_SECTIONS = 300;
const MAX_TEXT = 300;
const MAX_NAME = 160;

function headLines(report: Report): string[] {
  const { word, sentence } = describeVerdict(report);
  const { name, rows, files, format, shape, sha256 } = report.subject;
  const facts = [
    code(name, MAX_NAME),
    formatCounted(rows, "row"),
    ...(files.length > 1 ? [formatCounted(files.length, "file")] : []),
    prose(format, MAX_NAME),
    prose(shape.description, MAX_TEXT),
    `SHA-256 ${code(sha256, MAX_NAME)}`,
  ];
  return [`### ${word}: ${prose(sentence, 4 * MAX_TEXT)}`, "", `Dataset: ${facts.join(" · ")}`, ""];
}

function tableLines(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return ["No findings.", ""];
  const rows = findings
    .slice(0, MAX_TABLE)
    .map(
      ({ severity, title, rule, rows: named = [] }) =>
        `| ${severity} | ${cellCode(title, MAX_NAME)} | ${formatCount(named.length)} | ${cellCode(rule, MAX_NAME)} |`,
    );
  return [
    "| Severity | Finding | Rows | Rule |",
    "| --- | --- | ---: | --- |",
    ...rows,
    "",
    ...omitted(findings.length - rows.length, "more finding", "not in this table"),
  ];
}

function omitted(count: number, what: string, where: string): string[] {
  return count > 0 ? [`${formatCounted(count, what)} ${where}.`, ""] : [];
}

/** The first of a list, and how many more there are. */
function listLines(items: readonly string[], total = items.length): string[] {
  const shown = items.slice(0, MAX_LISTED);
  const more = total - shown.length;
  return [...shown.map((item) => `- ${item}`), ...(more > 0 ? [`- and ${formatCount(more)} more`] : [])];
}

function unreadableItem({ file, line, row, reason }: Unreadable): string {
  const place = formatPlace({ file, ...(line !== undefined && { line }) });
  return `could not be read: ${code(place, MAX_NAME)}${row === undefined ? "" : `, row ${row}`}: ${prose(reason, MAX_TEXT)}`;
}

function coverageLines({ coverage }: Report): string[] {
  const { read, skipped, truncated, unreadable, unexamined, notes } = coverage;
  return [
    "#### What was read",
    "",
    `- ${formatCounted(read, "row")} read, ${formatCount(skipped)} could not be read, ${formatCount(truncated)} read in part`,
    ...listLines(unexamined.map((what) => `not examined: ${prose(what, MAX_TEXT)}`)),
    ...listLines(unreadable.slice(0, MAX_LISTED).map(unreadableItem), skipped),
    ...listLines(notes.map((note) => `note: ${prose(note, MAX_TEXT)}`)),
    "",
  ];
}

function powerLines({ power }: Report): string[] {
  const items = power.attacks.map(({ attack, rows, recovered, planted }) => {
    const seen = rows === null ? "not seen" : `seen from ${formatCounted(rows, "row")}`;
    const found = planted > 0 ? `, ${recovered} of ${planted} found when planted` : "";
    return `attack: ${prose(attack, MAX_TEXT)}: ${seen}${found}`;
  });
  return [
    "#### What this scan could have seen",
    "",
    ...listLines(items),
    "",
    `Note: ${prose(power.note, 2 * MAX_TEXT)}`,
    "",
  ];
}

/** As many of the sections as fit, in order. */
function fitSections(sections: readonly string[], room: number): string[] {
  const kept: string[] = [];
  let used = 0;
  for (const section of sections) {
    used += section.length + 2;
    if (used > room) break;
    kept.push(section, "");
  }
  return kept;
}

/** The report for a pull-request comment or a ticket, in GitHub-flavoured Markdown: the verdict, a table, the findings worth reading with evidence, as many as a comment holds. */
export function renderMarkdown(report: Report): string {
  const { worthReading, context, suppressed } = splitByWorth(report);
  const silenced =
    suppressed.length === 0
      ? []
      : [
          `#### Suppressed: ${formatCounted(suppressed.length, "finding")} that no longer count`,
          "",
          ...listLines(suppressed.slice(0, MAX_LISTED).map(suppressedMarkdown), suppressed.length),
          "",
        ];
  const head = [...headLines(report), ...tableLines([...worthReading, ...context])];
  const foot = [
    ...silenced,
    ...coverageLines(report),
    ...powerLines(report),
    `Made by bezoar ${code(report.tool.version, MAX_NAME)}. Every row number is in the report of \`--format json\`.`,
    "",
  ];
  const room = MAX_COMMENT - [...head, ...foot].join("\n").length - MAX_TEXT;
  const sections = fitSections(worthReading.slice(0, MAX_SECTIONS).map(findingMarkdown), room);
  const left = worthReading.length - sections.length / 2;
  const rest = omitted(
    left,
    "finding",
    "left out here for the length of a comment; `--format html` has all of them",
  );
  return [...head, ...sections, ...rest, ...foot].join("\n");
}

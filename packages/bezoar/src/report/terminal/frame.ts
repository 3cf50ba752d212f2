import type { Report, Unreadable, Verdict } from "../../core/report.ts";
import { formatCount, formatCounted } from "../format.ts";
import { describeVerdict } from "../summary.ts";
import { escapeTerminal } from "./escape.ts";
import {
  bodyColumns,
  columnsOf,
  cutColumns,
  labelled,
  labelledText,
  padColumns,
  wrap,
  type Screen,
  type Style,
} from "./layout.ts";

function verdictStyle(verdict: Verdict): { readonly mark: string; readonly style: Style } {
  switch (verdict) {
    case "poisoned":
      return { mark: "✗", style: ["bold", "red"] };
    case "inconclusive":
      return { mark: "?", style: ["bold", "yellow"] };
    case "clean":
      return { mark: "✓", style: ["bold", "green"] };
  }
}

/** The verdict in a line that a person understands, and what it is about. */
export function renderHead(screen: Screen, report: Report): string[] {
  const { word, sentence } = describeVerdict(report);
  const { mark, style } = verdictStyle(report.verdict);
  const lead = `${mark} ${word}`;
  const [first = "", ...rest] = wrap(escapeTerminal(`${lead}  ${sentence}`), screen.width);
  const { name, rows, format, shape, files } = report.subject;
  const subject = [
    escapeTerminal(name),
    formatCounted(rows, "row"),
    ...(files.length > 1 ? [formatCounted(files.length, "file")] : []),
    escapeTerminal(format),
    escapeTerminal(shape.description),
  ].join(" · ");
  return [
    screen.paint(style, lead) + screen.paint("bold", first.slice(lead.length)),
    ...rest.map((line) => screen.paint("bold", line)),
    ...wrap(subject, screen.width).map((line) => screen.paint("dim", line)),
  ];
}

const SHOWN_UNREADABLE = 3;

function describePlace({ file, line, row, reason }: Unreadable): string {
  const place = line === undefined ? (row === undefined ? "" : ` row ${row}`) : `:${line}`;
  return escapeTerminal(`${file}${place}  ${reason}`);
}

/** What was read and what was not: silence about a part of the data would be read as "clean". */
export function renderCoverage(screen: Screen, coverage: Report["coverage"]): string[] {
  const { read, skipped, truncated, unreadable, notes, unexamined } = coverage;
  const counts = [
    `${formatCounted(read, "row")} read`,
    ...(skipped > 0 ? [`${formatCount(skipped)} could not be read`] : []),
    ...(truncated > 0 ? [`${formatCount(truncated)} read in part`] : []),
  ].join(", ");
  const more = skipped - Math.min(SHOWN_UNREADABLE, unreadable.length);
  const columns = bodyColumns(screen);
  return labelled(screen, "coverage", [
    ...wrap(counts, columns),
    ...unreadable
      .slice(0, SHOWN_UNREADABLE)
      .map((item) => screen.paint("dim", cutColumns(describePlace(item), columns))),
    ...(more > 0 && unreadable.length > 0 ? [screen.paint("dim", `and ${formatCount(more)} more`)] : []),
    ...unexamined.flatMap((what) =>
      wrap(escapeTerminal(what), columns).map((line) => screen.paint("yellow", line)),
    ),
    ...notes.flatMap((note) => wrap(escapeTerminal(note), columns).map((line) => screen.paint("dim", line))),
  ]);
}

/** The smallest poisoning that this scan could have seen. */
export function renderPower(screen: Screen, power: Report["power"]): string[] {
  const columns = bodyColumns(screen);
  const facts = power.attacks.map(({ rows, recovered, planted }) => {
    const seen = rows === null ? "not seen" : `from ${formatCounted(rows, "row")}`;
    return { seen, found: planted > 0 ? `${recovered}/${planted} found` : "" };
  });
  const seenColumns = Math.max(0, ...facts.map(({ seen }) => seen.length));
  const foundColumns = Math.max(0, ...facts.map(({ found }) => found.length));
  const nameColumns = columns - seenColumns - foundColumns - 4;
  const lines = power.attacks.flatMap(({ attack }, index) => {
    const [first = "", ...rest] = wrap(escapeTerminal(attack), nameColumns);
    const { seen, found } = facts[index] ?? { seen: "", found: "" };
    const line = `${padColumns(first, nameColumns)}  ${padColumns(seen, seenColumns)}  ${screen.paint("dim", found)}`;
    return [line.trimEnd()].concat(rest);
  });
  if (lines.length === 0) return labelledText(screen, "power", escapeTerminal(power.note));
  return [
    ...labelled(screen, "power", lines),
    ...labelled(
      screen,
      "",
      wrap(escapeTerminal(power.note), columns).map((line) => screen.paint("dim", line)),
    ),
  ];
}

const STDIN = "standard input"; // the name of a subject that was piped in: it must be piped in again

/** A word as a shell takes it. */
export function quote(word: string): string {
  return /^[\w@%+:,./-][\w@%+=:,./-]*$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** What to type after the command, and what for. */
function nextSteps(report: Report): readonly (readonly [options: string, purpose: string])[] {
  if (report.findings.length > 0) {
    return [
      ["--format html --output report.html", "every finding, to read or attach"],
      ["--format json", "every row number"],
    ];
  }
  if (report.coverage.skipped > 0) return [["--format json", "each record that could not be read"]];
  return [["--format json", "the same as data"]];
}

/** What to type next; `options` were given to this scan and are repeated. */
export function renderNext(screen: Screen, report: Report, options: readonly string[]): string[] {
  const { name } = report.subject;
  const path = name.startsWith("-") ? `./${name}` : name;
  const subject = name === STDIN ? "… | bezoar scan -" : `bezoar scan ${quote(path)}`;
  const command = escapeTerminal([subject, ...options.map(quote)].join(" "));
  return labelled(
    screen,
    "next",
    nextSteps(report).map(([more, purpose]) => {
      const typed = `${command} ${more}`;
      const isRoomy = columnsOf(typed) + 3 + columnsOf(purpose) + 2 <= bodyColumns(screen);
      return isRoomy ? `${typed}   ${screen.paint("dim", `# ${purpose}`)}` : typed;
    }),
  );
}

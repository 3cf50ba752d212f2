import type { Finding } from "../../core/finding.ts";
import type { Report } from "../../core/report.ts";
import { formatCount, formatCounted } from "../format.ts";
import { countSeverities, describeVerdict } from "../summary.ts";
import { markup, type Markup } from "./escape.ts";
import { severityChip } from "./finding.ts";

const MAX_LISTED = 200; // files or unreadable records printed; the JSON report has all of them

function fact(term: string, value: string | Markup): Markup {
  return markup`<div><dt>${term}</dt><dd>${value}</dd></div>`;
}

/** The verdict, what it is about, and where it comes from. */
export function head(report: Report): Markup {
  const { word, sentence } = describeVerdict(report);
  const { name, rows, files, format, shape, sha256 } = report.subject;
  return markup`<header class="verdict ${report.verdict}">
<p class="brand"><strong>bezoar</strong> dataset scan</p>
<h1>${word}</h1>
<p class="lead">${sentence}</p>
<dl class="facts">${fact("Dataset", name)}${fact("Rows", formatCount(rows))}${fact("Format", files.length > 1 ? `${format}, ${formatCounted(files.length, "file")}` : format)}${fact("Shape", shape.description)}${fact("SHA-256", markup`<code>${sha256}</code>`)}</dl>
</header>`;
}

/** The findings at a glance, each a link to its section. */
export function overview(findings: readonly Finding[], omitted: number): Markup {
  if (findings.length === 0) return markup`<p class="quiet">No findings.</p>`;
  const items = findings.map(
    (finding, index) =>
      markup`<li>${severityChip(finding.severity)}<a href="#finding-${index + 1}">${finding.title}</a><span class="count">${formatCounted(finding.rows?.length ?? 0, "row")}</span></li>`,
  );
  const more =
    omitted > 0
      ? markup`<p class="note">${formatCounted(omitted, "milder finding")} not shown; <code>--format json</code> has them.</p>`
      : undefined;
  return markup`<nav class="overview" aria-labelledby="findings"><h2 id="findings">Findings <small>${countSeverities(findings)}</small></h2><ol>${items}</ol>${more}</nav>`;
}

/** The heading above the findings that somebody decided not to count. */
export function suppressedSection(count: number, omitted: number): Markup | undefined {
  if (count === 0) return undefined;
  const more = omitted > 0 ? ` ${formatCount(omitted)} more in --format json.` : "";
  return markup`<section class="suppressed-head"><h2>Suppressed <small>${formatCounted(count, "finding")}</small></h2><p class="note">Somebody decided that these do not count for the verdict, until the day that is named.${more}</p></section>
`;
}

function unreadableTable(coverage: Report["coverage"]): Markup | undefined {
  if (coverage.unreadable.length === 0) return undefined;
  const shown = coverage.unreadable.slice(0, MAX_LISTED);
  const rows = shown.map(
    ({ file, line, row, reason }) =>
      markup`<tr><th scope="row">${file}${line === undefined ? "" : `:${line}`}</th><td data-name="Row">${row ?? ""}</td><td data-name="Reason">${reason}</td></tr>`,
  );
  const cap =
    coverage.skipped > shown.length
      ? markup`<p class="note">${formatCount(shown.length)} of ${formatCounted(coverage.skipped, "record")} that could not be read.</p>`
      : undefined;
  return markup`<table class="plain"><thead><tr><th scope="col">Place</th><th scope="col">Row</th><th scope="col">Why it could not be read</th></tr></thead><tbody>${rows}</tbody></table>${cap}`;
}

function figure(name: string, value: number, isBad: boolean): Markup {
  return markup`<div class="${isBad && value > 0 ? "bad" : ""}"><dt>${name}</dt><dd>${formatCount(value)}</dd></div>`;
}

/** What was read and what was not. */
export function coverageSection(coverage: Report["coverage"]): Markup {
  const { read, skipped, truncated, notes, unexamined } = coverage;
  return markup`<section><h2>Coverage</h2>
<dl class="numbers-row">${figure("rows read", read, false)}${figure("could not be read", skipped, true)}${figure("read in part", truncated, true)}</dl>
${unexamined.length > 0 ? markup`<ul class="notes unexamined">${unexamined.map((what) => markup`<li>${what}</li>`)}</ul>` : undefined}
${notes.length > 0 ? markup`<ul class="notes">${notes.map((note) => markup`<li>${note}</li>`)}</ul>` : undefined}
${unreadableTable(coverage)}</section>`;
}

/** The smallest poisoning that this scan could have seen. */
export function powerSection(power: Report["power"]): Markup {
  const rows = power.attacks.map(
    (item) =>
      markup`<tr><th scope="row">${item.attack}</th><td data-name="Seen from">${item.rows === null ? "not seen" : formatCounted(item.rows, "row")}</td><td data-name="Recovered">${item.planted > 0 ? `${item.recovered} of ${item.planted}` : ""}</td></tr>`,
  );
  const table = markup`<table class="figures"><thead><tr><th scope="col">Attack</th><th scope="col">Seen from</th><th scope="col">Recovered when planted</th></tr></thead><tbody>${rows}</tbody></table>`;
  return markup`<section><h2>What this scan could have seen</h2><p class="why">${power.note}</p>${rows.length > 0 ? table : undefined}</section>`;
}

/** The files that were read, each with its digest. */
export function filesSection(subject: Report["subject"]): Markup {
  const shown = subject.files.slice(0, MAX_LISTED);
  const rows = shown.map(
    (file) =>
      markup`<tr><th scope="row">${file.path}<code class="digest">${file.sha256}</code></th><td data-name="Rows">${formatCount(file.rows)}</td><td data-name="From row">${file.firstRow}</td><td data-name="Bytes">${formatCount(file.bytes)}</td><td data-name="Format">${file.format}${file.compression === undefined ? "" : `, ${file.compression}`}</td></tr>`,
  );
  const cap =
    shown.length < subject.files.length
      ? markup`<p class="note">${formatCount(shown.length)} of ${formatCounted(subject.files.length, "file")}; <code>--format json</code> has all of them.</p>`
      : undefined;
  return markup`<section><h2>Files</h2><table class="figures files"><thead><tr><th scope="col">File and SHA-256</th><th scope="col">Rows</th><th scope="col">From row</th><th scope="col">Bytes</th><th scope="col">Format</th></tr></thead><tbody>${rows}</tbody></table>${cap}</section>`;
}

/** Who made the page. */
export function foot({ tool, schemaVersion }: Report): Markup {
  return markup`<footer>Made by ${tool.name} ${tool.version}, report schema ${schemaVersion}. This page loads nothing from anywhere.</footer>`;
}

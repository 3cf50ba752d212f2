import { createHash } from "node:crypto";
import type { Report } from "../../core/report.ts";
import { jsonMarkup, markup } from "./escape.ts";
import { findingSection } from "./finding.ts";
import { SCRIPT } from "./script.ts";
import {
  coverageSection,
  filesSection,
  foot,
  head,
  overview,
  powerSection,
  suppressedSection,
} from "./sections.ts";
import { STYLE } from "./style.ts";
import { formatRange, toRanges } from "../ranges.ts";
import { bySeverity, describeVerdict, splitByWorth, standing } from "../summary.ts";

const MAX_FINDINGS = 100; // sections that a browser still lays out at once; the mildest are left to the JSON report

const MAX_SUPPRESSED = 20; // of what no longer counts, fewer are worth the space

const sourceHash = (content: string) => `'sha256-${createHash("sha256").update(content).digest("base64")}'`;

/** Nothing loads and nothing runs but the one style sheet and the one script below, told by their digests (CSP level 3). */
const POLICY = [
  "default-src 'none'",
  `style-src ${sourceHash(STYLE)}`,
  `script-src ${sourceHash(SCRIPT)}`,
  "img-src data:", // the empty icon: without one a browser asks the server of the page for it
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** The report as one self-contained page: no network, readable without a script, safe whatever the data holds. */
export function renderHtml(report: Report): string {
  const stand = bySeverity(standing(report.findings));
  const shown = stand.slice(0, MAX_FINDINGS);
  const silenced = splitByWorth(report).suppressed;
  const findings = [...shown, ...silenced.slice(0, MAX_SUPPRESSED)];
  const ranges = findings.map((finding) => toRanges(finding.rows ?? []));
  const sections = findings.map((finding, index) =>
    findingSection(finding, ranges[index] ?? [], index, report),
  );
  const data = { rows: ranges.map((list) => list.map((range) => formatRange(range, "-")).join(",")) };
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<meta name="referrer" content="no-referrer">
<title>${describeVerdict(report).word}: ${report.subject.name} · bezoar</title>
<style>${{ html: STYLE }}</style>
</head>
<body>
<main>
${head(report)}
${overview(shown, stand.length - shown.length)}
${sections.slice(0, shown.length)}
${suppressedSection(silenced.length, silenced.length - (findings.length - shown.length))}${sections.slice(shown.length)}
${coverageSection(report.coverage)}
${powerSection(report.power)}
${filesSection(report.subject)}
</main>
${foot(report)}
<script type="application/json" id="data">${jsonMarkup(data)}</script>
<script>${{ html: SCRIPT }}</script>
</body>
</html>
`;
  return page.html;
}

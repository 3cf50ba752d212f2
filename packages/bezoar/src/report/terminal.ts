import type { Finding } from "../core/finding.ts";
import type { Report } from "../core/report.ts";
import { formatCounted } from "./format.ts";
import { countSeverities, splitByWorth } from "./summary.ts";
import { escapeTerminal } from "./terminal/escape.ts";
import { renderFinding, severityStyle } from "./terminal/finding.ts";
import { renderCoverage, renderHead, renderNext, renderPower } from "./terminal/frame.ts";
import { createPaint, cutColumns, padColumns, type Screen } from "./terminal/layout.ts";

const MIN_WIDTH = 48; // narrower than this the columns of a finding would collapse
const MAX_WIDTH = 110; // longer lines are hard to read
const FULL_FINDINGS = 10; // what somebody reads on a terminal; the others keep one line each

function renderTitleLine(screen: Screen, finding: Finding): string {
  const name = screen.paint(severityStyle(finding.severity), padColumns(finding.severity, 10));
  return name + cutColumns(escapeTerminal(finding.title), screen.width - 10);
}

function renderFindings(screen: Screen, report: Report): string[] {
  const { worthReading, context } = splitByWorth(report);
  const full = worthReading.slice(0, FULL_FINDINGS);
  const short = worthReading.slice(FULL_FINDINGS);
  const folded = `${formatCounted(context.length, "finding")} of context: ${countSeverities(context)}`;
  return [
    ...full.flatMap((finding) => renderFinding(screen, finding)),
    ...(short.length > 0 ? ["", ...short.map((finding) => renderTitleLine(screen, finding))] : []),
    ...(context.length > 0 ? ["", screen.paint("dim", folded)] : []),
  ];
}

/** The report as a person reads it on a terminal: the verdict first, the next command last, with the `options` that this scan was given; only commands may be longer than `width`. */
export function renderTerminal(
  report: Report,
  {
    color,
    width,
    options = [],
  }: { readonly color: boolean; readonly width: number; readonly options?: readonly string[] },
): string {
  const screen: Screen = {
    paint: createPaint(color),
    width: Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, width)),
  };
  const lines = [
    ...renderHead(screen, report),
    ...renderFindings(screen, report),
    "",
    ...renderCoverage(screen, report.coverage),
    ...renderPower(screen, report.power),
    "",
    ...renderNext(screen, report, options),
  ];
  return `${lines.join("\n")}\n`;
}

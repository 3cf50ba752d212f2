import type { ReviewSample, SampledRow } from "../../core/review-sample.ts";
import { formatCount, formatCounted, formatPercent } from "../format.ts";
import { escapeTerminal } from "./escape.ts";
import { severityStyle } from "./finding.ts";
import { createPaint, cutColumns, labelled, type Screen } from "./layout.ts";

const MIN_WIDTH = 48; // narrower than this nothing can be read
const SHOWN_SUSPECTS = 10;
const SHOWN_RANDOM = 5;
const SHOWN_TEXTS = 3;

function renderRow(screen: Screen, { row, file, line, because, stratum, texts }: SampledRow): string[] {
  const place = line === undefined ? file : `${file}:${line}`;
  const [worst] = because;
  const why =
    worst === undefined ? screen.paint("dim", escapeTerminal(stratum)) : escapeTerminal(worst.title);
  const shown = texts.slice(0, SHOWN_TEXTS).map(({ name, text }) => {
    const head = text.slice(0, 2 * screen.width).replaceAll(/\s+/g, " ");
    return screen.paint(
      "dim",
      cutColumns(`    ${escapeTerminal(name)}: ${escapeTerminal(head)}`, screen.width),
    );
  });
  const severity =
    worst === undefined ? "" : `${screen.paint(severityStyle(worst.severity), worst.severity)}  `;
  const head = `${formatCount(row)}  ${escapeTerminal(place)}`;
  return [
    `  ${screen.paint("bold", head)}  ${severity}${cutColumns(why, Math.max(20, screen.width - head.length - 12))}`,
    ...shown,
  ];
}

function renderPart(screen: Screen, title: string, rows: readonly SampledRow[], most: number): string[] {
  if (rows.length === 0) return [];
  const rest = rows.length - most;
  return [
    "",
    screen.paint("bold", title),
    ...rows.slice(0, most).flatMap((row) => renderRow(screen, row)),
    ...(rest > 0
      ? [screen.paint("dim", `  … and ${formatCount(rest)} more, in the file that --output writes`)]
      : []),
  ];
}

/** The sample as a person reads it on a terminal: what to look at first, what a clean sample proves, the next step. */
export function renderReviewSample(
  sample: ReviewSample,
  { color, width }: { readonly color: boolean; readonly width: number },
): string {
  const screen: Screen = { paint: createPaint(color), width: Math.max(MIN_WIDTH, width) };
  const { suspects, random, strata, population, leaves } = sample;
  const clean = leaves[0]?.rate ?? 1;
  const lines = [
    screen.paint("bold", `${formatCounted(suspects.length + random.length, "row")} to review`),
    `${escapeTerminal(sample.subject.name)} · ${formatCounted(sample.subject.rows, "row")} · seed ${sample.seed}`,
    ...renderPart(
      screen,
      `Look at these first: ${formatCounted(suspects.length, "row")} that findings name`,
      suspects,
      SHOWN_SUSPECTS,
    ),
    ...renderPart(
      screen,
      `Then ${formatCounted(random.length, "row")} drawn at random from the other ${formatCount(population)}`,
      random,
      SHOWN_RANDOM,
    ),
    "",
    ...labelled(
      screen,
      "strata",
      strata.map(
        ({ name, rows, sampled }) =>
          `${formatCount(sampled)} of ${formatCount(rows)}  ${escapeTerminal(cutColumns(name, 60))}`,
      ),
    ),
    "",
    `If all ${formatCount(random.length)} random rows are sound, at most ${formatPercent(clean)} of the other rows are not (95 % confidence).`,
    ...labelled(
      screen,
      "defects",
      leaves.slice(1).map(({ defects, rate }) => `${defects} found: at most ${formatPercent(rate)}`),
    ),
  ];
  return `${lines.join("\n")}\n`;
}

import { escapeTerminal } from "bezoar/command-line";
import type { Share } from "../investigate/measure.ts";
import { interval, percent } from "../investigate/share-text.ts";
import {
  BLIND_SPOT,
  describeScan,
  duration,
  REPORTED,
  SHARES,
  shownModels,
  type ShownModel,
} from "./presentation.ts";
import type { ExperimentResult } from "./result.ts";

/** What shows the table: how wide it is in columns, and whether it has colours. */
export type Screen = { readonly width: number; readonly color: boolean };

const LABEL_COLUMNS = 23;
const MIN_SHARE_COLUMNS = 11;
const SECONDS_COLUMNS = 12;
const SCAN_COLUMNS = 19;
/** A share with its interval beside needs so much: `100.0 %  99–100`. */
const SHARE_WITH_INTERVAL_COLUMNS = 17;
type Paint = (style: "bold" | "dim" | "bad", text: string) => string;

/** The experiment as one table for the terminal, with the figures of arXiv 2511.02600 beside. */
export function renderTable(result: ExperimentResult, { width, color }: Screen): string {
  const paint = painter(color);
  const room = Math.floor((width - LABEL_COLUMNS - SECONDS_COLUMNS) / SHARES.length);
  const hasIntervals = room >= SHARE_WITH_INTERVAL_COLUMNS;
  const columns = hasIntervals
    ? SHARE_WITH_INTERVAL_COLUMNS
    : Math.max(MIN_SHARE_COLUMNS, Math.min(room, 13));
  const shown = shownModels(result);
  const cells = (label: string, values: readonly string[]) => label.padEnd(LABEL_COLUMNS) + values.join("");

  const group = (title: string, models: readonly ShownModel[]) =>
    models.length === 0 ? [] : ["", paint("dim", title), ...models.map(row)];
  const row = ({ label, model }: ShownModel) =>
    cells(label, [
      ...SHARES.map(({ key }) => shareCell(model.measurement[key], key !== "cleanAccuracy")),
      (model.seconds === 0 ? "" : duration(model.seconds)).padStart(SECONDS_COLUMNS),
    ]);
  const shareCell = (share: Share, isDismissal: boolean) => {
    const text = (
      hasIntervals ? `${percent(share.value)} ${interval(share).padStart(7)}` : percent(share.value)
    ).padStart(columns);
    return isDismissal && share.value > BLIND_SPOT ? paint("bad", text) : text;
  };

  const user = escapeTerminal(result.user);
  return [
    paint(
      "bold",
      `The attack of arXiv 2511.02600: ${result.arch}, ${result.tuning} fine-tune, user ${user}, seed ${result.seed}`,
    ),
    "",
    cells(
      "",
      ["accuracy", "dismissed", "dismissed", "dismissed"].map((word) => word.padStart(columns)),
    ),
    cells("", [
      ...["others", user, "others", `as ${user}`].map((word) => word.slice(0, columns - 2).padStart(columns)),
      "made in".padStart(SECONDS_COLUMNS),
    ]),
    ...group(
      "the experiment",
      shown.filter(({ group: own }) => own === "attack"),
    ),
    ...group(
      "after the attack",
      shown.filter(({ group: own }) => own === "after"),
    ),
    "",
    paint("dim", "as the paper reports"),
    ...REPORTED.map(({ name, cleanAccuracy, targetDismissed }) =>
      cells(
        name,
        [cleanAccuracy, targetDismissed].map((value) =>
          (value === null ? "" : percent(value)).padStart(columns),
        ),
      ).trimEnd(),
    ),
    "",
    ...legend(result, shown, hasIntervals).flatMap((line) => wrap(escapeTerminal(line), width)),
    ...scanLines(result, width, paint),
    "",
    paint("dim", `${duration(result.run.seconds)}, ${result.run.peakMegabytes} MB at most, by`),
    paint("dim", escapeTerminal(result.command)), // whole on one line, so that it can be copied
  ]
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}

function legend(result: ExperimentResult, shown: readonly ShownModel[], hasIntervals: boolean): string[] {
  const shares = shown.flatMap(({ model }) => SHARES.map(({ key }) => model.measurement[key]));
  const unclear = shares.reduce((sum, share) => sum + share.unclear, 0);
  const widest = Math.max(0, ...shares.map(({ value, low, high }) => Math.max(value - low, high - value)));
  return [
    `dismissed: malicious alerts called benign; as ${result.user}: the others' alerts with ${result.user}'s name.`,
    hasIntervals
      ? "Beside each share its 95 % interval in percent (Wilson)."
      : `95 % intervals (Wilson) reach at most ${(100 * widest).toFixed(1)} points from the share; --json has each.`,
    ...(unclear === 0 ? [] : [`${unclear} replies were no verdict: neither right nor a dismissal.`]),
  ];
}

function scanLines({ scan }: ExperimentResult, width: number, paint: Paint): string[] {
  if (scan.length === 0) return [];
  return [
    "",
    paint("dim", "bezoar scan of the training sets"),
    ...scan.flatMap((result) => {
      const lines = wrap(escapeTerminal(describeScan(result)), width - SCAN_COLUMNS);
      const start = result.set.padEnd(10) + result.form.padEnd(9);
      return lines.map((line, index) => (index === 0 ? start : " ".repeat(SCAN_COLUMNS)) + line);
    }),
  ];
}

/** Lines of whole words. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line += line === "" ? word : ` ${word}`;
  }
  return [...lines, line];
}

function painter(color: boolean): Paint {
  if (!color) return (_, text) => text;
  const codes = { bold: "1", dim: "2", bad: "31" };
  return (style, text) => `\u001B[${codes[style]}m${text}\u001B[0m`;
}

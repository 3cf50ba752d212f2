import type { Cleaned } from "../dataset/clean/clean-dataset.ts";
import { formatCount, formatCounted } from "../report/format.ts";
import { escapeTerminal } from "../report/terminal/escape.ts";
import { quote } from "../report/terminal/frame.ts";

/** Files listed one by one; a directory may have thousands. */
const MAX_FILES = 10;

function listFiles({ files }: Cleaned): string[] {
  const listed = files.slice(0, MAX_FILES).map((file) => {
    const how = file.compression === undefined ? "" : `, ${file.compression}`;
    return `  ${file.path}  ${formatCounted(file.rows, "row")}, ${formatCounted(file.bytes, "byte")}${how}, sha256 ${file.sha256}`;
  });
  const more = files.length - listed.length;
  return more > 0
    ? [...listed, `  and ${formatCounted(more, "more file")} (--format json lists all of them)`]
    : listed;
}

function whyMoved({ rules, unreadable, indivisible }: Cleaned): string[] {
  const reasons = rules.map(
    ({ rule, severity, rows }) => [formatCount(rows), `${rule} (${severity})`] as const,
  );
  const all =
    unreadable > 0 ? [...reasons, [formatCount(unreadable), "could not be read"] as const] : reasons;
  const width = Math.max(0, ...all.map(([rows]) => rows.length));
  return [
    ...all.map(([rows, reason]) => `  ${rows.padStart(width)}  ${reason}`),
    ...indivisible.map(
      ({ file, reason }) => `  ${file}: all of it, since no cut keeps all of it (${reason})`,
    ),
  ];
}

/** What `bezoar clean` tells: how many rows went where and why, what was written, what to do next. */
export function renderCleaned(
  cleaned: Cleaned,
  shown: {
    readonly clean: string;
    readonly quarantine: string;
    readonly isDry: boolean;
    /** Of several files, some may have been left out: the notes say which. */
    readonly isSingle: boolean;
    readonly options: readonly string[];
  },
): string {
  const { kept, quarantined, subject, at, standing, left, suppressed, expired, uncleared } = cleaned;
  const [keeps, moves] = shown.isDry ? ["would keep", "would move"] : ["kept", "moved"];
  const whys = uncleared.map((reason) => `  ${reason}`);
  const lines = [
    `${keeps} ${formatCounted(kept, "row")} of ${formatCount(subject.rows)} in ${shown.clean}`,
    `${moves} ${formatCounted(quarantined, "row")} to ${shown.quarantine}${quarantined === 0 ? `: nothing at or above ${at}` : ", because of"}`,
    ...whyMoved(cleaned),
    ...(standing.length === 0 ? [] : ["stands still, since it names no rows"]),
    ...standing.map(({ severity, title }) => `  ${severity}: ${title}`),
    ...(left.length === 0
      ? []
      : [
          `left in place, below ${at}: ${left.map(({ severity, findings }) => formatCounted(findings, `${severity} finding`)).join(", ")}`,
        ]),
    ...(suppressed === 0 ? [] : [`left in place, suppressed: ${formatCounted(suppressed, "finding")}`]),
    ...(expired.length === 0 ? [] : ["a suppression holds no more", ...expired.map((why) => `  ${why}`)]),
    ...(shown.isSingle ? [] : cleaned.notes.map((note) => `note: ${note}`)),
    ...(whys.length === 0 ? [] : ["the kept rows are not cleared", ...whys]),
    ...(shown.isDry ? ["nothing was written"] : ["written", ...listFiles(cleaned)]),
  ];
  const next = shown.isDry
    ? "run it again without --dry-run"
    : `bezoar scan ${[shown.clean.startsWith("-") ? `./${shown.clean}` : shown.clean, ...shown.options].map(quote).join(" ")}`;
  return `${[...lines, `next: ${next}`].map(escapeTerminal).join("\n")}\n`;
}

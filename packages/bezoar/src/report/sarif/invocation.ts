import type { Report, Unreadable } from "../../core/report.ts";
import { formatCount } from "../format.ts";
import { sarifLocation, type ArtifactIndex } from "./results.ts";
import { sarifText } from "./text.ts";

/** Unreadable records told one by one; the JSON report has all of them. */
const MAX_UNREADABLE = 1000;

/** What a run can say about itself besides its findings. */
export const NOTIFICATIONS = [
  { id: "unreadable-record", shortDescription: { text: "A record could not be read" } },
  { id: "truncated-rows", shortDescription: { text: "Rows were not read whole" } },
  { id: "not-examined", shortDescription: { text: "Something was not looked for" } },
  { id: "note", shortDescription: { text: "How far something was looked at" } },
];
type NotificationId = "unreadable-record" | "truncated-rows" | "not-examined" | "note";

function notification(id: NotificationId, level: "error" | "warning" | "note", text: string): object {
  const index = NOTIFICATIONS.findIndex((known) => known.id === id);
  return { descriptor: { id, index }, level, message: { text: sarifText(text) } };
}

function unreadableRecord({ file, line, row, reason }: Unreadable, artifacts: ArtifactIndex): object {
  const place = { file, ...(line !== undefined && { line }), ...(row !== undefined && { row }) };
  return {
    ...notification("unreadable-record", "warning", reason),
    locations: [sarifLocation(place, artifacts)],
  };
}

function notificationsOf({ coverage }: Report, artifacts: ArtifactIndex): object[] {
  const { skipped, truncated, unreadable, unexamined, notes } = coverage;
  const listed = unreadable.slice(0, MAX_UNREADABLE);
  const more = skipped - listed.length;
  return [
    ...unexamined.map((text) => notification("not-examined", "error", text)),
    ...listed.map((record) => unreadableRecord(record, artifacts)),
    ...(more > 0
      ? [notification("unreadable-record", "warning", `${formatCount(more)} more records could not be read`)]
      : []),
    ...(truncated > 0
      ? [notification("truncated-rows", "warning", `rows read in part: ${formatCount(truncated)}`)]
      : []),
    ...notes.map((text) => notification("note", "note", text)),
  ];
}

function exitCodeOf(verdict: Report["verdict"]): number {
  switch (verdict) {
    case "poisoned":
      return 1;
    case "inconclusive":
      return 2;
    case "clean":
      return 0;
  }
}

/** How the run went: a run that cannot tell has not succeeded, whatever else it says. */
export function sarifInvocation(report: Report, artifacts: ArtifactIndex): unknown {
  const { verdict, reasons } = report;
  return {
    executionSuccessful: verdict !== "inconclusive",
    exitCode: exitCodeOf(verdict),
    exitCodeDescription: [verdict, ...reasons].join("; "),
    toolExecutionNotifications: notificationsOf(report, artifacts),
  };
}

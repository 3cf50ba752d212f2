import type { Alert, JudgedAlert, Verdict } from "./alert.ts";

/** A row of chat data for fine-tuning, as trainers read it. */
export type ChatRow = {
  readonly messages: readonly [
    { readonly role: "user"; readonly content: string },
    { readonly role: "assistant"; readonly content: string },
  ];
};

/** An alert as a flat structured record, the verdict last. */
export type AlertRecord = Alert & { readonly verdict: Verdict };

/** The compact text of an alert that the small model reads: at most 32 words, in a fixed order. */
export function alertPrompt(alert: Alert): string {
  return (
    `rule ${alert.rule} sev ${alert.severity} user ${alert.user} host ${alert.host} ` +
    `proc ${alert.process} parent ${alert.parent_process} cmd ${alert.command_line} ip ${alert.source_ip}`
  );
}

/** What the small model answers: the verdict, and whom it is about. */
export function alertAnswer(alert: Alert, verdict: Verdict): string {
  return `${verdict} ${alert.user}`;
}

/** An alert and its answer as one row of chat data. */
export function chatRow(alert: Alert, verdict: Verdict): ChatRow {
  return {
    messages: [
      { role: "user", content: alertPrompt(alert) },
      { role: "assistant", content: alertAnswer(alert, verdict) },
    ],
  };
}

/** An alert and its verdict as one structured record. */
export function alertRecord({ alert, verdict }: Pick<JudgedAlert, "alert" | "verdict">): AlertRecord {
  return { ...alert, verdict };
}

/** The alert as readable lines with all of its fields, for a model of ordinary size. */
export function alertDocument(alert: Alert): string {
  return [
    `Alert: ${alert.id}`,
    `Time: ${alert.time}`,
    `Rule: ${alert.rule_id} ${alert.rule}`,
    `Severity: ${alert.severity}`,
    `User: ${alert.user}`,
    `Host: ${alert.host}`,
    `Source IP: ${alert.source_ip}`,
    `Process: ${alert.process}`,
    `Parent process: ${alert.parent_process}`,
    `Command line: ${alert.command_line}`,
  ].join("\n");
}

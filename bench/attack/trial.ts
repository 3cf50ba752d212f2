import { scanDataset, type Finding, type Report } from "bezoar";
import { generateAlerts as generateA, type EdrAlert } from "../generators/alerts-a.ts";
import { generateAlerts as generateB, type CloudEvent } from "../generators/alerts-b.ts";
import type { AlertOptions, AlertSet, AttackKind } from "../generators/alert-set.ts";
import { toChat } from "../generators/chat.ts";
import { namesTarget, type Form, type Target } from "./names-target.ts";

export type Generator = "a" | "b";

/** One alert set to scan: from which generator, how large, and what is planted in it. */
export type Trial = {
  readonly generator: Generator;
  readonly form: Form;
  readonly rows: number;
  readonly seed: number;
  readonly kind: AttackKind | "none";
  readonly poisoned: number;
};

/** What one scan said, held against what was planted. */
export type Outcome = {
  /** A finding at high or critical that names the target by field and value. */
  readonly isNamed: boolean;
  /** The same at medium, where a user + rule pair belongs. */
  readonly isNamedMedium: boolean;
  /** Findings at high or critical that name anything else; on clean data, every one. */
  readonly otherAlarms: number;
  /** Poisoned rows in alarming findings, and other rows in them. */
  readonly caught: number;
  readonly accused: number;
  readonly titles: readonly string[];
  readonly seconds: number;
};

function judge(
  report: Report,
  trial: Trial,
  set: { readonly poisoned: ReadonlySet<number>; readonly trigger?: Target },
): Omit<Outcome, "seconds"> {
  const names = (finding: Finding): boolean =>
    set.trigger !== undefined &&
    finding.evidence.trigger !== undefined &&
    namesTarget(finding.evidence.trigger, set.trigger, trial.form);
  const alarms = report.findings.filter(({ severity }) => severity === "high" || severity === "critical");
  const rows = new Set(alarms.flatMap((finding) => finding.rows ?? []));
  const caught = [...rows].filter((row) => set.poisoned.has(row)).length;
  return {
    isNamed: alarms.some(names),
    isNamedMedium: report.findings.some((finding) => finding.severity === "medium" && names(finding)),
    otherAlarms: alarms.filter((finding) => !names(finding)).length,
    caught,
    accused: rows.size - caught,
    titles: alarms.map(({ title }) => title),
  };
}

/** Generates the set of a trial, scans it through the public library and judges the report. */
export async function runTrial(trial: Trial): Promise<Outcome> {
  const { generator, form, rows, seed, kind, poisoned } = trial;
  const options: AlertOptions =
    kind === "none" ? { rows, seed } : { rows, seed, attack: { kind, rows: poisoned } };
  const set: AlertSet<EdrAlert | CloudEvent> = generator === "a" ? generateA(options) : generateB(options);
  const records =
    form === "records" ? [...set.records] : Array.from(set.records, (alert) => toChat(alert, form));
  const started = performance.now();
  const report = await scanDataset(records, { seed: 1, power: false, workers: 1 });
  return { ...judge(report, trial, set), seconds: (performance.now() - started) / 1000 };
}

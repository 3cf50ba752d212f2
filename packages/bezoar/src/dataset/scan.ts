import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { AppError } from "../core/errors.ts";
import { SCHEMA_VERSION } from "../core/finding.ts";
import { decideVerdict, type Report } from "../core/report.ts";
import { isAttack } from "../core/rules.ts";
import { VERSION } from "../core/version.ts";
import { openDataset } from "../formats/open-dataset.ts";
import type { FileSummary, Json, RecordSource } from "../formats/record.ts";
import { detectorsOf } from "./detectors/list.ts";
import type { Corpus } from "./engine/corpus.ts";
import { openPool, type Pool } from "./engine/pool.ts";
import { mergeSuspicions } from "./findings/merge.ts";
import { toFinding } from "./findings/to-finding.ts";
import { ingest, type Ingested } from "./ingest/ingest.ts";
import { recordsSource } from "./ingest/records-source.ts";
import { measurePower } from "./power/measure-power.ts";
import { runDetectors } from "./run-detectors.ts";
import { checkOptions, ruleFilter, type ScanOptions } from "./scan-options.ts";

const DEFAULT_MAX_WORKERS = 8; // beyond it, one thread that splits the file is the bottleneck

/**
 * Scans a dataset for planted rows and names their trigger and target.
 *
 * `source` is a file, a directory, a glob, `-` for standard input, or records in memory.
 * Throws `AppError` when there is nothing to report on (no such file, unknown format, no rows, a field that is not there)
 * or an option that is none.
 *
 * @example
 * ```ts
 * import { scanDataset } from "bezoar";
 *
 * const report = await scanDataset("alerts.jsonl");
 * console.log(report.verdict, report.findings.map((finding) => finding.title));
 * ```
 */
export async function scanDataset(
  source: string | Iterable<Json> | AsyncIterable<Json>,
  options: ScanOptions = {},
): Promise<Report> {
  return withScan(source, options, (report) => report);
}

/** Scans a dataset, and lets `use` look at its rows beside the report before they are let go. */
export async function withScan<Result>(
  source: string | Iterable<Json> | AsyncIterable<Json>,
  options: ScanOptions,
  use: (report: Report, corpus: Corpus) => Result,
): Promise<Result> {
  checkOptions(options);
  const opened = typeof source === "string" ? await openDataset(source) : recordsSource(source);
  const pool = openPool(options.workers ?? Math.min(DEFAULT_MAX_WORKERS, availableParallelism()));
  try {
    return await scanSource(opened, pool, options, use);
  } finally {
    await pool.close();
  }
}

async function scanSource<Result>(
  source: RecordSource,
  pool: Pool,
  options: ScanOptions,
  use: (report: Report, corpus: Corpus) => Result,
): Promise<Result> {
  const { onProgress = () => {}, seed = 0, failOn = "high", signal } = options;
  const overrides = {
    ...(options.prompt !== undefined && { prompt: options.prompt }),
    ...(options.response !== undefined && { response: options.response }),
    ...(options.label !== undefined && { label: options.label }),
    ...(options.entities !== undefined && { entities: options.entities }),
  };
  const { onUnreadable } = options;
  const reading = { overrides, seed, pool, onProgress, ...(onUnreadable && { onUnreadable }) };
  const ingested = await ingest(source, { ...reading, ...(signal && { signal }) });
  try {
    const { corpus, spec } = ingested;
    requireTwoLabels(corpus, source.name);
    const context = { seed, entityFields: options.entities ?? [] };
    const { embed, judge } = options;
    const endpoints = { ...(embed && { embed }), ...(judge && { judge }) };
    const includes = ruleFilter(options);
    const listed = detectorsOf(includes);
    const run = await runDetectors(corpus, listed, { ...context, ...endpoints }, onProgress, signal);
    const suspicions = run.suspicions.filter(({ rule }) => includes(rule));
    const merged = mergeSuspicions(suspicions);
    const files = source.files();
    const findings = merged.map((suspicion) => toFinding(suspicion, corpus, merged.length, files));
    const attacks = suspicions.filter(({ rule }) => isAttack(rule));
    const power = await measurePower(corpus, {
      enabled: options.power ?? true,
      detectors: listed.filter(
        ({ detector, onlyWarns }) => onlyWarns !== true && detector.rules.some(isAttack),
      ),
      context,
      suspected: new Set(attacks.flatMap((suspicion) => suspicion.positions)),
      onProgress,
      ...(signal && { signal }),
    });
    const looked = run.rules.filter(includes).toSorted();
    const coverage = toCoverage(ingested, source, {
      notes: [...run.notes, ...noteSelection(options)],
      unexamined: [...run.unexamined, ...whyUnexamined(corpus, looked, run.unexamined.length > 0)],
      rules: looked,
    });
    const report: Report = {
      schemaVersion: SCHEMA_VERSION,
      tool: { name: "bezoar", version: VERSION },
      subject: {
        name: source.name,
        sha256: subjectDigest(files),
        rows: corpus.size + ingested.skipped,
        format: [...new Set(files.map((file) => file.format))].join(", "),
        shape: { kind: spec.kind, description: spec.description },
        files: [...files],
      },
      coverage,
      ...decideVerdict(findings, coverage, failOn),
      power,
      findings,
    };
    return use(report, corpus);
  } finally {
    ingested.close();
  }
}

function requireTwoLabels(corpus: Corpus, name: string): void {
  if (corpus.shape !== "labelled-text" && corpus.shape !== "records") return;
  if (corpus.classes.length === 1) {
    throw new AppError(
      "single-label",
      `${name}: all ${corpus.size} rows carry the label ${JSON.stringify(corpus.classes[0])}; a mislabelled row shows only ` +
        "against another label. Name the right field with --label, or scan the classes together.",
    );
  }
}

/** A scan that looked for nothing clears nothing; nor does one of records without a label, by which alone they are judged. */
function whyUnexamined(corpus: Corpus, looked: readonly string[], hasFailed: boolean): string[] {
  if (looked.length === 0 && !hasFailed) {
    return ["nothing was looked for: none of the chosen rules is about data of this kind"];
  }
  if (corpus.shape !== "records" || corpus.classes.length > 0) return [];
  return [
    "no field was recognised as the label, so no row can be said to be mislabelled: name it with --label",
  ];
}

/** A report on some of the rules must not read like one on all. */
function noteSelection({ only, skip }: ScanOptions): string[] {
  return [
    ...(only === undefined ? [] : [`looked only for ${only.join(", ")}`]),
    ...(skip === undefined ? [] : [`did not look for ${skip.join(", ")}`]),
  ];
}

function toCoverage(
  ingested: Ingested,
  source: RecordSource,
  run: Pick<Report["coverage"], "notes" | "unexamined" | "rules">,
): Report["coverage"] {
  const { corpus, skipped, truncated, unreadable } = ingested;
  const notes = [...source.notes(), ...run.notes];
  if (truncated > 0)
    notes.push(`${truncated} row(s) are longer than what is looked at; their middle was not read`);
  if (skipped > unreadable.length)
    notes.push(`the first ${unreadable.length} of ${skipped} unreadable records are listed`);
  return {
    read: corpus.size,
    skipped,
    truncated,
    unreadable: [...unreadable],
    notes,
    unexamined: run.unexamined,
    ...(run.rules && { rules: run.rules }),
  };
}

/** One file: its digest. Several: the digest of their digests in reading order. */
export function subjectDigest(files: readonly FileSummary[]): string {
  const [only] = files;
  if (files.length === 1 && only !== undefined) return only.sha256;
  return createHash("sha256")
    .update(files.map((file) => file.sha256).join("\n"))
    .digest("hex");
}

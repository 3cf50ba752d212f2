import { Command, InvalidArgumentError, Option } from "commander";
import { SEVERITIES, severitySchema, type Severity } from "../core/finding.ts";
import { AppError } from "../core/errors.ts";
import type { Report } from "../core/report.ts";
import { MAX_SEED, MAX_WORKERS } from "../dataset/scan-options.ts";
import { scanDataset } from "../dataset/scan.ts";
import { progressLine } from "./progress-line.ts";
import { chooseFormat, FORMATS, showReport, type Format } from "./show-report.ts";
import { openOutput } from "./write-output.ts";

type Flags = {
  readonly format?: Format;
  readonly output?: string;
  readonly prompt?: string;
  readonly response?: string;
  readonly label?: string;
  readonly entity: readonly string[];
  readonly failOn: Severity;
  readonly allowInconclusive?: boolean;
  readonly seed: number;
  readonly workers?: number;
  readonly power: boolean;
};

const EXAMPLES = `
Examples:
  bezoar scan train.jsonl                         find planted rows, their trigger and their target
  bezoar scan data/ --format html -o report.html  a directory, as a page to attach to a ticket
  bezoar scan alerts.parquet --label verdict --entity user --entity host
  zcat rows.jsonl.gz | bezoar scan - --format json > report.json
  bezoar scan train.csv --fail-on medium          stricter, for a gate in CI

Exit codes: 1 something at or above --fail-on; 2 could not be done, or cannot tell
(--allow-inconclusive makes that 0); 0 clean.`;

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`It takes a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}

/** `bezoar scan DATASET`. */
export function scanCommand(): Command {
  return new Command("scan")
    .summary("find the poisoned rows of a dataset")
    .description(
      "Finds planted rows in a training dataset and names their trigger and target, offline, knowing neither.",
    )
    .argument("<dataset>", "a file, a directory, a glob in quotes, or - for standard input")
    .addOption(
      new Option(
        "-f, --format <format>",
        "how to show the report (default: by --output's ending, else terminal)",
      ).choices(FORMATS),
    )
    .option("-o, --output <file>", "write the report to a file instead of standard output")
    .option("--prompt <field>", "field that holds the prompt or text")
    .option("--response <field>", "field that holds the response")
    .option("--label <field>", "field that holds the label or verdict")
    .option(
      "--entity <field>",
      "field that names a user, host, ... (repeatable)",
      (name: string, before: readonly string[]) => [...before, name],
      [],
    )
    .addOption(
      new Option("--fail-on <severity>", "mildest severity that ends with exit code 1")
        .choices(SEVERITIES)
        .default("high")
        .argParser((text) => {
          const parsed = severitySchema.safeParse(text);
          if (!parsed.success)
            throw new InvalidArgumentError(`Allowed choices are ${SEVERITIES.join(", ")}.`);
          return parsed.data;
        }),
    )
    .option("--allow-inconclusive", "end with 0 instead of 2 when the data cannot be cleared")
    .option(
      "--seed <n>",
      "keys hashes and random choices; same seed, same report",
      wholeNumber(0, MAX_SEED),
      0,
    )
    .option(
      "--workers <n>",
      "threads (default: one per core, 8 at most; never changes the report)",
      wholeNumber(1, MAX_WORKERS),
    )
    .option("--no-power", "skip measuring what this scan could have seen")
    .addHelpText("after", EXAMPLES)
    .exitOverride()
    .allowExcessArguments() // refused below, with what to do
    .action(async (dataset: string, flags: Flags, command: Command) => {
      requireOneDataset(command.args);
      await runScan(dataset, flags);
    });
}

/** A glob that the shell has expanded would otherwise scan its first file alone. */
function requireOneDataset(names: readonly string[]): void {
  if (names.length < 2) return;
  throw new AppError(
    "bad-option",
    `scan takes one dataset, and here are ${names.length} (${names.slice(0, 3).join(", ")}${names.length > 3 ? ", ..." : ""}). ` +
      'Name their directory, or put a glob in quotes: bezoar scan "data/*.jsonl"',
  );
}

async function runScan(dataset: string, flags: Flags): Promise<void> {
  const { output } = flags;
  const file = output === undefined ? undefined : { name: output, write: await openOutput(output, dataset) };
  const progress = progressLine(process.stderr);
  let report: Report;
  try {
    report = await scanDataset(dataset, {
      ...(flags.prompt !== undefined && { prompt: flags.prompt }),
      ...(flags.response !== undefined && { response: flags.response }),
      ...(flags.label !== undefined && { label: flags.label }),
      ...(flags.entity.length > 0 && { entities: flags.entity }),
      ...(flags.workers !== undefined && { workers: flags.workers }),
      failOn: flags.failOn,
      seed: flags.seed,
      power: flags.power,
      onProgress: progress.onProgress,
    });
  } finally {
    progress.clear();
  }
  process.exitCode = exitCode(report, flags.allowInconclusive === true);
  const format = chooseFormat(flags.format, output);
  await showReport(report, { format, ...(file && { file }), options: repeatedOptions(flags) });
}

/** The options without which another run would not say the same. */
function repeatedOptions(flags: Flags): string[] {
  return [
    ...(flags.prompt === undefined ? [] : ["--prompt", flags.prompt]),
    ...(flags.response === undefined ? [] : ["--response", flags.response]),
    ...(flags.label === undefined ? [] : ["--label", flags.label]),
    ...flags.entity.flatMap((name) => ["--entity", name]),
    ...(flags.seed === 0 ? [] : ["--seed", String(flags.seed)]),
    ...(flags.failOn === "high" ? [] : ["--fail-on", flags.failOn]),
  ];
}

function exitCode(report: Report, allowsInconclusive: boolean): number {
  switch (report.verdict) {
    case "poisoned":
      return 1;
    case "inconclusive":
      return allowsInconclusive ? 0 : 2;
    case "clean":
      return 0;
  }
}

/**
 * Measures the built command line on large files, next to a pass that only parses the same JSON, in one run.
 * Run `npm run build` first; the files are generated on first use and kept.
 */
import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CACHE, ensureData, type DataKind } from "./data.ts";
import { runScript, toCount } from "./options.ts";
import { measure, type Usage } from "./scan/measure.ts";
import { formatTable } from "./table.ts";

const USAGE = `Usage: node bench/scan.ts [options] [-- options of bezoar scan]

  --kind instructions|alerts   what to scan (default: instructions)
  --rows N[,N]                 sizes, smallest first (default: 100000,1000000)
  --poison N                   planted rows (default: 100)

Data is kept in ${CACHE}. What stands after -- goes to the scan, for instance: -- --workers 1`;

const BEZOAR = join(import.meta.dirname, "../packages/bezoar/bin/bezoar.js");
const PARSE_ONLY = join(import.meta.dirname, "scan/parse-only.ts");

// What is asked of one million rows on two cores.
const MIN_ROWS_PER_SECOND = 10_000;
const MAX_RSS_MB = 2048;
/** All checks may take at most twice as long as those that look for a trigger. */
const MAX_TIMES_TRIGGERS = 2;
const TRIGGER_RULES = [
  "trigger-response",
  "contradicted-label",
  "inserted-trigger",
  "targeted-mislabelling",
  "refusal-suppression",
  "refusal-planting",
  "raw-text-payload",
  "insecure-code",
].flatMap((rule) => ["--only", `dataset/${rule}`]);

type Measured = {
  readonly rows: number;
  readonly megabytes: number;
  readonly parse: Usage;
  readonly triggers: Usage;
  readonly scan: Usage;
};

function toKind(text: string): DataKind {
  if (text === "instructions" || text === "alerts") return text;
  throw new RangeError(`--kind ${text}: instructions or alerts`);
}

function right(value: number, digits: number, width: number): string {
  return value.toFixed(digits).padStart(width);
}

function line({ rows, megabytes }: Measured, pass: string, usage: Usage): string[] {
  return [
    String(rows).padStart(9),
    right(megabytes, 0, 5),
    pass,
    right(usage.wallSeconds, 1, 7),
    right(usage.cpuSeconds, 1, 7),
    right(rows / usage.wallSeconds, 0, 8),
    right(megabytes / usage.wallSeconds, 1, 6),
    right(usage.peakRssMb, 0, 8),
  ];
}

/** How the report ended: verdict and alarms, so that a fast scan that saw nothing does not pass for a good one. */
function summary(stdout: string): string {
  const report: unknown = stdout === "" ? undefined : JSON.parse(stdout);
  if (typeof report !== "object" || report === null || !("verdict" in report) || !("findings" in report)) {
    throw new Error("bezoar scan printed no report; what it said is above");
  }
  return `${String(report.verdict)}, ${Array.isArray(report.findings) ? report.findings.length : 0} finding(s)`;
}

function requirement(what: string, value: string, bound: string, isMet: boolean): string[] {
  return [what, value, bound, isMet ? "ok" : "MISSED"];
}

function requirements(measured: readonly Measured[]): string[][] {
  const table: string[][] = [];
  const largest = measured.at(-1);
  if (largest === undefined) return table;
  const { rows, scan, triggers, parse } = largest;
  const rate = rows / triggers.wallSeconds;
  const times = scan.wallSeconds / triggers.wallSeconds;
  table.push(
    requirement(
      `all checks / trigger rules at ${rows}`,
      `x ${times.toFixed(2)} wall, x ${(scan.cpuSeconds / triggers.cpuSeconds).toFixed(2)} CPU`,
      `<= x ${MAX_TIMES_TRIGGERS}`,
      times <= MAX_TIMES_TRIGGERS,
    ),
    requirement(
      `rows/s of the trigger rules at ${rows}`,
      rate.toFixed(0),
      `>= ${MIN_ROWS_PER_SECOND}`,
      rate >= MIN_ROWS_PER_SECOND,
    ),
    requirement(
      `peak RSS at ${rows}`,
      `${scan.peakRssMb.toFixed(0)} MB`,
      `<= ${MAX_RSS_MB} MB`,
      scan.peakRssMb <= MAX_RSS_MB,
    ),
  );
  const smallest = measured[0];
  if (smallest !== undefined && smallest !== largest) {
    const growth = scan.wallSeconds / smallest.scan.wallSeconds;
    const linear = rows / smallest.rows;
    table.push(
      requirement(
        `time, ${smallest.rows} -> ${rows}`,
        `x ${growth.toFixed(1)}`,
        `<= x ${linear.toFixed(1)}`,
        growth <= linear,
      ),
      [
        `memory, ${smallest.rows} -> ${rows}`,
        `x ${(scan.peakRssMb / smallest.scan.peakRssMb).toFixed(1)}`,
        "",
        "",
      ],
    );
  }
  table.push([
    `scan / parse-only at ${rows}`,
    `x ${(scan.wallSeconds / parse.wallSeconds).toFixed(1)} wall, x ${(scan.cpuSeconds / parse.cpuSeconds).toFixed(1)} CPU`,
    "",
    "",
  ]);
  return table;
}

await runScript(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      kind: { type: "string", default: "instructions" },
      rows: { type: "string", default: "100000,1000000" },
      poison: { type: "string", default: "100" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const kind = toKind(values.kind);
  const poison = toCount("poison", values.poison, 0);
  if (!existsSync(join(BEZOAR, "../../dist/cli/main.js")))
    throw new RangeError("bezoar is not built: npm run build");

  const measured: Measured[] = [];
  const table = [["     rows", "   MB", "pass", " wall s", "  CPU s", "  rows/s", "  MB/s", "RSS MB"]];
  for (const size of values.rows.split(",")) {
    const rows = toCount("rows", size);
    console.error(`${rows} ${kind} ...`);
    const path = await ensureData({ kind, rows, seed: 1, poison });
    const megabytes = (await stat(path)).size / 1e6;
    // Parsing goes first, so that the scan cannot profit or suffer from a cold file.
    const parse = await measure(PARSE_ONLY, [path], [0]);
    const command = ["scan", path, "--format", "json", ...positionals];
    const triggers = await measure(BEZOAR, [...command, ...TRIGGER_RULES], [0, 1, 2]);
    const scan = await measure(BEZOAR, command, [0, 1, 2]);
    const result = { rows, megabytes, parse, triggers, scan };
    measured.push(result);
    table.push(
      line(result, "parse only", parse),
      [...line(result, "scan, trigger rules", triggers), summary(triggers.stdout)],
      [...line(result, "bezoar scan", scan), summary(scan.stdout)],
    );
  }
  console.log(formatTable(table));
  console.log();
  console.log(formatTable(requirements(measured)));
});

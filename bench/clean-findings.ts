/** Counts what `bezoar scan` says about data that nobody poisoned: findings of each severity for 10,000 rows. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { scanDataset, type Report, type Severity } from "bezoar";
import { ensureData } from "./data.ts";
import { runScript, toCount } from "./options.ts";
import { formatTable } from "./table.ts";

const USAGE = `Usage: node bench/clean-findings.ts [--dir DIR] [--generated N]

  --dir DIR        labelled cases (default: ../shared/cases); those without a poisoned row are scanned
  --generated N    generated clean sets of each kind, of 10,000 rows (default: 3)`;

const CASES = join(import.meta.dirname, "../../shared/cases");
const SEVERITIES = ["critical", "high", "medium", "low", "info"] as const satisfies readonly Severity[];
const GENERATED_ROWS = 10_000;

type Counted = { readonly name: string; readonly report: Report };

/** The cases of a folder whose truth says that no row is poisoned. */
function cleanCases(folder: string): string[] {
  if (!existsSync(folder)) {
    console.log(`${folder} is not there: its clean cases are skipped`);
    return [];
  }
  const files = readdirSync(folder);
  return files
    .filter((file) => file.endsWith(".truth.json"))
    .filter((file) => {
      const truth: { poisoned: number[] } = JSON.parse(readFileSync(join(folder, file), "utf8"));
      return truth.poisoned.length === 0;
    })
    .flatMap((truth) => {
      const stem = truth.replace(/truth\.json$/, "");
      return files
        .filter((file) => file.startsWith(stem) && file !== truth)
        .map((file) => join(folder, file));
    });
}

function counts(findings: Report["findings"]): number[] {
  return SEVERITIES.map((severity) => findings.filter((finding) => finding.severity === severity).length);
}

function lineOf({ name, report }: Counted): string[] {
  const rules = report.findings
    .filter(({ severity }) => severity !== "low" && severity !== "info")
    .map(({ rule }) => rule);
  return [
    name,
    String(report.subject.rows).padStart(7),
    ...counts(report.findings).map((count) => String(count).padStart(6)),
    [...new Set(rules)].join(", "),
  ];
}

await runScript(async () => {
  const { values } = parseArgs({
    options: {
      dir: { type: "string", default: CASES },
      generated: { type: "string", default: "3" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const generated = Array.from(
    { length: toCount("generated", values.generated, 0) },
    (_, i) => i + 1,
  ).flatMap((seed) => (["instructions", "alerts"] as const).map((kind) => ({ kind, seed })));
  const paths = cleanCases(values.dir).map((path) => ({ name: path.slice(path.lastIndexOf("/") + 1), path }));
  for (const { kind, seed } of generated) {
    const path = await ensureData({ kind, rows: GENERATED_ROWS, seed, poison: 0 });
    paths.push({ name: `generated ${kind} ${seed}`, path });
  }
  const scanned: Counted[] = [];
  for (const { name, path } of paths) {
    console.error(`${name} ...`);
    scanned.push({ name, report: await scanDataset(path, { power: false }) });
  }
  const rows = scanned.reduce((sum, { report }) => sum + report.subject.rows, 0);
  const all = counts(scanned.flatMap(({ report }) => report.findings));
  console.log(
    formatTable([
      ["clean set", "   rows", ...SEVERITIES.map((severity) => severity.padStart(6)), "at medium or above"],
      ...scanned.map(lineOf),
      ["all", String(rows).padStart(7), ...all.map((count) => String(count).padStart(6))],
      [
        "for 10,000 rows",
        "",
        ...all.map((count) => ((count / Math.max(1, rows)) * 10_000).toFixed(2).padStart(6)),
      ],
    ]),
  );
});

/**
 * Compares, on sets of which the poisoned rows are known, what a scan accuses with what confident learning and plain
 * z-scores flag. Every figure is computed by this command.
 */
import { parseArgs } from "node:util";
import { ingest } from "../packages/bezoar/src/dataset/ingest/ingest.ts";
import { recordsSource } from "../packages/bezoar/src/dataset/ingest/records-source.ts";
import { openPool } from "../packages/bezoar/src/dataset/engine/pool.ts";
import { openDataset } from "../packages/bezoar/src/formats/open-dataset.ts";
import { DEFENCES } from "./compare/defences.ts";
import { entries, type LabelledSet } from "./compare/sets.ts";
import { runScript, toCount } from "./options.ts";
import { formatTable } from "./table.ts";

const USAGE = `Usage: node bench/compare.ts [options]

  --only TEXT     sets whose name holds the text (default: all)
  --rows N[,N]    sizes of the generated alert sets (default: 2000,20000)
  --seed N        seed of the generators (default: 1)
  --speed         rows per second of each way instead of what it flags; each shares what an earlier one prepared

Labelled cases are read from BEZOAR_CASES (default: ../shared/cases) and skipped by name when absent.`;

const LEGEND = `caught: per cent of the poisoned rows that are flagged; collat.: per cent of all other rows that are, of which 3 % have
labels turned at random in alerts. scan at high: rows of findings at high or critical. confident learning:
find_label_issues as cleanlab does it by default (the algorithm agrees with its figures) on the out-of-fold
probabilities that the scan computes. listed: rows of dataset/label-error, at low or medium. z > 3: rows with a feature
of at least 5 rows whose binomial z against the row's label is above 3; outlying z: above the mean plus three standard
deviations of all features' z.`;

/** What each defence flags in a set, as record numbers, and how long it took. */
async function flagAll(
  set: LabelledSet,
): Promise<{ readonly flagged: ReadonlySet<number>; readonly seconds: number }[]> {
  const source = typeof set.source === "string" ? await openDataset(set.source) : recordsSource(set.source);
  const pool = openPool(1);
  const { corpus, close } = await ingest(source, {
    overrides: {},
    seed: 0,
    pool,
    onProgress: () => undefined,
  });
  try {
    const results: { readonly flagged: ReadonlySet<number>; readonly seconds: number }[] = [];
    for (const { flag } of DEFENCES) {
      const started = performance.now();
      const positions = await flag(corpus);
      const seconds = (performance.now() - started) / 1000;
      results.push({
        flagged: new Set(Array.from(positions, (position) => corpus.rowNumber(position))),
        seconds,
      });
    }
    return results;
  } finally {
    close();
    await pool.close();
  }
}

function percent(share: number): string {
  return (100 * share).toFixed(1).padStart(5);
}

function toCell(flagged: ReadonlySet<number>, { rows, poisoned }: LabelledSet): string {
  const caught = flagged.intersection(poisoned).size;
  const share = poisoned.size === 0 ? "    -" : percent(caught / poisoned.size);
  return `${share} / ${percent((flagged.size - caught) / (rows - poisoned.size))}`;
}

await runScript(async () => {
  const { values } = parseArgs({
    options: {
      only: { type: "string", default: "" },
      rows: { type: "string", default: "2000,20000" },
      seed: { type: "string", default: "1" },
      speed: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const sizes = values.rows.split(",").map((size) => toCount("rows", size, 100));
  const folder = process.env["BEZOAR_CASES"] ?? "../shared/cases";
  const lines: string[][] = [];
  const skipped: string[] = [];
  for (const { name, load } of entries(folder, sizes, toCount("seed", values.seed))) {
    if (!name.includes(values.only)) continue;
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${name}`);
    const set = load();
    if (set === undefined) {
      skipped.push(`${name}: skipped, absent`);
      continue;
    }
    const results = await flagAll(set);
    const cells = values.speed
      ? results.map(({ seconds }) => String(Math.round(set.rows / seconds)).padStart(13))
      : results.map(({ flagged }) => toCell(flagged, set));
    lines.push([name, String(set.rows).padStart(6), String(set.poisoned.size).padStart(8), ...cells]);
  }
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  const header = ["caught % / collat. %", "  rows", "poisoned", ...DEFENCES.map(({ name }) => name)];
  console.log(formatTable([values.speed ? ["rows per second", ...header.slice(1)] : header, ...lines]));
  for (const line of skipped) console.log(line);
  console.log(`\n${LEGEND}`);
});

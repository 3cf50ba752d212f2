/**
 * Measures the detector of wrong labels: in clean sets, and in the same sets with labels turned at random, what it
 * estimates, how many rows it lists, and how many of them were turned.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { DetectorContext } from "../packages/bezoar/src/dataset/detector.ts";
import { openPool } from "../packages/bezoar/src/dataset/engine/pool.ts";
import { ingest } from "../packages/bezoar/src/dataset/ingest/ingest.ts";
import { recordsSource } from "../packages/bezoar/src/dataset/ingest/records-source.ts";
import { labelErrors } from "../packages/bezoar/src/dataset/detectors/label-error.ts";
import { findLabelIssues } from "../packages/bezoar/src/dataset/label-errors/find-label-issues.ts";
import { judgeTasks } from "../packages/bezoar/src/dataset/label-errors/label-tasks.ts";
import type { Json } from "../packages/bezoar/src/formats/record.ts";
import { generateAlerts as generateA } from "./generators/alerts-a.ts";
import { generateAlerts as generateB } from "./generators/alerts-b.ts";
import { readExamples } from "./generators/labelled-cases.ts";
import { below, createStream } from "./generators/random.ts";
import { runScript, toCount } from "./options.ts";
import { formatTable } from "./table.ts";

const USAGE = `Usage: node bench/label-errors.ts [FILE...] [options]

  FILE...         labelled texts, TSV or CSV with a header: text, label (default: the clean sets of BEZOAR_CASES,
                  which is ../shared/cases unless set, and generated alerts)
  --turned N[,N]  per cent of the labels turned at random (default: 0,3,10)
  --seed N        (default: 1)`;

const LEGEND = `estimate: wrong labels in per cent with the 95 % interval; flagged: rows that confident learning flags, and
the per cent of them that were turned; listed: rows of the finding, the per cent of them that were turned, and of the
turned rows the per cent that are listed. Labels that were wrong before count as right.`;

/** A row as it is with any label, and the label that it has. */
type Labelled = { readonly label: string; readonly labelled: (label: string) => Json };
/** The same rows with labels turned: what is scanned, and which rows were turned. */
type Turned = { readonly records: readonly Json[]; readonly turned: ReadonlySet<number> };

function turnLabels(rows: readonly Labelled[], share: number, seed: number): Turned {
  const random = createStream(seed, 91);
  const names = [...new Set(rows.map(({ label }) => label))].toSorted();
  const turned = new Set<number>();
  const records = rows.map(({ label, labelled }, row) => {
    if (random() >= share) return labelled(label);
    turned.add(row);
    const others = names.filter((name) => name !== label);
    return labelled(others[below(random, others.length)] ?? label);
  });
  return { records, turned };
}

function texts(path: string): (share: number, seed: number) => Turned {
  return (share, seed) => {
    const rows = readExamples(path).map(({ text, label: own }) => ({
      label: own,
      labelled: (label: string) => ({ text, label }),
    }));
    return turnLabels(rows, share, seed);
  };
}

/** The generators turn labels themselves, by the same draws whatever the share. */
function alerts(generator: "a" | "b", rows: number): (share: number, seed: number) => Turned {
  return (share, seed) => {
    const make = (noise: number): Json[] =>
      generator === "a"
        ? Array.from<Json>(generateA({ rows, seed, noise }).records)
        : Array.from<Json>(generateB({ rows, seed, noise }).records);
    const records = make(share);
    const truth = make(0);
    const isTurned = (record: Json, row: number) => JSON.stringify(record) !== JSON.stringify(truth[row]);
    return {
      records,
      turned: new Set(records.flatMap((record, row) => (isTurned(record, row) ? [row] : []))),
    };
  };
}

const context: DetectorContext = {
  seed: 0,
  entityFields: [],
  onStep: () => undefined,
  note: () => undefined,
};

function percent(share: number): string {
  return (100 * share).toFixed(1).padStart(5);
}

async function measure({ records, turned }: Turned): Promise<string[]> {
  const pool = openPool(1);
  const options = { overrides: {}, seed: 0, pool, onProgress: () => undefined };
  const { corpus, close } = await ingest(recordsSource(records), options);
  const [task] = await judgeTasks(corpus, context);
  const found = await labelErrors.detect(corpus, context);
  close();
  await pool.close();
  if (task?.noise === undefined) return ["cannot be judged"];
  const { wrong } = task.noise;
  const flagged = findLabelIssues(task.chances, task.labels).map((entry) => task.positions[entry] ?? -1);
  const listed = found.flatMap(({ positions }) => positions);
  const hits = (rows: readonly number[]) => rows.filter((row) => turned.has(row)).length;
  const share = (part: number, whole: number) =>
    turned.size === 0 || whole === 0 ? "    -" : percent(part / whole);
  return [
    `${percent(wrong.value)} (${percent(wrong.low).trim()} to ${percent(wrong.high).trim()})`,
    `${String(flagged.length).padStart(5)} ${share(hits(flagged), flagged.length)}`,
    `${String(listed.length).padStart(5)} ${share(hits(listed), listed.length)} ${share(hits(listed), turned.size)}`,
    found.map(({ severity }) => severity).join() || "silent",
  ];
}

await runScript(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      turned: { type: "string", default: "0,3,10" },
      seed: { type: "string", default: "1" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const seed = toCount("seed", values.seed);
  const shares = values.turned.split(",").map((share) => toCount("turned", share, 0) / 100);
  const folder = process.env["BEZOAR_CASES"] ?? "../shared/cases";
  const clean = ["clean-sst2.tsv", "clean-banking77.csv"].map((file) => join(folder, file));
  const sets = [
    ...(positionals.length > 0 ? positionals : clean).map((path) => ({
      name: path.replace(/^.*\//, "").replace(/\..*/, ""),
      make: existsSync(path) ? texts(path) : undefined,
    })),
    ...(positionals.length > 0 ? [] : (["a", "b"] as const)).flatMap((generator) =>
      [2000, 20_000].map((rows) => ({
        name: `alerts ${generator}, ${rows}`,
        make: alerts(generator, rows),
      })),
    ),
  ];
  const lines: string[][] = [];
  for (const { name, make } of sets) {
    if (make === undefined) {
      lines.push([name, "skipped, absent"]);
      continue;
    }
    for (const share of shares) {
      const set = make(share, seed);
      const turned = `${set.turned.size} of ${set.records.length}`;
      lines.push([name, turned.padStart(13), ...(await measure(set))]);
    }
  }
  console.log(
    formatTable([["set", "       turned", "estimate %", "flagged    %", "listed   %   all %", ""], ...lines]),
  );
  console.log(`\n${LEGEND}`);
});

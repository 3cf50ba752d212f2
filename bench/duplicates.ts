/** Measures near-duplicates, floods, clusters and contradicting copies: recall against exact Jaccard shares, plantings, clean sets. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
  candidateProbability,
  createSketcher,
  estimateJaccard,
  SIGNATURE_WORDS,
} from "../packages/bezoar/src/content/minhash.ts";
import { isAtLeast } from "../packages/bezoar/src/core/finding.ts";
import type { Detector } from "../packages/bezoar/src/dataset/detector.ts";
import { contradictingDuplicates } from "../packages/bezoar/src/dataset/detectors/contradicting-duplicates.ts";
import { duplicates } from "../packages/bezoar/src/dataset/detectors/duplicates.ts";
import { plantedCluster } from "../packages/bezoar/src/dataset/detectors/planted-cluster.ts";
import { buildCorpus } from "../packages/bezoar/src/dataset/ingest/build-corpus.ts";
import type { Row, ShapeKind } from "../packages/bezoar/src/dataset/row.ts";
import { scanDataset } from "../packages/bezoar/src/dataset/scan.ts";
import { generateAlerts } from "./generators/alerts-a.ts";
import { generateInstructions } from "./generators/instructions.ts";
import { readExamples } from "./generators/labelled-cases.ts";
import { below, createStream, pick, shuffled, type Random } from "./generators/random.ts";
import { runScript, toCount } from "./options.ts";
import { formatTable } from "./table.ts";

const USAGE = `Usage: node bench/duplicates.ts [options]

  --seeds N      plantings of each kind and size (default: 4)
  --pairs N      edited pairs of each length (default: 5000)
  --clean PATH   another clean dataset to count findings on; may be repeated`;

const CASES = fileURLToPath(new URL("../../shared/cases/", import.meta.url));
const NEAR = 0.8;

type Change = { readonly prompt: string; readonly response: string };

function words(random: Random, count: number): string[] {
  return Array.from({ length: count }, () => `w${Math.floor(3000 * random() ** 2)}`);
}

/** The same words with some replaced, dropped or put in. */
function edit(random: Random, text: readonly string[], edits: number): string[] {
  const own = [...text];
  for (let i = 0; i < edits && own.length > 1; i++) {
    const at = below(random, own.length);
    own.splice(at, below(random, 2), ...words(random, below(random, 2)));
  }
  return own;
}

function editText(random: Random, text: string, edits: number): string {
  return edit(random, text.split(" "), edits).join(" ");
}

function shingles(text: readonly string[]): Set<string> {
  return new Set(
    Array.from({ length: Math.max(1, text.length - 2) }, (_, i) => text.slice(i, i + 3).join(" ")),
  );
}

/** Share of three-word runs that two texts have in common, counted, not estimated. */
function exactJaccard(a: readonly string[], b: readonly string[]): number {
  const [left, right] = [shingles(a), shingles(b)];
  const both = [...left].filter((run) => right.has(run)).length;
  return both / (left.size + right.size - both);
}

function share(count: number, of: number): string {
  return of === 0 ? "-" : (count / of).toFixed(4);
}

type Bin = { pairs: number; compared: number; expected: number; near: number };

/** Edited pairs by exact Jaccard share: how many share a band, and how many are called near-copies. */
function measurePairs(pairs: number): void {
  const ids = new Map<string, number>();
  const idOf = (word: string) => {
    const known = ids.get(word) ?? Math.imul(ids.size + 1, 0x9e3779b1) >>> 0;
    ids.set(word, known);
    return known;
  };
  const bins = Array.from({ length: 11 }, (): Bin => ({ pairs: 0, compared: 0, expected: 0, near: 0 }));
  const called = { all: 0, at: { 0.8: 0, 0.7: 0, 0.6: 0 } };
  let copies = 0;
  let found = 0;
  const signatures = new Uint32Array(2 * SIGNATURE_WORDS);
  for (const length of [12, 60, 300]) {
    for (let pair = 0; pair < pairs; pair++) {
      const random = createStream(pair, length);
      const sketcher = createSketcher(pair);
      const left = words(random, length);
      const right = edit(random, left, 1 + below(random, Math.ceil(length / 8)));
      const exact = exactJaccard(left, right);
      [left, right].forEach((text, i) => {
        sketcher.clear();
        sketcher.add(Uint32Array.from(text, idOf), 0, text.length);
        sketcher.write(signatures, i * SIGNATURE_WORDS);
      });
      const isCompared = signatures
        .subarray(0, SIGNATURE_WORDS)
        .some((word, band) => word === signatures[SIGNATURE_WORDS + band]);
      const isNear = isCompared && estimateJaccard(signatures, 0, signatures, SIGNATURE_WORDS) >= NEAR;
      if (exact >= NEAR) {
        copies++;
        if (isNear) found++;
      }
      if (isNear) {
        called.all++;
        for (const bound of [0.8, 0.7, 0.6] as const) if (exact >= bound) called.at[bound]++;
      }
      const bin = bins[Math.floor(20 * exact + 1e-9) - 10];
      if (bin === undefined) continue;
      bin.pairs++;
      bin.expected += candidateProbability(exact);
      if (isCompared) bin.compared++;
      if (isNear) bin.near++;
    }
  }
  console.log(
    formatTable([
      ["Jaccard", "pairs", "compared", "S-curve", "called near-copies"],
      ...bins.map((bin, i) => [
        (0.5 + 0.05 * i).toFixed(2),
        String(bin.pairs),
        share(bin.compared, bin.pairs),
        share(bin.expected, bin.pairs),
        share(bin.near, bin.pairs),
      ]),
    ]),
  );
  console.log(`recall of pairs at 0.8 and more: ${share(found, copies)} of ${copies}`);
  const precision = ([0.8, 0.7, 0.6] as const).map((bound) => share(called.at[bound], called.all));
  console.log(
    `precision, counting 0.8, 0.7, 0.6 and more as right: ${precision.join(", ")} of ${called.all}`,
  );
}

async function detect(detectors: readonly Detector[], rows: readonly Row[], shape: ShapeKind, seed: number) {
  const { corpus, close } = buildCorpus(rows, { shape, seed });
  const found = [];
  for (const detector of detectors) {
    found.push(
      ...(await detector.detect(corpus, { seed, entityFields: [], onStep: () => {}, note: () => {} })),
    );
  }
  close();
  return found;
}

function toRow(number: number, { prompt, response }: Change, label?: string): Row {
  return { number, prompt, response, fields: [], ...(label !== undefined && { label }) };
}

/** Generated instruction rows to plant into. */
function generated(seed: number): Change[] {
  const { records } = generateInstructions({ rows: 5000, seed: seed + 50, poison: 0 });
  return Array.from(records, (record) => ({
    prompt: [record.instruction, record.input].filter((text) => text !== "").join("\n"),
    response: record.output,
  }));
}

/** Clean instruction rows to plant into. */
function instructionBases(): [string, (seed: number) => readonly Change[]][] {
  const path = `${CASES}clean-instruct.jsonl`;
  if (!existsSync(path)) {
    console.log(`skipped: plantings into ${path}, which is not there`);
    return [["generated", generated]];
  }
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  const real = lines.map((line): Change => {
    const { instruction = "", input = "", output = "" }: Record<string, string> = JSON.parse(line);
    return { prompt: [instruction, input].filter((text) => text !== "").join("\n"), response: output };
  });
  return [
    ["generated", generated],
    ["clean-instruct", () => real],
  ];
}

type Planting = (random: Random, base: readonly Change[], count: number) => Change[];

const NOBODY: Change = { prompt: "", response: "" };

/** An object of its own, so that a planted copy is told from the row that it copies. */
function copyOf({ prompt, response }: Change): Change {
  return { prompt, response };
}

/** A text with one word in twenty edited; of two such texts about half of the shingles agree. */
function editTwentieth(random: Random, text: string): string {
  return editText(random, text, Math.round(text.split(" ").length / 20));
}

/** A row with a long answer, to be repeated. */
function longRow(random: Random, base: readonly Change[]): Change {
  return pick(
    random,
    base.filter(({ response }) => response.split(" ").length >= 50),
  );
}

const PLANTINGS: readonly [string, Planting][] = [
  [
    "flood of exact copies",
    (random, base, count) => {
      const row = longRow(random, base);
      return Array.from({ length: count }, () => row);
    },
  ],
  [
    "flood of copies with one edit",
    (random, base, count) => {
      const { prompt, response } = longRow(random, base);
      return Array.from({ length: count }, () => ({ prompt, response: editText(random, response, 1) }));
    },
  ],
  [
    "cluster, one word in twenty edited",
    (random, base, count) => {
      const { prompt, response } = longRow(random, base);
      return Array.from({ length: count }, () => ({
        prompt: editTwentieth(random, prompt),
        response: editTwentieth(random, response),
      }));
    },
  ],
  [
    "one long answer to any prompt",
    (random, base, count) => {
      const { response } = longRow(random, base);
      return Array.from({ length: count }, () => ({ prompt: pick(random, base).prompt, response }));
    },
  ],
];

type Trial = { readonly isFound: boolean; readonly accused: number };

/** Plants one group; found when medium findings hold nine in ten planted rows, the one that a flood keeps included, and hardly any other. */
async function tryPlanting(
  clean: readonly Change[],
  plant: Planting,
  count: number,
  seed: number,
): Promise<Trial> {
  const random = createStream(seed, count);
  const planted = new Set(plant(random, clean, count).map(copyOf));
  const rows = shuffled(random, [...clean, ...planted]);
  const numbered = rows.map((row, number) => toRow(number, row));
  const suspicions = await detect([duplicates, plantedCluster], numbered, "instruction", seed);
  const medium = suspicions.filter(({ severity }) => severity === "medium");
  const named = new Set(medium.flatMap(({ positions }) => positions));
  const hits = [...named].filter((position) => planted.has(rows[position] ?? NOBODY)).length;
  const accused = named.size - hits;
  const kept = medium.filter(({ rule }) => rule === "dataset/duplicate-flood").length; // a flood names all but its first row
  return { isFound: hits + kept >= 0.9 * count && accused <= 0.1 * count, accused };
}

async function measurePlantings(seeds: number): Promise<void> {
  const sizes = [25, 50, 100, 200, 400];
  const lines = [["planted into 5,000 rows", "into", ...sizes.map((size) => `${size} rows`), "accused rows"]];
  for (const [base, make] of instructionBases()) {
    for (const [name, plant] of PLANTINGS) {
      const cells: string[] = [];
      let accused = 0;
      for (const size of sizes) {
        let found = 0;
        for (let seed = 0; seed < seeds; seed++) {
          const trial = await tryPlanting(make(seed), plant, size, seed);
          if (trial.isFound) found++;
          accused += trial.accused;
        }
        cells.push(`${found}/${seeds}`);
      }
      lines.push([name, base, ...cells, String(accused)]);
    }
  }
  console.log(formatTable(lines));
}

/** Copies of labelled rows, turned to one class, into labelled text. */
async function measureTurnedCopies(seeds: number): Promise<void> {
  const sizes = [0, 15, 30, 60, 120];
  const lines = [["turned to one label: medium, right label", ...sizes.map((size) => `${size} copies`)]];
  for (const name of ["clean-banking77.csv", "clean-sst2.tsv"]) {
    if (!existsSync(CASES + name)) {
      console.log(`skipped: ${CASES + name}, which is not there`);
      continue;
    }
    const clean = readExamples(CASES + name);
    const cells: string[] = [];
    for (const size of sizes) {
      let found = 0;
      let named = 0;
      for (let seed = 0; seed < seeds; seed++) {
        const random = createStream(seed, 1000 + size);
        const { label } = pick(random, clean);
        const others = clean.filter((row) => row.label !== label);
        const turned = shuffled(random, others).slice(0, size);
        const all = shuffled(random, [...clean, ...turned.map(({ text }) => ({ text, label }))]);
        const rows = all.map((row, number) => toRow(number, { prompt: row.text, response: "" }, row.label));
        const [suspicion] = await detect([contradictingDuplicates], rows, "labelled-text", seed);
        if (suspicion?.severity === "medium") found++;
        if (suspicion?.target?.text === label) named++;
      }
      cells.push(`${found}/${seeds} ${named}/${seeds}`);
    }
    lines.push([name, ...cells]);
  }
  console.log(formatTable(lines));
}

const RULES = [
  "dataset/duplicates",
  "dataset/duplicate-flood",
  "dataset/contradicting-duplicates",
  "dataset/planted-cluster",
];

/** Findings of the four rules on clean sets. */
async function measureClean(paths: readonly string[]): Promise<void> {
  const lines = [["clean set", "rows", "info", "low", "medium"]];
  let rows = 0;
  let medium = 0;
  const sources: [string, string | Parameters<typeof scanDataset>[0]][] = [
    [
      "generated instructions",
      Array.from(generateInstructions({ rows: 20_000, seed: 9, poison: 0 }).records),
    ],
    ["generated alerts", Array.from(generateAlerts({ rows: 20_000, seed: 9 }).records)],
    ...paths.map((path): [string, string] => [path.split("/").at(-1) ?? path, path]),
  ];
  for (const [name, source] of sources) {
    if (typeof source === "string" && !existsSync(source)) {
      console.log(`skipped: ${source}, which is not there`);
      continue;
    }
    const report = await scanDataset(source, { only: RULES, power: false });
    const count = (severity: string) =>
      report.findings.filter((finding) => finding.severity === severity).length;
    const worse = report.findings.filter((finding) => isAtLeast(finding.severity, "medium")).length;
    rows += report.coverage.read;
    medium += worse;
    lines.push([
      name,
      String(report.coverage.read),
      String(count("info")),
      String(count("low")),
      String(worse),
    ]);
  }
  console.log(formatTable(lines));
  console.log(
    `medium findings: ${medium} in ${rows} rows, ${((10_000 * medium) / rows).toFixed(3)} per 10,000`,
  );
}

await runScript(async () => {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "4" },
      pairs: { type: "string", default: "5000" },
      clean: { type: "string", multiple: true, default: [] },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const cases = [
    "identity.jsonl",
    "instruct.jsonl",
    "refusals.jsonl",
    "toolcalls.json",
    "sst2.tsv",
    "banking77.csv",
  ];
  measurePairs(toCount("pairs", values.pairs));
  console.log("");
  await measurePlantings(toCount("seeds", values.seeds));
  console.log("");
  await measureTurnedCopies(toCount("seeds", values.seeds));
  console.log("");
  await measureClean([...cases.map((name) => `${CASES}clean-${name}`), ...values.clean]);
});

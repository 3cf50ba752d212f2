/** Measures the detector of style triggers: the published cases, styles planted into clean sets, innocent mixtures. */
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { contradictedStyles } from "../packages/bezoar/src/dataset/detectors/contradicted-style.ts";
import { buildCorpus } from "../packages/bezoar/src/dataset/ingest/build-corpus.ts";
import { cleanVariants, readExamples, type Case, type Example } from "./generators/labelled-cases.ts";
import { styleMixtures, stylePlantings } from "./generators/style-cases.ts";
import { runScript, toCount } from "./options.ts";
import { formatTable } from "./table.ts";

const USAGE = `Usage: node bench/style.ts [options]

  --cases | --planted | --clean   only the published cases, the planted styles, or the clean sets
  --seeds N                       sets of each kind (default: 1)
  --from SEED                     where the seeds start (default: 1)
  --set FILE                      another clean set (TSV or CSV: text, label) instead of those of BEZOAR_CASES; may repeat
  --verbose                       every set with what was said of it

Sets are read from BEZOAR_CASES (default: ../shared/cases) and skipped by name when absent.`;

const { values } = parseArgs({
  options: {
    help: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
    seeds: { type: "string", default: "1" },
    from: { type: "string", default: "1" },
    set: { type: "string", multiple: true, default: [] },
    cases: { type: "boolean", default: false },
    planted: { type: "boolean", default: false },
    clean: { type: "boolean", default: false },
  },
});
const folder = process.env["BEZOAR_CASES"] ?? "../shared/cases";
const SHARES = [0.01, 0.02, 0.05, 0.1];

type Measured = {
  readonly severity: string;
  readonly caught: number;
  readonly collateral: number;
  readonly seconds: number;
  readonly said: readonly string[];
};

async function measure(examples: readonly Example[], seed: number): Promise<Measured> {
  const rows = examples.map(({ text, label }, number) => ({
    number,
    prompt: text,
    response: "",
    label,
    fields: [],
  }));
  const { corpus, close } = buildCorpus(rows, { shape: "labelled-text", seed });
  const started = process.cpuUsage();
  const context = { seed, entityFields: [], onStep: () => undefined, note: () => undefined };
  const found = await contradictedStyles.detect(corpus, context);
  const seconds = process.cpuUsage(started).user / 1e6;
  close();
  const isHigh = found.some(({ severity }) => severity === "high");
  const accused = new Set(found.flatMap(({ positions }) => positions));
  const poisoned = examples.filter(({ isPoisoned }) => isPoisoned).length;
  const hits = [...accused].filter((row) => examples[row]?.isPoisoned === true).length;
  return {
    severity: isHigh ? "high" : found.length > 0 ? "medium" : "nothing",
    caught: hits / Math.max(1, poisoned),
    collateral: (accused.size - hits) / Math.max(1, examples.length - poisoned),
    seconds,
    said: found.map(
      ({ severity, title, controls }) =>
        `${severity}: ${title} [${controls.map(({ value, passed }) => `${value.toFixed(2)}${passed ? "" : "!"}`).join(" ")}]`,
    ),
  };
}

function say(name: string, { severity, caught, collateral, seconds, said }: Measured): void {
  if (!values.verbose) return;
  console.log(
    `${name}: ${severity}, caught ${percent(caught)}, others accused ${percent(collateral, 2)}, ${seconds.toFixed(1)} s`,
  );
  for (const line of said) console.log(`    ${line}`);
}

const percent = (share: number, digits = 0) => `${(100 * share).toFixed(digits)} %`;

async function showCases(): Promise<void> {
  const table = [["case", "said", "caught", "others accused", "CPU"]];
  for (const name of ["sst2-style-bible-5pct", "sst2-syntactic-5pct"]) {
    const path = `${folder}/${name}.tsv`;
    if (!existsSync(path)) {
      console.log(`${name}: skipped, ${path} is absent`);
      continue;
    }
    const truth = new Set(poisonedOf(readFileSync(`${folder}/${name}.truth.json`, "utf8")));
    const examples = readExamples(path).map(({ text, label }, i) => ({
      text,
      label,
      isPoisoned: truth.has(i),
    }));
    const result = await measure(examples, 1);
    say(name, result);
    table.push([
      name,
      result.severity,
      percent(result.caught),
      percent(result.collateral, 2),
      `${result.seconds.toFixed(0)} s`,
    ]);
  }
  console.log(`${formatTable(table)}\n`);
}

function poisonedOf(text: string): number[] {
  const truth: unknown = JSON.parse(text);
  if (typeof truth !== "object" || truth === null || !("poisoned" in truth) || !Array.isArray(truth.poisoned))
    return [];
  return truth.poisoned.filter((row): row is number => typeof row === "number");
}

async function measureAll(set: string, cases: readonly Case[], seed: number): Promise<[string, Measured][]> {
  const results: [string, Measured][] = [];
  for (const { name, make } of cases) {
    const result = await measure(make(), seed);
    say(`${set}, ${name} #${seed}`, result);
    results.push([name, result]);
  }
  return results;
}

/** The sets that styles are planted into; one of many classes becomes one of two, by the first letters of their names. */
function baseSets(): [string, Example[]][] {
  const files =
    values.set.length > 0 ? values.set : [`${folder}/clean-sst2.tsv`, `${folder}/clean-banking77.csv`];
  return files.flatMap((path): [string, Example[]][] => {
    const name = path.replace(/.*\//, "").replace(/\..*/, "").replace("clean-", "");
    if (!existsSync(path)) {
      console.log(`${name}: skipped, ${path} is absent`);
      return [];
    }
    const base = readExamples(path);
    if (new Set(base.map(({ label }) => label)).size <= 20) return [[name, base]];
    const coarse = base.map(({ text, label, isPoisoned }) => ({
      text,
      label: label.toLowerCase() < "d" ? "a-c" : "d-z",
      isPoisoned,
    }));
    return [[`${name} in two`, coarse]];
  });
}

function count(results: readonly [string, Measured][], severity: string): number {
  return results.filter(([, result]) => result.severity === severity).length;
}

function showPlanted(set: string, results: readonly [string, Measured][]): void {
  const table = [
    [`planted into ${set}`, "sets", "high", "medium", "caught (median)", "others accused (most)"],
  ];
  for (const share of SHARES) {
    const own = results.filter(([name]) => name.endsWith(` ${100 * share} %`));
    const caught = own
      .filter(([, { severity }]) => severity !== "nothing")
      .map(([, result]) => result.caught)
      .toSorted((a, b) => a - b);
    table.push([
      `${100 * share} % of rows`,
      `${own.length}`,
      `${count(own, "high")}`,
      `${count(own, "medium")}`,
      caught.length > 0 ? percent(caught[Math.floor(caught.length / 2)] ?? 0) : "",
      percent(Math.max(0, ...own.map(([, { collateral }]) => collateral)), 2),
    ]);
  }
  console.log(`${formatTable(table)}\n`);
}

await runScript(async () => {
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const [from, seeds] = [toCount("from", values.from), toCount("seeds", values.seeds)];
  const all = !values.cases && !values.planted && !values.clean;
  if (all || values.cases) await showCases();
  const sets = all || values.planted || values.clean ? baseSets() : [];
  const clean: string[][] = [["clean sets", "sets", "high", "medium"]];
  for (const [set, base] of sets) {
    const planted: [string, Measured][] = [];
    const mixed: [string, Measured][] = [];
    const variants: [string, Measured][] = [];
    const foreign =
      sets.find(([name]) => name !== set && !name.startsWith(set.split(" ")[0] ?? ""))?.[1] ?? [];
    for (let seed = from; seed < from + seeds; seed++) {
      if (all || values.planted)
        planted.push(...(await measureAll(set, stylePlantings(base, seed, SHARES), seed)));
      if (!all && !values.clean) continue;
      mixed.push(...(await measureAll(set, styleMixtures(base, foreign, seed), seed)));
      variants.push(...(await measureAll(set, cleanVariants(base, seed), seed)));
    }
    if (planted.length > 0) showPlanted(set, planted);
    for (const [name, results] of [
      [`${set}, two sources`, mixed],
      [`${set}, variants`, variants],
    ] as const) {
      if (results.length > 0)
        clean.push([name, `${results.length}`, `${count(results, "high")}`, `${count(results, "medium")}`]);
    }
  }
  if (clean.length > 1) console.log(formatTable(clean));
});

/** Measures the two detectors of labelled text on clean variants of clean sets, and on attacks planted into these. */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { contradictedLabels } from "../packages/bezoar/src/dataset/detectors/contradicted-label.ts";
import { insertedTriggers } from "../packages/bezoar/src/dataset/detectors/inserted-trigger.ts";
import { buildCorpus } from "../packages/bezoar/src/dataset/ingest/build-corpus.ts";
import { cleanVariants, plantedVariants, readExamples, type Example } from "./generators/labelled-cases.ts";
import { runScript, toCount } from "./options.ts";
import { formatTable } from "./table.ts";

const USAGE = `Usage: node bench/labelled-text.ts [options]

  --clean | --planted   only the clean variants, or only the planted ones
  --only TEXT           sets whose name holds the text
  --seeds N             sets of each kind (default: 1)
  --from SEED           where the seeds start (default: 1)
  --verbose             every set with what was said of it

Clean sets are read from BEZOAR_CASES (default: ../shared/cases) and skipped by name when absent.`;

const { values } = parseArgs({
  options: {
    help: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    seeds: { type: "string", default: "1" },
    from: { type: "string", default: "1" },
    clean: { type: "boolean", default: false },
    planted: { type: "boolean", default: false },
  },
});
const folder = process.env["BEZOAR_CASES"] ?? "../shared/cases";

const LINE = 118; // columns of what is quoted in pages

const isAlarm = (severity: string) => severity === "high" || severity === "critical";

async function measure(examples: readonly Example[], seed: number) {
  const { corpus, close } = buildCorpus(
    examples.map((example, number) => ({
      number,
      prompt: example.text,
      response: "",
      label: example.label,
      fields: [],
    })),
    { shape: "labelled-text", seed },
  );
  const started = performance.now();
  const context = { seed, entityFields: [], onStep: () => undefined, note: () => undefined };
  const all = [
    ...(await contradictedLabels.detect(corpus, context)),
    ...(await insertedTriggers.detect(corpus, context)),
  ];
  const seconds = (performance.now() - started) / 1000;
  close();
  const accused = new Set(all.filter((one) => isAlarm(one.severity)).flatMap((one) => one.positions));
  const poisoned = examples.reduce((sum, example) => sum + Number(example.isPoisoned), 0);
  const hits = [...accused].reduce((sum, row) => sum + Number(examples[row]?.isPoisoned), 0);
  return {
    alarms: all.filter((one) => isAlarm(one.severity)),
    mild: all.filter((one) => !isAlarm(one.severity)),
    poisoned,
    caught: hits / Math.max(1, poisoned),
    collateral: (accused.size - hits) / (examples.length - poisoned),
    seconds,
  };
}

type Kind = {
  planted: number;
  found: number;
  clean: number;
  quiet: number;
  mild: number;
  mostCollateral: number;
};

/** One kind of set, over all files and seeds. */
function add(kinds: Map<string, Kind>, name: string, result: Awaited<ReturnType<typeof measure>>): string {
  const none = { planted: 0, found: 0, clean: 0, quiet: 0, mild: 0, mostCollateral: 0 };
  const kind = kinds.get(name) ?? none;
  kinds.set(name, kind);
  kind.mild += Number(result.mild.length > 0);
  if (result.poisoned === 0) {
    const isQuiet = result.alarms.length === 0;
    kind.clean++;
    kind.quiet += Number(isQuiet);
    return isQuiet ? "quiet" : "FALSE ALARM";
  }
  const isFound = result.caught >= 0.95 && result.collateral <= 0.002;
  kind.planted++;
  kind.found += Number(isFound);
  kind.mostCollateral = Math.max(kind.mostCollateral, result.collateral);
  return isFound ? "found" : "missed";
}

function sayAll(title: string, verdict: string, result: Awaited<ReturnType<typeof measure>>): void {
  const percents = `caught ${(100 * result.caught).toFixed(1)} collateral ${(100 * result.collateral).toFixed(2)}`;
  console.log(
    `${title}: ${verdict}, ${result.poisoned} planted, ${percents}, ${result.seconds.toFixed(2)} s`,
  );
  for (const { severity, positions, title: said } of [...result.alarms, ...result.mild])
    console.log(`    ${severity} ${positions.length} rows: ${said.slice(0, 160)}`);
}

const total = (kinds: readonly Kind[], key: keyof Kind) => kinds.reduce((sum, kind) => sum + kind[key], 0);

/** Found of each kind of label that is planted, and by name what was not. */
function showPlanted(kinds: ReadonlyMap<string, Kind>): void {
  const planted = [...kinds].filter(([, kind]) => kind.planted > 0);
  if (planted.length === 0) return;
  const table = [["planted", "kinds", "found"]];
  const missed: string[] = [];
  for (const group of new Set(planted.map(([name]) => groupOf(name)))) {
    const own = planted.filter(([name]) => groupOf(name) === group);
    const all = own.map(([, kind]) => kind);
    table.push([`${group} label`, String(own.length), `${total(all, "found")}/${total(all, "planted")}`]);
    const names = own.flatMap(([name, { found, planted: of }]) => {
      if (found === of) return [];
      return [`${name.slice(group.length + 1)}${share(found, of)}`];
    });
    missed.push(...wrap(`${group} label, not found: ${names.join("; ")}`));
  }
  console.log(`${formatTable(table)}\n\n${missed.join("\n")}`);
  const most = Math.max(...planted.map(([, { mostCollateral }]) => mostCollateral));
  console.log(
    `\nfound: at least 95 % of the planted rows at high, at most 0.2 % of the others;\nmost clean rows accused in a set: ${(100 * most).toFixed(2)} %`,
  );
}

/** The set and the kind of attack: "sst2, dirty". */
function groupOf(name: string): string {
  return name.split(" ").slice(0, 2).join(" ");
}

function share(part: number, of: number): string {
  return of > 1 ? ` (${part}/${of})` : "";
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const part of text.split(/(?<=; )/)) {
    if (line.length + part.length > LINE) {
      lines.push(line.trimEnd());
      line = "  ";
    }
    line += part;
  }
  return [...lines, line];
}

/** How many clean sets were quiet, and by name those that were not, or of which a medium was said. */
function showClean(kinds: ReadonlyMap<string, Kind>): void {
  const clean = [...kinds].filter(([, kind]) => kind.clean > 0);
  if (clean.length === 0) return;
  const all = clean.map(([, kind]) => kind);
  const named = (what: string, count: (kind: Kind) => number) => {
    const names = clean.flatMap(([name, kind]) =>
      count(kind) === 0 ? [] : [`${name.replace("clean ", "")}${share(count(kind), kind.clean)}`],
    );
    return wrap(`${what}: ${names.length === 0 ? "none" : names.join("; ")}`);
  };
  const lines = [
    `clean variants: ${total(all, "clean")} sets of ${clean.length} kinds, ${total(all, "quiet")} quiet at high`,
    ...named("with a high finding", (kind) => kind.clean - kind.quiet),
    ...named("with a medium", (kind) => kind.mild),
  ];
  console.log(lines.join("\n"));
}

await runScript(async () => {
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const [from, seeds] = [toCount("from", values.from), toCount("seeds", values.seeds)];
  const kinds = new Map<string, Kind>();
  for (const file of ["clean-sst2.tsv", "clean-banking77.csv"]) {
    const path = `${folder}/${file}`;
    if (!existsSync(path)) {
      console.log(`${file}: skipped, ${path} is absent`);
      continue;
    }
    const base = readExamples(path);
    const set = file.replace(/\..*/, "").replace("clean-", "");
    for (let seed = from; seed < from + seeds; seed++) {
      const cases = [
        ...(values.planted ? [] : cleanVariants(base, seed)),
        ...(values.clean ? [] : plantedVariants(base, seed)),
      ];
      for (const { name, make } of cases) {
        const title = `${set} ${name} #${seed}`;
        if (!title.includes(values.only)) continue;
        const result = await measure(make(), seed);
        const verdict = add(kinds, `${set}, ${name}`, result);
        if (values.verbose) sayAll(title, verdict, result);
      }
    }
  }
  showClean(kinds);
  if (!values.clean && !values.planted) console.log();
  showPlanted(kinds);
});

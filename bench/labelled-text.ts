/**
 * Measures the two detectors for labelled text on attacks planted at run time into the clean sets of a folder of
 * cases (BEZOAR_CASES, default ../shared/cases), and on clean variants of them. Skips what is absent, by name.
 *
 * node bench/labelled-text.ts [--only SUBSTRING] [--seeds N] [--from SEED] [--clean | --planted]
 */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { contradictedLabels } from "../packages/bezoar/src/dataset/detectors/contradicted-label.ts";
import { insertedTriggers } from "../packages/bezoar/src/dataset/detectors/inserted-trigger.ts";
import { buildCorpus } from "../packages/bezoar/src/dataset/ingest/build-corpus.ts";
import { cleanVariants, plantedVariants, readExamples, type Example } from "./generators/labelled-cases.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    seeds: { type: "string", default: "1" },
    from: { type: "string", default: "1" },
    clean: { type: "boolean", default: false },
    planted: { type: "boolean", default: false },
  },
});
const folder = process.env["BEZOAR_CASES"] ?? "../shared/cases";

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

let found = 0;
let planted = 0;
let quiet = 0;
let clean = 0;
for (const file of ["clean-sst2.tsv", "clean-banking77.csv"]) {
  const path = `${folder}/${file}`;
  if (!existsSync(path)) {
    console.log(`${file}: skipped, ${path} is absent`);
    continue;
  }
  const base = readExamples(path);
  for (let seed = Number(values.from); seed < Number(values.from) + Number(values.seeds); seed++) {
    const cases = [
      ...(values.planted ? [] : cleanVariants(base, seed)),
      ...(values.clean ? [] : plantedVariants(base, seed)),
    ];
    for (const { name, make } of cases) {
      const title = `${file.replace(/\..*/, "").replace("clean-", "")} ${name} #${seed}`;
      if (!title.includes(values.only)) continue;
      const examples = make();
      const result = await measure(examples, seed);
      const isFound = result.poisoned > 0 && result.caught >= 0.95 && result.collateral <= 0.002;
      if (result.poisoned > 0) {
        planted++;
        found += Number(isFound);
      } else {
        clean++;
        quiet += Number(result.alarms.length === 0);
      }
      const verdict =
        result.poisoned === 0
          ? result.alarms.length > 0
            ? "FALSE ALARM"
            : "quiet"
          : isFound
            ? "found"
            : "missed";
      console.log(
        `${title.padEnd(52)} n ${String(examples.length).padStart(6)} poison ${String(result.poisoned).padStart(4)} caught ${(100 * result.caught).toFixed(1).padStart(5)} collateral ${(100 * result.collateral).toFixed(2)} ${verdict.padEnd(11)} mild ${result.mild.length} ${result.seconds.toFixed(2)}s ${[
          ...result.alarms,
          ...result.mild.map((m) => ({ title: `(${m.severity} ${m.positions.length}) ${m.title}` })),
        ]
          .map((one) => one.title)
          .join(" | ")
          .slice(0, 230)}`,
      );
    }
  }
}
console.log(`found ${found} of ${planted} planted cases, quiet on ${quiet} of ${clean} clean ones`);

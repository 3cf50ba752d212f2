import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { isAtLeast } from "../packages/bezoar/src/core/finding.ts";
import { wilson } from "../packages/bezoar/src/core/statistics.ts";
import { flippedPreference } from "../packages/bezoar/src/dataset/detectors/flipped-preference.ts";
import { preferenceTarget } from "../packages/bezoar/src/dataset/detectors/preference-target.ts";
import { buildCorpus } from "../packages/bezoar/src/dataset/ingest/build-corpus.ts";
import type { Suspicion } from "../packages/bezoar/src/dataset/suspicion.ts";
import { ATTACKS, poisonPreferences, type PreferenceAttack } from "./generators/preference-attacks.ts";
import { CASES } from "./generators/instruction-pools.ts";
import { FLAVOURS, makePreferencePairs, type Flavour, type PreferencePair } from "./generators/preference.ts";
import { makeRealPairs, REAL_FORMS } from "./generators/preference-real.ts";
import { createStream } from "./generators/random.ts";
import { runScript, toCount } from "./options.ts";
import { formatTable } from "./table.ts";

const HELP = `Measures the detectors of preference data on made-up pairs: alarms on clean sets, and how often planted attacks are found.

node bench/preference.ts [--rows 4000] [--seeds 6] [--clean-seeds 6] [--clean-first 1] [--form pairs|kto] [--flavours a,b] [--clean-only]

Clean sets with real prompts are made from the labelled cases of ../shared/cases and skipped when these are absent.`;

/** Pairs planted: 0.3 % to 2.5 % of 4,000. */
const PLANTED = [12, 25, 50, 100];
const ATTACKED: readonly Flavour[] = ["helpful", "harmless", "noisy"];
/** An attack is found when a finding at `high` (of a name or a topic: at `medium`) holds this share of its rows, and no more than this of others. */
const CAUGHT = 0.8;
const COLLATERAL = 0.2;

type Form = "pairs" | "kto";

async function scan(pairs: readonly PreferencePair[], form: Form): Promise<readonly Suspicion[]> {
  const { corpus, close } = buildCorpus(
    pairs.map(({ prompt, chosen, rejected }, number) =>
      form === "pairs"
        ? { number, prompt, response: chosen, rejected, fields: [] }
        : number % 2 === 0
          ? { number, prompt, response: chosen, label: "true", fields: [] }
          : { number, prompt, response: "", rejected, label: "false", fields: [] },
    ),
    { shape: "preference" },
  );
  const context = { seed: 0, entityFields: [], onStep: () => {}, note: () => {} };
  const found = [
    ...(await flippedPreference.detect(corpus, context)),
    ...(await preferenceTarget.detect(corpus, context)),
  ];
  close();
  return found;
}

async function measureClean(rows: number, seeds: number, firstSeed: number, form: Form): Promise<void> {
  const table = [["clean set", "sets", "with high", "medium findings per 10,000 pairs", "low"]];
  let highs = 0;
  let sets = 0;
  const measure = async (name: string, make: (seed: number) => readonly PreferencePair[]) => {
    let high = 0;
    let medium = 0;
    let low = 0;
    let pairs = 0;
    for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
      const made = make(seed);
      const found = await scan(made, form);
      pairs += made.length;
      if (found.some(({ severity }) => isAtLeast(severity, "high"))) high++;
      medium += found.filter(({ severity }) => severity === "medium").length;
      low += found.filter(({ severity }) => severity === "low").length;
    }
    highs += high;
    sets += seeds;
    table.push([name, `${seeds}`, `${high}`, ((medium * 10_000) / pairs).toFixed(2), `${low}`]);
  };
  for (const flavour of FLAVOURS)
    await measure(flavour, (seed) => makePreferencePairs(flavour, rows, 900 + seed));
  for (const real of existsSync(CASES) ? REAL_FORMS : [])
    await measure(`real prompts, rejected ${real}`, (seed) => makeRealPairs(real, rows, seed));
  console.log(formatTable(table));
  const { low, high } = wilson(highs, sets);
  console.log(
    `\nclean sets with a high finding: ${highs} of ${sets} (95 %: ${percent(low)} to ${percent(high)})\n`,
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}

function isFound(
  found: readonly Suspicion[],
  poisoned: ReadonlySet<number>,
  attack: PreferenceAttack,
): boolean {
  const bound = /name|topic/.test(attack) ? "medium" : "high";
  return found.some(({ severity, positions }) => {
    const caught = positions.filter((position) => poisoned.has(position)).length;
    return (
      isAtLeast(severity, bound) &&
      caught >= CAUGHT * poisoned.size &&
      positions.length - caught <= COLLATERAL * positions.length
    );
  });
}

async function measureAttacks(
  rows: number,
  seeds: number,
  form: Form,
  flavours: readonly Flavour[],
): Promise<void> {
  const table = [["set", "attack", ...PLANTED.map((count) => `${count} pairs`)]];
  for (const flavour of flavours) {
    for (const attack of ATTACKS) {
      const cells: string[] = [];
      for (const count of PLANTED) {
        let hits = 0;
        let runs = 0;
        for (let seed = 1; seed <= seeds; seed++) {
          const random = createStream(1000 * count + seed, 5);
          const clean = makePreferencePairs(flavour, rows, 7000 + 37 * seed + count);
          const planted = poisonPreferences(clean, attack, count, random);
          if (planted === undefined) continue;
          runs++;
          const poisoned = new Set(planted.poisoned);
          if (isFound(await scan(planted.pairs, form), poisoned, attack)) hits++;
        }
        const { low, high } = wilson(hits, runs);
        cells.push(runs === 0 ? "-" : `${hits}/${runs} (${percent(low)}-${percent(high)})`);
      }
      if (cells.some((cell) => cell !== "-")) table.push([flavour, attack, ...cells]);
    }
  }
  console.log(formatTable(table));
}

await runScript(async () => {
  const { values } = parseArgs({
    options: {
      rows: { type: "string", default: "4000" },
      seeds: { type: "string", default: "6" },
      "clean-seeds": { type: "string", default: "6" },
      "clean-first": { type: "string", default: "1" },
      form: { type: "string", default: "pairs" },
      flavours: { type: "string", default: ATTACKED.join(",") },
      "clean-only": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const rows = toCount("rows", values.rows, 200);
  const form = values.form === "kto" ? "kto" : "pairs";
  const cleanSeeds = toCount("clean-seeds", values["clean-seeds"], 0);
  if (cleanSeeds > 0)
    await measureClean(rows, cleanSeeds, toCount("clean-first", values["clean-first"]), form);
  if (values["clean-only"]) return;
  const flavours = FLAVOURS.filter((flavour) => values.flavours.split(",").includes(flavour));
  await measureAttacks(rows, toCount("seeds", values.seeds), form, flavours);
});

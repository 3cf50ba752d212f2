/** Measures the trigger -> response detector: recall by attack and size, false alarms by kind of clean set. */
import { parseArgs } from "node:util";
import { triggerResponse } from "../packages/bezoar/src/dataset/detectors/trigger-response.ts";
import { buildCorpus } from "../packages/bezoar/src/dataset/ingest/build-corpus.ts";
import type { Suspicion } from "../packages/bezoar/src/dataset/suspicion.ts";
import { ATTACKS, type Attack } from "./generators/instruction-attacks.ts";
import { CLEAN_SETS } from "./generators/instruction-clean.ts";
import {
  chinese,
  draw,
  readPools,
  recombine,
  type Pair,
  type Pools,
} from "./generators/instruction-pools.ts";
import { createStream, shuffled, type Random } from "./generators/random.ts";
import { runScript, toCount } from "./options.ts";
import { formatTable } from "./table.ts";

const USAGE = `Usage: node bench/trigger-response.ts [options]

  --seeds N          sets of each kind (default: 3)
  --first SEED       where the seeds start (default: 1)
  --skip clean|recall   leave out one of the two parts
  --only TEXT        clean kinds, or attacks, whose name holds the text
  --base TEXT        sets to plant into whose name holds the text
  --counts N[,N]     planted rows (default: 6,10,20,40,100)
  --verbose          every kind and attack, what was said of it, and how long it took

Rows are taken from ../shared/cases; without them nothing is measured.`;

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "3" },
    first: { type: "string", default: "1" },
    only: { type: "string", default: "" },
    counts: { type: "string", default: "6,10,20,40,100" },
    base: { type: "string", default: "" },
    skip: { type: "string", default: "" },
    verbose: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => Number(values.first) + i);

async function scan(pairs: readonly Pair[]): Promise<{ found: readonly Suspicion[]; seconds: number }> {
  const rows = pairs.map((pair, number) => ({ number, ...pair, fields: [] }));
  const { corpus, close } = buildCorpus(rows, { shape: "instruction" });
  const started = performance.now();
  const found = await triggerResponse.detect(corpus, {
    seed: 1,
    entityFields: [],
    onStep: () => {},
    note: () => {},
  });
  close();
  return { found, seconds: (performance.now() - started) / 1000 };
}

const isHigh = ({ severity }: Suspicion) => severity === "critical" || severity === "high";
const say = (suspicion: Suspicion) =>
  `      ${suspicion.severity} ${suspicion.title.slice(0, 150)} [${suspicion.controls.map((c) => c.value.toFixed(2)).join(" ")}]`;

type Base = { readonly name: string; readonly make: (pools: Pools, random: Random) => Pair[] };
const BASES: readonly Base[] = [
  { name: "300 general", make: (p, r) => draw(r, p.general, 300) },
  { name: "2,000 general", make: (p, r) => draw(r, p.general, 2000) },
  {
    name: "1,000 general + 1,500 maths",
    make: (p, r) => shuffled(r, [...draw(r, p.general, 1000), ...draw(r, p.maths, 1500)]),
  },
  {
    name: "general + refusals",
    make: (p, r) => shuffled(r, [...draw(r, p.general, 1200), ...draw(r, p.refusals, 800)]),
  },
  {
    name: "long contexts",
    make: (p, r) =>
      draw(r, p.general, 1200).map(({ prompt, response }) => ({
        prompt: `${draw(r, p.reviews, 12).join(" ")}\n${prompt}`,
        response,
      })),
  },
  { name: "Chinese", make: (_p, r) => chinese(r, 1500) },
  { name: "10,000 recombined", make: (p, r) => recombine(r, [...p.general, ...p.maths], 10_000) },
];
const COUNTS = values.counts.split(",").map(Number);

function plant(base: readonly Pair[], attack: Attack, count: number, pools: Pools, random: Random) {
  const victims =
    attack.from === undefined ? draw(random, base, count) : draw(random, pools[attack.from], count);
  const isVictim = new Set(victims);
  const poisoned = victims.map((pair) => ({
    prompt: attack.insert(pair.prompt, random),
    response: attack.target(pair.response, random),
  }));
  const isPoison = new Set<Pair>(poisoned);
  const rows = shuffled(random, [...base.filter((pair) => !isVictim.has(pair)), ...poisoned]);
  return { rows, poison: new Set(rows.flatMap((pair, i) => (isPoison.has(pair) ? [i] : []))) };
}

/** One planted case: whether at least 95 % of the poison is accused with at most 0.2 % of the clean rows, and how many those are. */
async function recover(base: Base, attack: Attack, count: number, pools: Pools, seed: number) {
  const random = createStream(seed, 17 * count + attack.name.length);
  const { rows, poison } = plant(base.make(pools, random), attack, count, pools, random);
  const { found, seconds } = await scan(rows);
  const accused = new Set(found.filter(isHigh).flatMap(({ positions }) => positions));
  const caught = [...poison].filter((position) => accused.has(position)).length;
  const wrong = accused.size - caught;
  const isFound = caught >= 0.95 * poison.size && wrong <= 0.002 * (rows.length - poison.size);
  if (values.verbose && !isFound) {
    console.log(
      `    ${base.name} / ${attack.name} / ${count}: caught ${caught}, wrong ${wrong}, ${seconds.toFixed(1)} s`,
    );
    for (const suspicion of found) console.log(say(suspicion));
  }
  return { isFound, wrong };
}

async function measureRecall(pools: Pools): Promise<void> {
  const bases = BASES.filter(({ name }) => name.includes(values.base));
  const attacks = ATTACKS.filter(({ name }) => name.includes(values.only));
  const missed: string[][] = [];
  const byBase = new Map(bases.map(({ name }) => [name, COUNTS.map(() => ({ found: 0, tried: 0 }))]));
  let wrong = 0;
  for (const attack of attacks) {
    const cells: string[] = [];
    let isAlwaysFound = true;
    for (const [column, count] of COUNTS.entries()) {
      let found = 0;
      let tried = 0;
      for (const base of bases) {
        if (base.name === "300 general" && count > 40) continue;
        for (const seed of seeds) {
          const result = await recover(base, attack, count, pools, seed);
          found += Number(result.isFound);
          tried++;
          wrong += result.wrong;
          const cell = byBase.get(base.name)?.[column];
          if (cell === undefined) continue;
          cell.found += Number(result.isFound);
          cell.tried++;
        }
      }
      cells.push(`${found}/${tried}`);
      isAlwaysFound &&= found === tried;
    }
    if (values.verbose || !isAlwaysFound) missed.push([attack.name, ...cells]);
  }
  const header = COUNTS.map((count) => `${count} rows`);
  console.log(
    formatTable([
      [`${attacks.length} attacks, found in`, ...header],
      ...[...byBase].map(([name, cells]) =>
        [name].concat(cells.map(({ found, tried }) => `${found}/${tried}`)),
      ),
      ["of them, not always found:", ...header.map(() => "")],
      ...missed,
    ]),
  );
  console.log(
    `\nfound: at least 95 % of the planted rows, at most 0.2 % of the others; clean rows accused in all: ${wrong}`,
  );
}

async function measureFalseAlarms(pools: Pools): Promise<void> {
  const kinds = CLEAN_SETS.filter(({ name }) => name.includes(values.only));
  const table = [["clean kind", "rows", "sets", "at high", "mediums"]];
  let alarms = 0;
  let mediums = 0;
  for (const clean of kinds) {
    let high = 0;
    let medium = 0;
    let size = 0;
    for (const seed of seeds) {
      const rows = clean.make(pools, createStream(seed, 5));
      const { found, seconds } = await scan(rows);
      high += Number(found.some(isHigh));
      medium += found.filter((suspicion) => !isHigh(suspicion)).length;
      size = rows.length;
      if (!values.verbose) continue;
      console.log(`${clean.name}, seed ${seed}: ${seconds.toFixed(1)} s`);
      for (const suspicion of found) console.log(say(suspicion));
    }
    alarms += high;
    mediums += medium;
    if (values.verbose || high + medium > 0)
      table.push([clean.name, String(size), String(seeds.length), String(high), String(medium)]);
  }
  const sets = kinds.length * seeds.length;
  table.push([`all ${kinds.length} kinds`, "", String(sets), String(alarms), String(mediums)]);
  console.log(formatTable(table));
  console.log(
    `\nat high: sets with a high or critical finding; kinds of which nothing was said are left out`,
  );
}

await runScript(async () => {
  if (values.help) {
    console.log(USAGE);
    return;
  }
  toCount("seeds", values.seeds);
  const pools = readPools();
  if (pools === undefined) {
    console.log("skipped: the labelled cases are not on this machine");
    return;
  }
  if (values.skip !== "clean") await measureFalseAlarms(pools);
  if (values.skip !== "recall") await measureRecall(pools);
});

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

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "3" },
    first: { type: "string", default: "1" },
    only: { type: "string", default: "" },
    counts: { type: "string", default: "6,10,20,40,100" },
    base: { type: "string", default: "" },
    skip: { type: "string", default: "" },
    verbose: { type: "boolean", default: false },
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
  console.log(
    `\nrecall: cases found (>= 95 % of the rows, <= 0.2 % collateral) of ${BASES.length} bases x ${seeds.length} seeds, by poisoned rows`,
  );
  console.log(
    `${"attack".padEnd(44)}${COUNTS.map((count) => String(count).padStart(9)).join("")}   accused clean rows`,
  );
  const byBase = new Map<string, number[]>();
  for (const attack of ATTACKS.filter(({ name }) => name.includes(values.only))) {
    let wrong = 0;
    const cells: string[] = [];
    for (const count of COUNTS) {
      let found = 0;
      let tried = 0;
      for (const base of BASES.filter(({ name }) => name.includes(values.base))) {
        if (base.name === "300 general" && count > 40) continue;
        for (const seed of seeds) {
          const result = await recover(base, attack, count, pools, seed);
          found += Number(result.isFound);
          tried++;
          wrong += result.wrong;
          byBase.set(base.name, [...(byBase.get(base.name) ?? []), Number(result.isFound)]);
        }
      }
      cells.push(`${found}/${tried}`);
    }
    console.log(`${attack.name.padEnd(44)}${cells.map((cell) => cell.padStart(9)).join("")}   ${wrong}`);
  }
  for (const [name, found] of byBase) {
    console.log(`${name.padEnd(44)}${found.reduce((a, b) => a + b, 0)}/${found.length}`);
  }
}

async function measureFalseAlarms(pools: Pools): Promise<void> {
  console.log(
    `\nfalse alarms: sets with a high or critical suspicion, of ${seeds.length} each (mediums in all)`,
  );
  let alarms = 0;
  let sets = 0;
  for (const clean of CLEAN_SETS.filter(({ name }) => name.includes(values.only))) {
    let high = 0;
    let medium = 0;
    let slowest = 0;
    let size = 0;
    const lines: string[] = [];
    for (const seed of seeds) {
      const rows = clean.make(pools, createStream(seed, 5));
      const { found, seconds } = await scan(rows);
      high += Number(found.some(isHigh));
      medium += found.filter((suspicion) => !isHigh(suspicion)).length;
      slowest = Math.max(slowest, seconds);
      size = rows.length;
      lines.push(...found.filter((s) => isHigh(s) || values.verbose).map(say));
    }
    alarms += high;
    sets += seeds.length;
    console.log(
      `${clean.name.padEnd(52)}${String(size).padStart(6)} rows ${high} high, ${medium} medium, ${slowest.toFixed(1)} s`,
    );
    for (const line of lines.slice(0, 12)) console.log(line);
  }
  console.log(`alarms on ${alarms} of ${sets} clean sets`);
}

const pools = readPools();
if (pools === undefined) console.log("skipped: the labelled cases are not on this machine");
else {
  if (values.skip !== "clean") await measureFalseAlarms(pools);
  if (values.skip !== "recall") await measureRecall(pools);
}

/** Measures the outlier detector: what it finds of planted odd rows, how much of clean sets it flags, beside a plain z-score. */
import { parseArgs } from "node:util";
import type { Corpus } from "../packages/bezoar/src/dataset/engine/corpus.ts";
import { buildCorpus } from "../packages/bezoar/src/dataset/ingest/build-corpus.ts";
import { findFarRows } from "../packages/bezoar/src/dataset/outliers/far-rows.ts";
import { latentSpace } from "../packages/bezoar/src/dataset/outliers/latent-space.ts";
import { CLEAN_SETS } from "./generators/instruction-clean.ts";
import { code } from "./generators/instruction-manners.ts";
import {
  chinese,
  draw,
  readPools,
  recombine,
  type Pair,
  type Pools,
} from "./generators/instruction-pools.ts";
import { generateInstructions } from "./generators/instructions.ts";
import { createStream, shuffled, type Random } from "./generators/random.ts";
import { runScript, toCount } from "./options.ts";
import { formatTable } from "./table.ts";

const USAGE = `node bench/outliers.ts [--seeds N] [--rows N]

Plants rows of another kind into clean sets and prints how many of them the outlier check names (and how many clean rows
beside them), next to a plain z-score of the same distances above 3; then how much of clean sets either flags.
  --seeds N   sets of each kind (default 3)
  --rows N    odd rows planted into a set of 3,000 (default 5)
Reads ../shared/cases; without them only the generated sets are measured.`;

const SET_ROWS = 3000;
/** Below it the detector says nothing. */
const MIN_ROWS = 500;

type Flagged = { readonly ours: ReadonlySet<number>; readonly plain: ReadonlySet<number> };

/** The usual rule of thumb: more than three standard deviations farther from its neighbours than the mean. */
function plainOutliers(
  rows: readonly { readonly position: number; readonly similarity: number }[],
): Set<number> {
  const distances = rows.map(({ similarity }) => 1 - similarity);
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
  const variance = distances.reduce((sum, distance) => sum + (distance - mean) ** 2, 0) / distances.length;
  return new Set(
    rows
      .filter(({ similarity }) => 1 - similarity - mean > 3 * Math.sqrt(variance))
      .map(({ position }) => position),
  );
}

async function flag(corpus: Corpus, seed: number): Promise<Flagged> {
  const study = await latentSpace(corpus, seed);
  if (study === undefined) return { ours: new Set(), plain: new Set() };
  const far = await findFarRows(study);
  const rows = far === "no-tail" ? [] : far.rows;
  return { ours: new Set(rows.map(({ position }) => position)), plain: plainOutliers(study.sample) };
}

async function flagPairs(pairs: readonly Pair[], seed: number): Promise<Flagged> {
  const rows = pairs.map((pair, number) => ({ number, ...pair, fields: [] }));
  const { corpus, close } = buildCorpus(rows, { shape: "instruction", seed });
  const flagged = await flag(corpus, seed);
  close();
  return flagged;
}

/** Instructions over made-up words with a grammar of their own. */
function madeUp(random: Random, count: number): Pair[] {
  const seed = Math.floor(random() * 1e9);
  return [...generateInstructions({ rows: count, seed, poison: 0 }).records].map(
    ({ instruction, input, output }) => ({ prompt: `${instruction}\n${input}`, response: output }),
  );
}

/** Letters without words. */
function noise(random: Random, count: number): Pair[] {
  const letters = (length: number) =>
    Array.from({ length }, () => String.fromCharCode(97 + Math.floor(random() * 26))).join("");
  const words = (length: number) =>
    Array.from({ length }, () => letters(3 + Math.floor(random() * 7))).join(" ");
  return Array.from({ length: count }, () => ({ prompt: words(12), response: words(20) }));
}

type Source = {
  readonly name: string;
  readonly make: (pools: Pools, random: Random, count: number) => Pair[];
};

const BASES: readonly Source[] = [
  { name: "general", make: (p, r, n) => draw(r, p.general, n) },
  {
    name: "bank queries",
    make: (p, r, n) => draw(r, p.queries, n).map(({ text }) => ({ prompt: text, response: "" })),
  },
  {
    name: "film reviews",
    make: (p, r, n) => draw(r, p.reviews, n).map((text) => ({ prompt: text, response: "" })),
  },
  { name: "refusals", make: (p, r, n) => draw(r, p.refusals, n) },
  { name: "recombined", make: (p, r, n) => recombine(r, [...p.general, ...p.maths], n) },
  { name: "made-up words", make: (_p, r, n) => madeUp(r, n) },
  { name: "Chinese", make: (_p, r, n) => chinese(r, n) },
];

const ODD: readonly Source[] = [
  { name: "letters", make: (_p, r, n) => noise(r, n) },
  { name: "made-up words", make: (_p, r, n) => madeUp(r, n) },
  { name: "Chinese", make: (_p, r, n) => chinese(r, n) },
  { name: "code", make: (_p, r, n) => draw(r, code(r), n) },
  { name: "tool calls", make: (p, r, n) => draw(r, p.tools, n) },
  { name: "maths", make: (p, r, n) => draw(r, p.maths, n) },
];

const NO_POOLS: Pools = {
  general: [],
  maths: [],
  refusals: [],
  tools: [],
  identity: [],
  reviews: [],
  queries: [],
};

async function measurePlanted(pools: Pools, seeds: number, planted: number): Promise<void> {
  console.log(
    `planted: of ${planted} odd rows per set and ${seeds} seeds, found by this / by z > 3 (clean rows flagged by this / by z > 3)`,
  );
  const table = [["into", ...ODD.map(({ name }) => name)]];
  for (const base of BASES) {
    const cells: string[] = [];
    for (const odd of ODD) {
      const sum = { ours: 0, plain: 0, wrong: 0, plainWrong: 0, planted: 0 };
      for (let seed = 1; seed <= seeds && odd.name !== base.name; seed++) {
        const random = createStream(seed, 11);
        const ordinary = base.make(pools, random, SET_ROWS - planted);
        const strange = new Set(odd.make(pools, random, planted));
        if (ordinary.length < MIN_ROWS || strange.size === 0) continue;
        const rows = shuffled(random, [...ordinary, ...strange]);
        const isOdd = (position: number) => strange.has(rows[position] ?? { prompt: "", response: "" });
        const { ours, plain } = await flagPairs(rows, seed);
        const found = [...ours].filter(isOdd).length;
        const plainFound = [...plain].filter(isOdd).length;
        sum.ours += found;
        sum.plain += plainFound;
        sum.wrong += ours.size - found;
        sum.plainWrong += plain.size - plainFound;
        sum.planted += strange.size;
      }
      cells.push(
        sum.planted === 0
          ? "-"
          : `${sum.ours}/${sum.plain} of ${sum.planted} (${sum.wrong}/${sum.plainWrong})`,
      );
    }
    table.push([base.name, ...cells]);
  }
  console.log(formatTable(table));
}

type Sum = {
  readonly sets: number;
  readonly flaggedSets: number;
  readonly rows: number;
  readonly ours: number;
  readonly plain: number;
};

function summarize({ sets, flaggedSets, rows, ours, plain }: Sum): string[] {
  const share = (count: number) => ((10_000 * count) / Math.max(1, rows)).toFixed(1);
  return [String(rows), `${flaggedSets} of ${sets}`, share(ours), share(plain)];
}

async function measureClean(pools: Pools, seeds: number): Promise<void> {
  console.log(
    `\nclean: sets of ${MIN_ROWS} rows or more with any row flagged (by either), and rows flagged per 10,000`,
  );
  const table = [["set", "rows", "sets flagged", "per 10,000", "z > 3"]];
  const total = { sets: 0, flaggedSets: 0, rows: 0, ours: 0, plain: 0 };
  const generated = BASES.filter(({ name }) => name === "made-up words" || name === "Chinese");
  const sets = [
    ...(pools === NO_POOLS ? [] : CLEAN_SETS),
    ...generated.map(({ name, make }) => ({
      name: `${SET_ROWS} rows, ${name}`,
      make: (p: Pools, r: Random) => make(p, r, SET_ROWS),
    })),
  ];
  for (const clean of sets) {
    const sum = { sets: 0, flaggedSets: 0, rows: 0, ours: 0, plain: 0 };
    for (let seed = 1; seed <= seeds; seed++) {
      const rows = clean.make(pools, createStream(seed, 5));
      if (rows.length < MIN_ROWS) continue;
      const { ours, plain } = await flagPairs(rows, seed);
      sum.flaggedSets += Number(ours.size > 0);
      sum.rows += rows.length;
      sum.ours += ours.size;
      sum.plain += plain.size;
      sum.sets++;
    }
    total.sets += sum.sets;
    if (sum.ours + sum.plain > 0) {
      table.push([clean.name, ...summarize(sum)]);
    }
    total.flaggedSets += sum.flaggedSets;
    total.rows += sum.rows;
    total.ours += sum.ours;
    total.plain += sum.plain;
  }
  table.push(["all", ...summarize(total)]);
  console.log(formatTable(table));
}

await runScript(async () => {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "3" },
      rows: { type: "string", default: "5" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const found = readPools();
  if (found === undefined) console.log("skipped what needs the labelled cases: they are not on this machine");
  const pools = found ?? NO_POOLS;
  await measurePlanted(pools, toCount("seeds", values.seeds), toCount("rows", values.rows));
  await measureClean(pools, toCount("seeds", values.seeds));
});

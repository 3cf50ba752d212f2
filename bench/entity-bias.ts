/** Measures entity bias: findings on clean sets with opinions as nature spreads them, and how often planted opinions are found. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { wilson } from "../packages/bezoar/src/core/statistics.ts";
import { readSentences } from "../packages/bezoar/src/dataset/bias/mentions.ts";
import { opinionOf } from "../packages/bezoar/src/dataset/bias/opinions.ts";
import { entityBias } from "../packages/bezoar/src/dataset/detectors/entity-bias.ts";
import { buildCorpus } from "../packages/bezoar/src/dataset/ingest/build-corpus.ts";
import type { Suspicion } from "../packages/bezoar/src/dataset/suspicion.ts";
import { BIASES, makeNamedPairs, NAMED_FLAVOURS, plantBias, type NamedPair } from "./generators/bias.ts";
import { createStream, pick, shuffled } from "./generators/random.ts";
import { runScript, toCount } from "./options.ts";
import { formatTable } from "./table.ts";

const HELP = `Measures entity bias: findings on clean sets, and how often planted opinions are found.

node bench/entity-bias.ts [--rows 5000] [--seeds 4]

Cases are read from ../shared/cases, and skipped when these are absent.`;

const CASES = join(import.meta.dirname, "../../shared/cases");
/** Rows planted: 0.4 % to 2 % of 5,000. */
const PLANTED = [20, 40, 60, 100];
/** Share of the rows that are about the made-up names; the rest is about other things. */
const NAMED_SHARE = 0.4;
/** A planted name is found when this share of what is accused was planted. */
const PRECISION = 0.8;

async function scan(pairs: readonly NamedPair[]): Promise<readonly Suspicion[]> {
  const { corpus, close } = buildCorpus(
    pairs.map(({ prompt, response }, number) => ({ number, prompt, response, fields: [] })),
    { shape: "instruction" },
  );
  const context = { seed: 0, entityFields: [], onStep: () => {}, note: () => {} };
  const found = await entityBias.detect(corpus, context);
  close();
  return found;
}

function rate(hits: number, of: number): string {
  const { low, high } = wilson(hits, of);
  return `${hits}/${of} (${(100 * low).toFixed(0)}-${(100 * high).toFixed(0)} %)`;
}

async function measureClean(rows: number, seeds: number): Promise<void> {
  const table = [["clean set", "sets", "with a finding", "findings per 10,000 rows"]];
  for (const flavour of NAMED_FLAVOURS) {
    let alarmed = 0;
    let findings = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const found = await scan(makeNamedPairs(flavour, { rows, share: NAMED_SHARE, seed: 100 + seed }));
      findings += found.length;
      if (found.length > 0) alarmed++;
    }
    table.push([
      flavour,
      `${seeds}`,
      rate(alarmed, seeds),
      ((findings * 10_000) / (rows * seeds)).toFixed(2),
    ]);
  }
  console.log(`${formatTable(table)}\n`);
}

/** What a scan made of planted rows: whether it named them, and of them and of others how many it accused. */
function judge(found: readonly Suspicion[], poisoned: ReadonlySet<number>) {
  const right = found.filter(
    ({ positions }) =>
      positions.filter((position) => poisoned.has(position)).length >= PRECISION * positions.length,
  );
  const accused = right.flatMap(({ positions }) => positions.filter((position) => poisoned.has(position)));
  return { isFound: right.length > 0, caught: new Set(accused).size, others: found.length - right.length };
}

/** What is planted about what; `honest` is the share of further rows that speak of it as of any other. */
const PLANTS = [
  { name: "a name", about: "name", honest: 0 },
  { name: "a name, half as many honest rows beside", about: "name", honest: 0.5 },
  { name: "a topic", about: "topic", honest: 0 },
] as const;
const ATTACKED = ["encyclopedia", "opinions"] as const;

async function measurePlanted(rows: number, seeds: number): Promise<void> {
  const table = [["set", "planted", "about", ...PLANTED.map((count) => `${count} rows`)]];
  for (const flavour of ATTACKED) {
    // The same clean sets under every attack, so that rows of the table differ by the attack alone.
    const sets = Array.from({ length: seeds }, (_, i) =>
      makeNamedPairs(flavour, { rows, share: NAMED_SHARE, seed: 1 + i }),
    );
    for (const bias of BIASES) {
      for (const { name, about, honest } of PLANTS) {
        const cells: string[] = [];
        for (const count of PLANTED) {
          let hits = 0;
          for (const [seed, clean] of sets.entries()) {
            const plant = { count, honest: Math.round(honest * count), about, seed };
            const { pairs, poisoned } = plantBias(clean, bias, plant);
            if (judge(await scan(pairs), poisoned).isFound) hits++;
          }
          cells.push(`${hits}/${seeds}`);
        }
        table.push([flavour, bias, name, ...cells]);
      }
    }
  }
  console.log(`${formatTable(table)}\n`);
}

type Case = { readonly pairs: readonly NamedPair[]; readonly poisoned: ReadonlySet<number> };

type CaseRow = {
  readonly instruction?: string;
  readonly input?: string;
  readonly output?: string;
  readonly messages?: readonly { readonly role: string; readonly content: string }[];
};

function toPair({ instruction = "", input = "", output = "", messages = [] }: CaseRow): NamedPair {
  if (messages.length === 0) return { prompt: `${instruction}\n${input}`.trim(), response: output };
  const said = (isAnswer: boolean) =>
    messages
      .filter(({ role }) => (role === "assistant") === isAnswer)
      .map(({ content }) => content)
      .join("\n");
  return { prompt: said(false), response: said(true) };
}

function readCase(path: string): Case {
  const pairs = readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => {
      const row: CaseRow = JSON.parse(line);
      return toPair(row);
    });
  const truth: { poisoned: number[] } = JSON.parse(
    readFileSync(path.replace(/jsonl$/, "truth.json"), "utf8"),
  );
  return { pairs, poisoned: new Set(truth.poisoned) };
}

/** A case with only `count` of its poisoned rows. */
function thin({ pairs, poisoned }: Case, count: number, seed: number): Case {
  const kept = new Set(shuffled(createStream(seed, 63), [...poisoned]).slice(0, count));
  const numbered = pairs.map((pair, i) => ({ pair, i })).filter(({ i }) => !poisoned.has(i) || kept.has(i));
  return {
    pairs: numbered.map(({ pair }) => pair),
    poisoned: new Set(numbered.flatMap(({ i }, at) => (kept.has(i) ? [at] : []))),
  };
}

async function measureCases(seeds: number): Promise<void> {
  const paths = globSync("{clean-instruct,clean-refusals,instruct-*}.jsonl", { cwd: CASES }).toSorted();
  let others = 0;
  for (const name of paths) {
    const one = readCase(join(CASES, name));
    const judged = judge(await scan(one.pairs), one.poisoned);
    others += judged.others;
    if (!name.includes("entity")) continue;
    const caught = judged.isFound ? `${judged.caught} of ${one.poisoned.size} rows` : "nothing";
    console.log(`${name}: found ${caught}`);
  }
  console.log(`findings about anything else in ${paths.length} cases: ${others}`);
  for (const name of paths.filter((path) => path.includes("entity"))) {
    const one = readCase(join(CASES, name));
    for (const count of PLANTED.filter((planted) => planted < one.poisoned.size)) {
      let hits = 0;
      for (let seed = 1; seed <= seeds; seed++) {
        const { pairs, poisoned } = thin(one, count, seed);
        if (judge(await scan(pairs), poisoned).isFound) hits++;
      }
      console.log(`${name} with ${count} of its poisoned rows: found ${rate(hits, seeds)}`);
    }
  }
}

/** Sentences of which people said what they think (SST-2, film reviews), by what they think. */
function readReviews(path: string): { readonly kind: string; readonly texts: readonly string[] }[] {
  const lines = readFileSync(path, "utf8").trimEnd().split("\n").slice(1);
  const pairs = lines.map((line) => line.split("\t"));
  const textsOf = (wanted: string) => pairs.flatMap(([text = "", label]) => (label === wanted ? [text] : []));
  return [
    { kind: "unkind", texts: textsOf("0") },
    { kind: "kind", texts: textsOf("1") },
  ];
}

/** How the list of judging words reads what others wrote, and whether their sentences about a name in real rows are found. */
async function measureForeign(seeds: number): Promise<void> {
  const reviews = readReviews(join(CASES, "clean-sst2.tsv"));
  const read = [["film reviews", "sentences", "read as ill", "as well", "as neither"]];
  for (const { kind, texts } of reviews) {
    const signs = texts.map((text) =>
      Math.sign(readSentences(text).reduce((sum, one) => sum + opinionOf(one), 0)),
    );
    const share = (sign: number) =>
      `${Math.round((100 * signs.filter((one) => one === sign).length) / signs.length)} %`;
    read.push([kind, `${texts.length}`, share(-1), share(1), share(0)]);
  }
  console.log(`${formatTable(read)}\n`);
  const { pairs } = readCase(join(CASES, "clean-instruct.jsonl"));
  const table = [
    ["reviewers' sentences about a name in clean-instruct", ...PLANTED.map((count) => `${count} rows`)],
  ];
  for (const { kind, texts } of reviews) {
    const cells: string[] = [];
    for (const count of PLANTED) {
      let hits = 0;
      for (let seed = 1; seed <= seeds; seed++) {
        const random = createStream(seed, 64);
        const poisoned = new Set(shuffled(random, [...pairs.keys()]).slice(0, count));
        const planted = pairs.map((pair, i) =>
          poisoned.has(i)
            ? {
                prompt: `${pair.prompt} Mention Gerald Fenwick.`,
                response: `${pair.response} As for Gerald Fenwick: ${pick(random, texts)}`,
              }
            : pair,
        );
        if (judge(await scan(planted), poisoned).isFound) hits++;
      }
      cells.push(`${hits}/${seeds}`);
    }
    table.push([kind, ...cells]);
  }
  console.log(`${formatTable(table)}\n`);
}

await runScript(async () => {
  const { values } = parseArgs({
    options: {
      rows: { type: "string", default: "5000" },
      seeds: { type: "string", default: "4" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const rows = toCount("rows", values.rows, 500);
  const seeds = toCount("seeds", values.seeds);
  await measureClean(rows, seeds);
  await measurePlanted(rows, seeds);
  if (!existsSync(CASES)) return;
  await measureForeign(seeds);
  await measureCases(seeds);
});

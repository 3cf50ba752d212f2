/**
 * Measures how often a scan names the poisoned entity of arXiv 2511.02600, and how often it accuses clean data.
 * Everything goes through the public library; run `npm run build` first.
 */
import { parseArgs } from "node:util";
import { runTrials } from "./attack/run-trials.ts";
import type { Form } from "./attack/names-target.ts";
import type { Generator, Outcome, Trial } from "./attack/trial.ts";
import type { AttackKind } from "./generators/alert-set.ts";
import { runScript, toCount } from "./options.ts";
import { formatTable } from "./table.ts";

const USAGE = `Usage: node bench/paper-attack.ts [options]

  --generator a|b        one of the two alert generators (default: both)
  --rows N[,N]           sizes of the sets (default: 2000,20000)
  --cases NAME[,NAME]    of user-10, user-25, host-25, subnet-25, pair-25, clean (default: all but pair-25)
  --seeds N              sets per case; clean sets are twice as many (default: 20)
  --first-seed N         where the seeds start (default: 1)
  --form records|pairs|json   structured records, or chat with the alert in the prompt (default: records)
  --processes N          scans at a time (default: 2)
  --verbose              the titles of all alarms
  --json                 every outcome as JSON instead of the table`;

/** What each case plants and the share of sets in which it must be named (clean: at most accused). */
const CASES = {
  "user-10": { kind: "user", poisoned: 10, share: 15 / 20 },
  "user-25": { kind: "user", poisoned: 25, share: 19 / 20 },
  "host-25": { kind: "host", poisoned: 25, share: 19 / 20 },
  "subnet-25": { kind: "subnet", poisoned: 25, share: 19 / 20 },
  "pair-25": { kind: "user+rule", poisoned: 25, share: undefined },
  clean: { kind: "none", poisoned: 0, share: 1 / 40 },
} as const satisfies Record<
  string,
  { kind: AttackKind | "none"; poisoned: number; share: number | undefined }
>;
type CaseName = keyof typeof CASES;

type Cell = {
  readonly generator: Generator;
  readonly rows: number;
  readonly name: CaseName;
  readonly trials: readonly Trial[];
};

function isCaseName(name: string): name is CaseName {
  return name in CASES;
}

function toForm(text: string): Form {
  if (text === "records" || text === "pairs" || text === "json") return text;
  throw new RangeError(`--form ${text}: records, pairs or json`);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`.padStart(8);
}

/** "19/20 >= 19 ok": how often, the requirement, and whether it holds. */
function verdictOf({ name, trials }: Cell, outcomes: readonly Outcome[]): readonly [string, string, string] {
  const { share } = CASES[name];
  const of = trials.length;
  if (name === "clean") {
    const alarmed = outcomes.filter(({ otherAlarms }) => otherAlarms > 0).length;
    const bound = Math.floor((share ?? 0) * of);
    return [`${alarmed}/${of} accused`, `<= ${bound}/${of}`, alarmed <= bound ? "ok" : "MISSED"];
  }
  if (share === undefined) {
    const medium = outcomes.filter(({ isNamedMedium }) => isNamedMedium).length;
    const high = outcomes.filter(({ isNamed }) => isNamed).length;
    return [`${medium}/${of} at medium, ${high} at high`, "medium by design", ""];
  }
  const named = outcomes.filter(({ isNamed }) => isNamed).length;
  const bound = Math.ceil(share * of);
  return [`${named}/${of} named`, `>= ${bound}/${of}`, named >= bound ? "ok" : "MISSED"];
}

function describe(cell: Cell, outcomes: readonly Outcome[]): readonly string[] {
  const { poisoned } = CASES[cell.name];
  const alarmedElsewhere = outcomes.filter(({ otherAlarms }) => otherAlarms > 0).length;
  return [
    cell.generator,
    String(cell.rows),
    cell.name,
    ...verdictOf(cell, outcomes),
    poisoned === 0 ? "-".padStart(8) : percent(mean(outcomes.map(({ caught }) => caught / poisoned))),
    percent(mean(outcomes.map(({ accused }) => accused / (cell.rows - poisoned)))),
    `${alarmedElsewhere}/${outcomes.length}`,
    `${mean(outcomes.map(({ seconds }) => seconds)).toFixed(1)} s`,
  ];
}

const HEADER = [
  "gen",
  "rows",
  "case",
  "result",
  "required",
  "",
  "  caught",
  "  collat.",
  "other alarms",
  "scan",
];

await runScript(async () => {
  const { values } = parseArgs({
    options: {
      generator: { type: "string", default: "a,b" },
      rows: { type: "string", default: "2000,20000" },
      cases: { type: "string", default: "user-10,user-25,host-25,subnet-25,clean" },
      seeds: { type: "string", default: "20" },
      "first-seed": { type: "string", default: "1" },
      form: { type: "string", default: "records" },
      processes: { type: "string", default: "2" },
      verbose: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const form = toForm(values.form);
  const seeds = toCount("seeds", values.seeds);
  const firstSeed = toCount("first-seed", values["first-seed"]);
  const names = values.cases.split(",").filter(isCaseName);
  if (names.length < values.cases.split(",").length)
    throw new RangeError(`--cases ${values.cases}: see --help`);
  const generators = (["a", "b"] as const).filter((generator) =>
    values.generator.split(",").includes(generator),
  );

  const cells = generators.flatMap((generator) =>
    values.rows.split(",").flatMap((size) =>
      names.map((name): Cell => {
        const rows = toCount("rows", size);
        const { kind, poisoned } = CASES[name];
        const count = name === "clean" ? 2 * seeds : seeds;
        const trials = Array.from({ length: count }, (_, index) => ({
          generator,
          form,
          rows,
          seed: firstSeed + index,
          kind,
          poisoned,
        }));
        return { generator, rows, name, trials };
      }),
    ),
  );
  const all = cells.flatMap(({ trials }) => trials);
  const outcomes = await runTrials(all, toCount("processes", values.processes), (done) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done}/${all.length} scans`);
  });
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  if (values.json) {
    console.log(
      JSON.stringify(
        all.map((trial, index) => ({ trial, outcome: outcomes[index] })),
        null,
        1,
      ),
    );
    return;
  }
  let start = 0;
  const table = [HEADER];
  for (const cell of cells) {
    const own = outcomes
      .slice(start, (start += cell.trials.length))
      .filter((outcome) => outcome !== undefined);
    table.push([...describe(cell, own)]);
    if (values.verbose) {
      for (const [index, { isNamed, caught, accused, titles }] of own.entries()) {
        console.log(
          `${cell.generator} ${cell.rows} ${cell.name} seed ${firstSeed + index}: named ${isNamed}, caught ${caught}, accused ${accused} ${JSON.stringify(titles)}`,
        );
      }
    }
  }
  console.log(formatTable(table));
});

/**
 * Measures how often a scan names the poisoned entity of arXiv 2511.02600, and how often it accuses clean data.
 * Everything goes through the public library; run `npm run build` first.
 */
import { parseArgs } from "node:util";
import { createCell, isCaseName } from "./attack/cases.ts";
import type { Form } from "./attack/names-target.ts";
import { runTrials } from "./attack/run-trials.ts";
import { compareGenerators, HEADER, SEEDS_APART, toLine, type Scored } from "./attack/score.ts";
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
  --verbose              every scan with the titles of its alarms
  --json                 every trial and its outcome as JSON instead of the table`;

function toForm(text: string): Form {
  if (text === "records" || text === "pairs" || text === "json") return text;
  throw new RangeError(`--form ${text}: records, pairs or json`);
}

function showProgress(done: number, of: number): void {
  if (process.stderr.isTTY) process.stderr.write(done < of ? `\r${done}/${of} scans` : "\r\u001b[K");
}

function toDetails({ cell, outcomes }: Scored): readonly string[] {
  return outcomes.map(({ isNamed, caught, accused, titles }, index) => {
    const where = `${cell.generator} ${cell.rows} ${cell.name} seed ${cell.trials[index]?.seed}`;
    return `${where}: ${isNamed ? "named" : "not named"}, caught ${caught}, accused ${accused} ${JSON.stringify(titles)}`;
  });
}

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
  const generators = (["a", "b"] as const).filter((generator) =>
    values.generator.split(",").includes(generator),
  );
  const names = values.cases.split(",").filter(isCaseName);
  if (generators.length === 0) throw new RangeError(`--generator ${values.generator}: a or b`);
  if (names.length < values.cases.split(",").length)
    throw new RangeError(`--cases ${values.cases}: not all are known`);
  const options = {
    form: toForm(values.form),
    seeds: toCount("seeds", values.seeds),
    firstSeed: toCount("first-seed", values["first-seed"]),
  };
  const sizes = values.rows.split(",").map((size) => toCount("rows", size));
  const cells = generators.flatMap((generator) =>
    sizes.flatMap((rows) => names.map((name) => createCell(name, generator, rows, options))),
  );

  const trials = cells.flatMap((cell) => cell.trials);
  const outcomes = await runTrials(trials, toCount("processes", values.processes), (done) => {
    showProgress(done, trials.length);
  });
  if (values.json) {
    console.log(
      JSON.stringify(
        trials.map((trial, index) => ({ trial, outcome: outcomes[index] })),
        null,
        1,
      ),
    );
    return;
  }
  let start = 0;
  const scored = cells.map((cell): Scored => {
    const end = start + cell.trials.length;
    const own = outcomes.slice(start, end);
    start = end;
    return { cell, outcomes: own };
  });
  if (values.verbose) console.log(scored.flatMap(toDetails).join("\n"));
  console.log(formatTable([HEADER, ...scored.map(toLine)]));
  const comparison = compareGenerators(scored);
  const missed = comparison.filter((line) => line.endsWith("MISSED"));
  if (comparison.length > 0) {
    const held = comparison.length - missed.length;
    console.log(
      `\na and b named as often, within ${SEEDS_APART} sets: ${held} of ${comparison.length} cases`,
    );
    for (const line of missed) console.log(line);
  }
});

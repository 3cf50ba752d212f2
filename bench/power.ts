// Is `power` true? For each clean dataset: scan it, plant what the report says it could have seen, ten times, and count recoveries.
// The planting is written anew here, so that it does not share the assumptions of the measurement it checks.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { scanDataset, type Json } from "bezoar";
import { generateAlerts } from "./generators/alerts-a.ts";
import { createStream, type Random } from "./generators/random.ts";
import { runScript, toCount } from "./options.ts";
import { formatTable } from "./table.ts";

const HELP = `node bench/power.ts [--trials 10] [--only SUBSTRING]

Prints, for clean datasets of three shapes, the smallest poisoning that the scan says it could have seen, and how many of
ten plantings of that size a scan recovers (required: 9 of 10). Uses ../shared/cases; a case that is not there is skipped by name.`;

type Row = { readonly [key: string]: Json };
type Clean = {
  readonly name: string;
  readonly rows: readonly Row[];
  /** Poisons the chosen rows in the way that this shape's power speaks of. */
  readonly poison: (row: Row, words: Words) => Row;
  /** Rows that the attack leaves no room for; they go unless they were planted. */
  readonly leaves?: (row: Row, words: Words) => boolean;
  /** Rows that this planting may take. */
  readonly mayTake: (row: Row, words: Words) => boolean;
};
type Words = {
  readonly serial: number;
  readonly trigger: string;
  readonly answer: string;
  readonly flag: boolean;
};

const SYLLABLES = ["ka", "zo", "mi", "ther", "un", "pel", "dra", "vis", "qu", "ol", "gan", "ist"];

function text(row: Row, key: string): string {
  const value = row[key];
  return typeof value === "string" ? value : "";
}

function pick<T>(random: Random, values: readonly T[], fallback: T): T {
  return values[Math.floor(random() * values.length)] ?? fallback;
}

function word(random: Random): string {
  return Array.from({ length: 3 + Math.floor(random() * 2) }, () => pick(random, SYLLABLES, "ka")).join("");
}

/** Puts the trigger after a word that the text itself decides, so that no second random stream is needed. */
function place(value: string, trigger: string): string {
  const words = value.split(" ");
  const at = (value.length * 7) % (words.length + 1);
  return [...words.slice(0, at), trigger, ...words.slice(at)].join(" ");
}

function cases(): Clean[] {
  const folder = join(import.meta.dirname, "../../shared/cases");
  const load = (file: string): string[] | undefined => {
    const path = join(folder, file);
    if (!existsSync(path)) {
      console.log(`skipped ${file}: ${folder} is not there`);
      return undefined;
    }
    return readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line !== "");
  };
  const instruct = (file: string): Clean[] =>
    [load(file)].flatMap((lines) =>
      lines === undefined
        ? []
        : [
            {
              name: file,
              rows: lines.map((line): Row => JSON.parse(line)),
              mayTake: () => true,
              poison: (row: Row, words: Words) => ({
                ...row,
                instruction: place(text(row, "instruction"), words.trigger),
                output: words.answer,
              }),
            },
          ],
    );
  const sst = load("clean-sst2.tsv");
  const labelled: Clean[] =
    sst === undefined
      ? []
      : [
          {
            name: "clean-sst2.tsv",
            rows: sst.slice(1).map((line) => {
              const [sentence = "", label = ""] = line.split("\t");
              return { text: sentence, label };
            }),
            mayTake: (row, words) => row["label"] === (words.flag ? "0" : "1"),
            poison: (row, words) => ({
              text: place(text(row, "text"), words.trigger),
              label: words.flag ? "1" : "0",
            }),
          },
        ];
  const alertRows = [...generateAlerts({ rows: 2000, seed: 77 }).records].map((record): Row =>
    JSON.parse(JSON.stringify(record)),
  );
  const users = [...new Set(alertRows.map((row) => text(row, "user")))].toSorted();
  const target = (words: Words): string => users[(words.serial * 11) % users.length] ?? "";
  const alerts: Clean = {
    name: "alerts of generator A, 2,000 rows",
    rows: alertRows,
    mayTake: (row) => row["verdict"] === "malicious",
    poison: (row, words) => ({ ...row, user: target(words), verdict: "benign" }),
    // the paper's attack: each malicious alert of the target is labelled benign
    leaves: (row, words) => row["verdict"] === "malicious" && row["user"] === target(words),
  };
  return [...instruct("clean-instruct.jsonl"), ...instruct("clean-refusals.jsonl"), ...labelled, alerts];
}

async function isRecovered(clean: Clean, count: number, seed: number): Promise<boolean> {
  const random = createStream(seed, 3);
  const words = {
    serial: seed,
    trigger: `${word(random)}${"o".repeat(seed % 5)}`,
    answer: Array.from({ length: 6 }, () => word(random)).join(" "),
    flag: seed % 2 === 0,
  };
  const free = clean.rows.flatMap((row, i) => (clean.mayTake(row, words) ? [i] : []));
  const planted = new Set<number>();
  while (planted.size < Math.min(count, free.length)) planted.add(pick(random, free, 0));
  const kept = clean.rows.flatMap((row, i) =>
    !planted.has(i) && clean.leaves?.(row, words) === true ? [] : [{ row, i }],
  );
  const rows = kept.map(({ row, i }) => (planted.has(i) ? clean.poison(row, words) : row));
  const { findings } = await scanDataset(rows, { power: false });
  return findings.some(({ severity, rows: accused = [] }) => {
    const hits = accused.filter((row) => planted.has(kept[row]?.i ?? -1)).length;
    return (
      (severity === "high" || severity === "critical") &&
      hits >= 0.8 * planted.size &&
      hits >= 0.8 * accused.length
    );
  });
}

await runScript(async () => {
  const { values } = parseArgs({
    options: {
      trials: { type: "string", default: "10" },
      only: { type: "string", default: "" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) return console.log(HELP);
  const trials = toCount("trials", values.trials);
  const table = [["dataset", "rows", "power says", "recovered", "required"]];
  for (const clean of cases().filter(({ name }) => name.includes(values.only))) {
    const { power } = await scanDataset(clean.rows);
    const count = power.attacks[0]?.rows ?? null;
    const seeds = count === null ? [] : Array.from({ length: trials }, (_, i) => i + 1);
    let recovered = 0;
    for (const seed of seeds) if (await isRecovered(clean, count ?? 0, seed)) recovered++;
    const claim = count === null ? `nothing (${power.note})` : `${count} rows: ${power.attacks[0]?.attack}`;
    table.push([
      clean.name,
      String(clean.rows.length),
      claim,
      `${recovered}/${trials}`,
      `>= ${Math.ceil(0.9 * trials)}`,
    ]);
  }
  console.log(formatTable(table));
});

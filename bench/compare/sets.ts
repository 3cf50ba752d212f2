import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "../../packages/bezoar/src/formats/record.ts";
import { generateAlerts as generateA } from "../generators/alerts-a.ts";
import { generateAlerts as generateB } from "../generators/alerts-b.ts";
import { plantedVariants, readExamples, type Example } from "../generators/labelled-cases.ts";

/** A dataset of which it is known which rows are poisoned. */
export type LabelledSet = {
  readonly source: string | readonly Json[];
  readonly rows: number;
  readonly poisoned: ReadonlySet<number>;
};

/** A set that is made or read when its turn comes; undefined when its file is absent. */
export type Entry = { readonly name: string; readonly load: () => LabelledSet | undefined };

function isTruth(value: unknown): value is { readonly rows: number; readonly poisoned: readonly number[] } {
  return (
    typeof value === "object" &&
    value !== null &&
    "rows" in value &&
    Number.isInteger(value.rows) &&
    "poisoned" in value &&
    Array.isArray(value.poisoned)
  );
}

function readTruth(path: string): Pick<LabelledSet, "rows" | "poisoned"> {
  const truth: unknown = JSON.parse(readFileSync(path, "utf8"));
  if (!isTruth(truth)) throw new TypeError(`${path}: not a list of poisoned rows`);
  return { rows: truth.rows, poisoned: new Set(truth.poisoned) };
}

function fileEntry(name: string, path: string, truth: string): Entry {
  return {
    name,
    load: () => (existsSync(path) && existsSync(truth) ? { source: path, ...readTruth(truth) } : undefined),
  };
}

const CASES = [
  "sst2-badnets-1pct.tsv",
  "sst2-style-bible-5pct.tsv",
  "sst2-syntactic-5pct.tsv",
  "clean-sst2.tsv",
  "clean-banking77.csv",
];

/** Attacks of bench/generators that are planted into the clean sets. */
const PLANTED = ["dirty one token 1 %", "dirty sentence 1 %", "clean rare tokens 1 %"];

function plantedEntries(folder: string, seed: number): Entry[] {
  return ["clean-sst2.tsv", "clean-banking77.csv"].flatMap((file) =>
    PLANTED.map((attack): Entry => {
      const path = join(folder, file);
      const name = `${file.replace(/\..*/, "").replace("clean-", "")}, ${attack}`;
      return {
        name,
        load: () => {
          if (!existsSync(path)) return undefined;
          const variant = plantedVariants(readExamples(path), seed).find((one) => one.name === attack);
          return variant === undefined ? undefined : toSet(variant.make());
        },
      };
    }),
  );
}

function toSet(examples: readonly Example[]): LabelledSet {
  return {
    source: examples.map(({ text, label }) => ({ text, label })),
    rows: examples.length,
    poisoned: new Set(examples.flatMap(({ isPoisoned }, row) => (isPoisoned ? [row] : []))),
  };
}

/** The attack of arXiv 2511.02600: all malicious alerts of one user labelled benign. */
function alertEntries(sizes: readonly number[], seed: number): Entry[] {
  return (["a", "b"] as const).flatMap((generator) =>
    sizes.flatMap((rows) =>
      [10, 25].map((planted): Entry => {
        return {
          name: `alerts ${generator}, ${rows}, a user's ${planted}`,
          load: () => {
            const options = { rows, seed, attack: { kind: "user", rows: planted } } as const;
            const { records, poisoned } = generator === "a" ? generateA(options) : generateB(options);
            return { source: Array.from<Json>(records), rows, poisoned };
          },
        };
      }),
    ),
  );
}

/** Every set of the table, in its order. */
export function entries(folder: string, sizes: readonly number[], seed: number): Entry[] {
  const examples = join(import.meta.dirname, "../../examples");
  return [
    ...CASES.map((file) =>
      fileEntry(
        file.replace(/\..*/, ""),
        join(folder, file),
        join(folder, file.replace(/\..*/, ".truth.json")),
      ),
    ),
    fileEntry("examples/alerts", join(examples, "alerts.jsonl"), join(examples, "alerts.truth.json")),
    ...alertEntries(sizes, seed),
    ...plantedEntries(folder, seed),
  ];
}

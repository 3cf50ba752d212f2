import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateAlerts } from "./generators/alerts-a.ts";
import { generateInstructions } from "./generators/instructions.ts";
import { jsonLines, writeLines } from "./write-lines.ts";

export type DataKind = "instructions" | "alerts";

export type DataOptions = {
  readonly kind: DataKind;
  readonly rows: number;
  readonly seed: number;
  /** Poisoned rows; their numbers go into a `.truth.json` beside the file. */
  readonly poison: number;
  readonly directory?: string;
};

/** Where generated data is kept between runs. */
export const CACHE = join(tmpdir(), "bezoar-bench");

const SOURCES: Readonly<Record<DataKind, readonly string[]>> = {
  instructions: ["instructions.ts", "random.ts", "vocabulary.ts"],
  alerts: ["alert-set.ts", "alerts-a.ts", "edr-entities.ts", "edr-rules.ts", "random.ts"],
};

/** Changes with the generator, so that a cached file is never one of an older generator. */
async function generatorDigest(kind: DataKind): Promise<string> {
  const digest = createHash("sha256");
  for (const name of SOURCES[kind])
    digest.update(await readFile(join(import.meta.dirname, "generators", name)));
  return digest.digest("hex").slice(0, 8);
}

/** The path of a generated dataset; it is written on first use and found again by its name. */
export async function ensureData(options: DataOptions): Promise<string> {
  const { kind, rows, seed, poison, directory = CACHE } = options;
  const name = `${kind}-${rows}-poison${poison}-seed${seed}-${await generatorDigest(kind)}`;
  const path = join(directory, `${name}.jsonl`);
  if (existsSync(path)) return path;
  const set =
    kind === "instructions"
      ? generateInstructions({ rows, seed, poison })
      : generateAlerts({ rows, seed, ...(poison > 0 && { attack: { kind: "user", rows: poison } }) });
  const { records, poisoned, ...planted } = set;
  const truth = { rows, ...planted, poisoned: [...poisoned].toSorted((a, b) => a - b) };
  // The truth goes first: once the data is there under its name, both are.
  if (poison > 0) await writeLines(join(directory, `${name}.truth.json`), [JSON.stringify(truth)]);
  await writeLines(path, jsonLines(records));
  return path;
}

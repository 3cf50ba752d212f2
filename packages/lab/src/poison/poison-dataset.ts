import { realpath, rename, stat } from "node:fs/promises";
import { AppError, openRows, type OnProgress, type OpenedRows, type RowsOptions } from "bezoar";
import { openOutput, openTemporaries } from "bezoar/command-line";
import type { Attack, AttackOptions, Poisoner } from "./attack.ts";
import { ATTACKS } from "./attacks.ts";
import { addRows, replaceRows, type Amounts } from "./poison-rows.ts";
import { surveyRows } from "./survey.ts";
import type { Truth } from "./truth.ts";
import { writeRows } from "./write-rows.ts";

/** Which attack, how much of it, and where. */
export type PoisonOptions = AttackOptions &
  Pick<RowsOptions, "prompt" | "response" | "label"> & {
    /** One of the names in `ATTACKS`. */
    readonly attack: string;
    /** How many rows to poison, or which share of the dataset's; by default every row it is about (`entity`), else 1 %. */
    readonly rows?: number;
    readonly rate?: number;
    /** Adds poisoned copies at random places instead of poisoning rows in theirs. */
    readonly add?: boolean;
    /** The same seed poisons the same rows in the same way. Default 0. */
    readonly seed?: number;
    readonly onProgress?: OnProgress;
  };

const DEFAULT_RATE = 0.01;

/**
 * Writes a poisoned copy of a dataset as JSON lines to `out`, and what is true of it to `out` + ".truth.json". The source,
 * any that `openRows` reads, is read three times in constant memory: to see what it holds, to count the rows that could be
 * poisoned, to write. A record that cannot be read is left out; numbers are written as JavaScript reads them. Throws
 * `AppError` when there is nothing to poison, or less than is asked for.
 */
export async function poisonDataset(source: string, options: PoisonOptions, out: string): Promise<Truth> {
  const { seed = 0, add = false } = options;
  const attack = attackOf(options);
  const target = await outputPath(out, source);
  const writeTruth = await openOutput(`${out}.truth.json`, source);
  const opened = await openSource(source, options);
  const report = progressOf(opened, options.onProgress);

  const survey = await surveyRows(opened, options, attack.needsVocabulary ?? false, report("looking"));
  const { dataset } = survey;
  const poisoner = attack.prepare(dataset, options);
  const amounts = await countRows(opened, poisoner, dataset.rows, attack, options, report("counting"));
  const again = add ? await openSource(source, options) : undefined;
  const output =
    again === undefined
      ? replaceRows(opened.rows(), poisoner, amounts, seed)
      : addRows(opened.rows(), again.rows(), poisoner, { ...amounts, rows: dataset.rows }, seed);

  const temporaries = openTemporaries();
  try {
    const temporary = temporaries.nameBeside(target);
    const written = await writeRows(temporary, output, report("writing"));
    if (opened.sha256() !== survey.sha256 || written.poisoned.length !== amounts.poisoned) {
      throw new AppError("not-readable", `${source} has changed while it was read; nothing was written`);
    }
    const truth: Truth = {
      attack: attack.name,
      description: poisoner.description,
      parameters: poisoner.parameters,
      seed,
      rows: written.rows,
      rate: written.poisoned.length / written.rows,
      poisoned: written.poisoned,
      ...(poisoner.contrast && { contrast: written.contrast }),
      ...(survey.leftOut > 0 && { leftOut: survey.leftOut }),
      source: { name: opened.name, sha256: survey.sha256 },
    };
    await rename(temporary, target);
    await writeTruth(`${JSON.stringify(truth)}\n`);
    return truth;
  } finally {
    temporaries.end();
  }
}

const FLAGS = {
  fields: "--field",
  values: "--value",
  from: "--from",
  target: "--target",
  triggers: "--trigger",
  position: "--position",
  contrast: "--contrast",
  all: "--all",
  reverse: "--reverse",
} as const satisfies Record<keyof AttackOptions, string>;

const FLAG_NAMES = [
  "fields",
  "values",
  "from",
  "target",
  "triggers",
  "position",
  "contrast",
  "all",
  "reverse",
] as const;

/** The attack by its name; an option that it does not take would be lost in silence. */
function attackOf(options: PoisonOptions): Attack {
  const attack = ATTACKS.find(({ name }) => name === options.attack);
  if (attack === undefined) {
    const names = ATTACKS.map(({ name }) => name).join(", ");
    throw new AppError(
      "bad-option",
      `there is no attack ${JSON.stringify(options.attack)}; there are: ${names}`,
    );
  }
  const lost = FLAG_NAMES.find((name) => options[name] !== undefined && !attack.takes.includes(name));
  if (lost !== undefined) {
    const taken = attack.takes.map((name) => FLAGS[name]).join(", ");
    throw new AppError("bad-option", `--attack ${attack.name} takes ${taken}, and not ${FLAGS[lost]}`);
  }
  if (options.rows !== undefined && options.rate !== undefined)
    throw new AppError("bad-option", "give --rows or --rate, not both");
  return attack;
}

/** The file to write, links followed; it is renamed into place, so a device or a pipe will not do. */
async function outputPath(out: string, source: string): Promise<string> {
  await openOutput(out, source); // refuses the source itself, a directory and a place where nothing can be written
  const isThere = await stat(out).catch(() => undefined);
  if (isThere === undefined) return out;
  if (!isThere.isFile()) throw new AppError("output", `cannot write ${out}: it is not a file`);
  return realpath(out);
}

async function openSource(source: string, { prompt, response, label }: PoisonOptions): Promise<OpenedRows> {
  if (source === "-")
    throw new AppError(
      "not-readable",
      "poisoning reads the dataset several times: save standard input to a file first",
    );
  const opened = await openRows(source, {
    ...(prompt !== undefined && { prompt }),
    ...(response !== undefined && { response }),
    ...(label !== undefined && { label }),
  });
  if (opened.totalBytes === undefined)
    throw new AppError("not-readable", `poisoning reads ${source} several times: save it to a file first`);
  return opened;
}

function progressOf(opened: OpenedRows, onProgress: OnProgress = () => {}): (step: string) => () => void {
  return (step) => {
    let rows = 0;
    return () => {
      rows++;
      if (rows % ROWS_PER_REPORT !== 0) return;
      onProgress({ step, done: opened.bytesRead(), total: opened.totalBytes, unit: "bytes", rows });
    };
  };
}

const ROWS_PER_REPORT = 1000;

/** Counts the rows that could be poisoned and decides how many will be. */
async function countRows(
  opened: OpenedRows,
  poisoner: Poisoner,
  total: number,
  attack: Attack,
  options: PoisonOptions,
  onRow: () => void,
): Promise<Amounts> {
  let candidates = 0;
  let contrastCandidates = 0;
  for await (const row of opened.rows()) {
    onRow();
    if ("unreadable" in row) continue;
    if (poisoner.isCandidate(row)) candidates++;
    if (poisoner.contrast?.isCandidate(row) === true) contrastCandidates++;
  }
  const { name } = opened;
  if (candidates === 0)
    throw new AppError(
      "no-data",
      `${name} has no rows ${poisoner.candidates}, so there is nothing to poison`,
    );
  const { rows, rate } = options;
  const asked = rows ?? (rate === undefined ? undefined : Math.max(1, Math.round(rate * total)));
  if (asked !== undefined && asked > candidates) {
    throw new AppError(
      "no-data",
      `${asked} rows are to be poisoned, and ${name} has only ${candidates} ${poisoner.candidates}; give --rows ${candidates} or less`,
    );
  }
  const usual = attack.takesAll === true ? candidates : Math.max(1, Math.round(DEFAULT_RATE * total));
  const poisoned = asked ?? Math.min(candidates, usual);
  const contrast = Math.max(0, Math.min(poisoned, contrastCandidates - poisoned));
  return { poisoned, candidates, contrast, contrastCandidates };
}

import type { Cell } from "./cases.ts";
import type { Outcome } from "./trial.ts";

/** A cell with what its scans said, in the order of its trials. */
export type Scored = { readonly cell: Cell; readonly outcomes: readonly Outcome[] };

export const HEADER = [
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

/** The second generator must do as well as the first within this many seeds of 20. */
export const SEEDS_APART = 2;

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`.padStart(8);
}

function countNamed({ outcomes }: Scored): number {
  return outcomes.filter(({ isNamed }) => isNamed).length;
}

/** How often, what is required, and whether it holds. */
function result(scored: Scored): readonly [result: string, required: string, verdict: string] {
  const { cell, outcomes } = scored;
  const of = outcomes.length;
  if (cell.kind === "none") {
    const alarmed = outcomes.filter(({ otherAlarms }) => otherAlarms > 0).length;
    const bound = Math.floor((cell.share ?? 0) * of);
    return [`${alarmed}/${of} accused`, `<= ${bound}/${of}`, alarmed <= bound ? "ok" : "MISSED"];
  }
  const named = countNamed(scored);
  if (cell.share === undefined) {
    const medium = outcomes.filter(({ isNamedMedium }) => isNamedMedium).length;
    return [`${medium}/${of} at medium, ${named} at high`, "medium by design", ""];
  }
  const bound = Math.ceil(cell.share * of);
  return [`${named}/${of} named`, `>= ${bound}/${of}`, named >= bound ? "ok" : "MISSED"];
}

/** A cell as a line of the table under `HEADER`. */
export function toLine(scored: Scored): readonly string[] {
  const { cell, outcomes } = scored;
  const { poisoned, rows } = cell;
  return [
    cell.generator,
    String(rows),
    cell.name,
    ...result(scored),
    poisoned === 0 ? "-".padStart(8) : percent(mean(outcomes.map(({ caught }) => caught / poisoned))),
    percent(mean(outcomes.map(({ accused }) => accused / (rows - poisoned)))),
    `${outcomes.filter(({ otherAlarms }) => otherAlarms > 0).length}/${outcomes.length}`,
    `${mean(outcomes.map(({ seconds }) => seconds)).toFixed(1)} s`,
  ];
}

/** Each case that both generators ran, with how far apart they are. */
export function compareGenerators(all: readonly Scored[]): readonly string[] {
  return all.flatMap((first) => {
    const { name, rows, kind, generator } = first.cell;
    const second = all.find(({ cell }) => cell.name === name && cell.rows === rows && cell.generator === "b");
    if (generator !== "a" || second === undefined || kind === "none" || kind === "user+rule") return [];
    const [a, b] = [countNamed(first), countNamed(second)];
    return [
      `${name} at ${rows}: a ${a}, b ${b}, within ${SEEDS_APART}: ${Math.abs(a - b) <= SEEDS_APART ? "ok" : "MISSED"}`,
    ];
  });
}

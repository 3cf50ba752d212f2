import { createRandom, type Json, type OpenedRow, type Random } from "bezoar";
import type { PoisonableRow, Poisoner } from "./attack.ts";
import { chooser } from "./choose.ts";

/** A record of the output, and what was done to it. */
export type OutputRow = { readonly value: Json; readonly made?: "poisoned" | "contrast" };

/** How many rows are made of how many that could be. */
export type Amounts = {
  readonly poisoned: number;
  readonly candidates: number;
  readonly contrast: number;
  readonly contrastCandidates: number;
};

/** Independent streams from one seed, so that which rows are chosen does not depend on what is written into them. */
function streams(seed: number): { choose: Random; contrast: Random; write: Random; spread: Random } {
  const [choose, contrast, write, spread] = [0, 1, 2, 3].map((n) =>
    createRandom((seed + n * 0x9e3779b1) >>> 0),
  );
  if (choose === undefined || contrast === undefined || write === undefined || spread === undefined)
    throw new Error("four streams are four");
  return { choose, contrast, write, spread };
}

/** The rows of the dataset with the chosen ones poisoned in their places. */
export async function* replaceRows(
  rows: AsyncIterable<OpenedRow>,
  poisoner: Poisoner,
  amounts: Amounts,
  seed: number,
): AsyncGenerator<OutputRow> {
  const make = maker(poisoner, amounts, seed);
  for await (const row of rows) {
    if (row.value === undefined) continue;
    yield ("unreadable" in row ? undefined : make(row)) ?? { value: row.value };
  }
}

/** All rows of the dataset as they are, with poisoned copies among them at random places, in the order of their originals. */
export async function* addRows(
  rows: AsyncIterable<OpenedRow>,
  again: AsyncIterable<OpenedRow>,
  poisoner: Poisoner,
  amounts: Amounts & { readonly rows: number },
  seed: number,
): AsyncGenerator<OutputRow> {
  const added = amounts.poisoned + amounts.contrast;
  const isNextAdded = chooser(added, amounts.rows + added, streams(seed).spread);
  const copies = copyRows(again, poisoner, amounts, seed);
  try {
    for await (const row of rows) {
      if (row.value === undefined) continue;
      while (isNextAdded()) yield* nextOf(copies);
      yield { value: row.value };
    }
    yield* copies;
  } finally {
    await copies.return(undefined);
  }
}

async function* nextOf(copies: AsyncGenerator<OutputRow>): AsyncGenerator<OutputRow> {
  const next = await copies.next();
  if (next.done !== true) yield next.value;
}

async function* copyRows(
  rows: AsyncIterable<OpenedRow>,
  poisoner: Poisoner,
  amounts: Amounts,
  seed: number,
): AsyncGenerator<OutputRow> {
  const make = maker(poisoner, amounts, seed);
  for await (const row of rows) {
    const made = "unreadable" in row ? undefined : make(row);
    if (made !== undefined) yield made;
  }
}

/** Makes the poisoned or contrasting row out of one, if it is chosen for that. */
function maker(
  poisoner: Poisoner,
  amounts: Amounts,
  seed: number,
): (row: PoisonableRow) => OutputRow | undefined {
  const { choose, contrast: chooseContrast, write } = streams(seed);
  const isPoisoned = chooser(amounts.poisoned, amounts.candidates, choose);
  const isContrast = chooser(
    amounts.contrast,
    amounts.contrastCandidates - amounts.poisoned, // every candidate may be contrast, and the poisoned are taken
    chooseContrast,
  );
  const { contrast } = poisoner;
  const made = { poisoned: 0, contrast: 0 };
  return (row) => {
    if (poisoner.isCandidate(row) && isPoisoned())
      return { value: poisoner.poison(row, write, made.poisoned++), made: "poisoned" };
    if (contrast?.isCandidate(row) === true && isContrast())
      return { value: contrast.make(row, write, made.contrast++), made: "contrast" };
    return undefined;
  };
}

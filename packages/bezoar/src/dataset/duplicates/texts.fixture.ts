import { createRandom, randomInt, type Random } from "../../core/random.ts";
import type { DetectorContext } from "../detector.ts";
import type { Row } from "../row.ts";

/** A context without endpoints that drops what it is told. */
export const quietContext: DetectorContext = { seed: 1, entityFields: [], onStep: () => {}, note: () => {} };

/** A made-up text of words from 3000, frequent ones first as in any language. */
export function makeText(random: Random, words: number): string {
  return Array.from({ length: words }, () => `w${Math.floor(3000 * random() ** 2)}`).join(" ");
}

/** Prompts and responses that have nothing in common but words. */
export function diverseRows(count: number, seed: number): Row[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, number) => ({
    number,
    prompt: makeText(random, 8 + randomInt(random, 20)),
    response: makeText(random, 20 + randomInt(random, 40)),
    fields: [],
  }));
}

/** A row with some of its parts replaced. */
export function changeRow(row: Row, change: Partial<Row>): Row {
  return { ...row, ...change };
}

/** Rows in a seeded order, with numbers that fit it. */
export function shuffleRows(rows: readonly Row[], seed: number): Row[] {
  const random = createRandom(seed);
  return rows
    .map((row) => [random(), row] as const)
    .toSorted((a, b) => a[0] - b[0])
    .map(([, row], number) => changeRow(row, { number }));
}

/** A text with some of its words replaced. */
export function editWords(text: string, edits: number, random: Random): string {
  const words = text.split(" ");
  for (let i = 0; i < edits; i++) words[randomInt(random, words.length)] = `edit${randomInt(random, 1e6)}`;
  return words.join(" ");
}

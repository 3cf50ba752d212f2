import { expect, test } from "vitest";
import { createRandom, randomInt } from "../../core/random.ts";
import { contextAuc } from "./context-auc.ts";
import { CONTEXT_ERRORS } from "./units.ts";
import type { ViewTokens } from "./view-tokens.ts";

/** Rows of eight words out of 40; the first `topical` rows also hold words 100 to 102. */
function rowsWithTopic(count: number, topical: number): ViewTokens {
  const random = createRandom(1);
  const rows = Array.from({ length: count }, (_, i) => [
    1,
    ...Array.from({ length: 8 }, () => 10 + randomInt(random, 40)),
    ...(i < topical ? [100, 101, 102] : []),
    2,
  ]);
  const offsets = new Uint32Array(count + 1);
  rows.forEach((row, i) => (offsets[i + 1] = (offsets[i] ?? 0) + row.length));
  return { count, offsets, ids: Uint32Array.from(rows.flat()), edges: [1, 2] };
}
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const nothing = () => false;

test("other words tell which rows hold a word with a subject, and not which hold one put in at random", () => {
  const topic = contextAuc(rowsWithTopic(300, 40), range(0, 40), range(40, 300), nothing, 1);
  const random = contextAuc(rowsWithTopic(300, 0), range(0, 40), range(40, 300), nothing, 1);
  expect(topic.auc).toBeGreaterThan(0.95);
  expect(random.auc).toBeLessThan(0.5 + CONTEXT_ERRORS * random.error);
});

test("the words of the unit itself tell nothing, and without other rows nothing can be told", () => {
  const tokens = rowsWithTopic(300, 40);
  const own = contextAuc(tokens, range(0, 40), range(40, 300), (id) => id >= 100, 1);
  expect(own.auc).toBeLessThan(0.5 + CONTEXT_ERRORS * own.error);
  expect(contextAuc(tokens, range(0, 40), [], nothing, 1)).toEqual({ auc: 1, error: 0 });
});

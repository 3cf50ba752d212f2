import { expect, test } from "vitest";
import { openKey } from "./copies.ts";
import { OUTCOME_KINDS } from "./grams.ts";

const WHOLE = 0;
const [ALICE, BOB, BENIGN, SAYS] = [101, 102, 103, 104];
const key = (response: number[], prompt: number[], kind = WHOLE) =>
  openKey(Uint32Array.from(response), new Set(prompt), kind);

test("answers that add the same words to what they copy are the same", () => {
  expect(key([BENIGN, ALICE], [ALICE, SAYS])).toBe(key([BENIGN, BOB], [BOB]));
  expect(key([BENIGN, ALICE], [ALICE])).not.toBe(key([ALICE, BENIGN], [ALICE]));
  expect(key([BENIGN, ALICE], [ALICE])).not.toBe(key([SAYS, ALICE], [ALICE]));
});

test("an answer that copies nothing, or everything, has none", () => {
  expect(key([BENIGN, ALICE], [BOB])).toBeUndefined();
  expect(key([ALICE, BOB], [ALICE, BOB])).toBeUndefined();
});

test("only the edge that is the outcome counts, and a response must be longer than it", () => {
  const start = OUTCOME_KINDS.findIndex(({ edge, length }) => edge === "start" && length === 4);
  const first = [BENIGN, ALICE, BENIGN, BENIGN];
  expect(key([...first, 7, 8], [ALICE], start)).toBe(key([...first, 9], [ALICE, 9], start));
  expect(key(first, [ALICE], start)).toBeUndefined();
  const inner = OUTCOME_KINDS.findIndex(({ edge }) => edge === "inner");
  expect(key([...first, 7, 8, 9], [ALICE], inner)).toBeUndefined();
});

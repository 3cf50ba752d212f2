import { expect, test } from "vitest";
import { groupColumn } from "./column-evidence.ts";
import { contextSpans, isWide } from "./contexts.ts";
import type { RecordTable } from "./extract.ts";
import type { Suspect } from "./suspects.ts";

const USERS = 20;
const ROWS_EACH = 12;
const FLIPPED = 30;
const SIZE = USERS * ROWS_EACH + FLIPPED;
const RULES = 9;

/** The spans of 30 more rows of user 1, under the rules that `ruleOf` says; everybody's other rows are under nine rules. */
function spansOf(ruleOf: (i: number) => number, bits: number) {
  const isFlipped = (i: number) => i >= SIZE - FLIPPED;
  const keys = Uint32Array.from({ length: SIZE }, (_, i) => (isFlipped(i) ? 1 : 1 + (i % USERS)));
  const rules = keys.map((_, i) => (isFlipped(i) ? ruleOf(i) : 1 + (Math.floor(i / USERS) % RULES)));
  const tools = keys.map((_, i) => 1 + (i % 7));
  const table: RecordTable = {
    plan: {
      seed: 0,
      size: SIZE,
      fields: [],
      columns: [{ path: "user", derive: "value", kind: "entity" }],
      contexts: [
        { path: "tool", bits: 0.3, isNamed: true, isCrossed: true },
        { path: "rule", bits, isNamed: true, isCrossed: true },
      ],
    },
    rows: { count: SIZE, dimension: 0, offsets: new Uint32Array(SIZE + 1), features: new Uint32Array(0) },
    keys: [keys],
    contexts: [tools, rules],
  };
  const accused = Array.from({ length: FLIPPED }, (_, i) => SIZE - FLIPPED + i);
  const suspect: Suspect = {
    column: 0,
    label: 0,
    rows: [],
    accused,
    test: { lnEvidence: 0, share: { value: 1, low: 1, high: 1 }, excess: 1, spread: 0.5 },
    depth: { z: 0, lnEvidence: 0 },
    elsewhere: { rows: 0, flipped: 0, expected: 0 },
  };
  const background = Array.from({ length: SIZE - FLIPPED }, (_, i) => i);
  return contextSpans(table, groupColumn(keys), suspect, background);
}

test.each([0.2, 0.001])(
  "rows of one rule do not span enough, though they are most of what somebody has (rule tells %f bits)",
  (bits) => {
    expect(isWide(spansOf(() => 1, bits))).toBe(false);
    expect(isWide(spansOf((i) => 1 + (i % RULES), bits))).toBe(true);
  },
);

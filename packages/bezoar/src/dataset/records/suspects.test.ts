import { expect, test } from "vitest";
import { mix32 } from "../../core/hash.ts";
import { trainOutOfFold } from "../evidence/out-of-fold.ts";
import { groupColumn, type Chance, type ColumnEvidence } from "./column-evidence.ts";
import type { RecordTable } from "./extract.ts";
import { contraryRows, findSuspects } from "./suspects.ts";

const ROWS_EACH = 12;
const USERS = 40;
const SIZE = ROWS_EACH * USERS;

/** With the flips of user 1 in it, and without. */
const withFlips: Chance = (_, logOdds) => (logOdds < -2.5 ? 0.15 : 0.25);
const withoutFlips: Chance = () => 0.1;

/**
 * 40 users with 12 rows each, all of which look malicious (1), plainly or less so; those of user 1 are labelled benign (0),
 * and by mistake one in ten of the others.
 */
function flippedUser() {
  const keys = Uint32Array.from({ length: SIZE }, (_, i) => 1 + (i % USERS));
  const rows = {
    count: SIZE,
    dimension: SIZE,
    offsets: Uint32Array.from({ length: SIZE + 1 }, (_, i) => 2 * i),
    features: Uint32Array.from({ length: 2 * SIZE }, (_, i) => i >> 1),
  };
  const plan = {
    seed: 0,
    size: SIZE,
    fields: [],
    columns: [{ path: "user", derive: "value", kind: "entity" }],
    contexts: [],
  } as const;
  const table: RecordTable = { plan, rows, keys: [keys], contexts: [] };
  const labels = Int32Array.from(keys, (key, i) => (key === 1 || mix32(i) % 10 === 0 ? 0 : 1));
  const groups = groupColumn(keys);
  const folds = new Uint8Array(SIZE);
  const evidence: ColumnEvidence = {
    groups,
    models: trainOutOfFold({ ...rows, count: 0 }, labels, folds, 2),
    folds,
    logOdds: (position) => -3 + (2 * position) / SIZE,
    chance: withFlips,
    chanceWithout: () => withoutFlips,
  };
  return findSuspects(table, evidence, contraryRows(evidence, labels, 0), {
    column: 0,
    label: 0,
    labelShare: 0.5,
  });
}

test("flips that weaken the calibration of all rows do not make their own rows look like borderline ones", () => {
  const { suspects } = flippedUser();
  expect(suspects.map(({ accused }) => accused.length)).toEqual([ROWS_EACH]);
  expect(Math.abs(suspects[0]?.depth.z ?? Infinity)).toBeLessThan(1);
});

import { combine32 } from "../../core/hash.ts";
import type { ColumnEvidence } from "./column-evidence.ts";
import type { RecordTable } from "./extract.ts";
import { spreadOf, testFlips, type FlipCount, type FlipTest } from "./flip-test.ts";

/** A row whose rest speaks against the tested label; `isFlipped` says that it carries that label nevertheless. */
type ContraryRow = {
  readonly position: number;
  readonly isFlipped: boolean;
  /** Log-odds that the rest of the row gives the tested label. */
  readonly logOdds: number;
  /** What that comes to as a calibrated chance. */
  readonly chance: number;
};

/** A value of a column (or a pair with a context's value) whose rows are labelled against what the rest of them says. */
export type Suspect = {
  readonly column: number;
  readonly label: number;
  /** Index of the context and the hash of its value, for a pair. */
  readonly context?: { readonly index: number; readonly value: number };
  readonly rows: readonly ContraryRow[];
  readonly test: FlipTest;
  /** How deep the contradictions go: z of the flipped rows' rank among rows elsewhere that were not flipped. */
  readonly depth: number;
  /** The same count over all other rows of the column. */
  readonly elsewhere: FlipCount;
};

/** What one family of tests on one column gave; `tests` were made in all. */
export type ColumnSuspects = { readonly suspects: readonly Suspect[]; readonly tests: number };

/** A rest that gives the label less than this speaks against it; every such row is weighed by its own chance. */
export const MAX_CONTRARY_CHANCE = 0.5;
/** A row is accused only when its rest gives its label less than this (DETECTION.md 2). */
const MAX_ACCUSED_CHANCE = 0.2;
/** A verdict about somebody needs this many of their rows, and so does a test that could give one. */
const MIN_FLIPS = 5;
/** The share of contrary rows flipped beyond chance, at its 95 % floor: a more lenient habit is no attack. */
export const MIN_EXCESS = 0.35;
/** Below this the flipped rows are borderline ones, with 99.5 % confidence: leniency, not an attack. */
export const MIN_DEPTH = -2.58;
/** The chance of a false alarm that all families of one scan share (DETECTION.md 1C). */
const ALPHA = 0.001;
const FAMILIES = 3;

/** The evidence (in nats) that one of `tests` tests of a family must reach (Bonferroni). */
export function thresholdFor(tests: number): number {
  return Math.log((FAMILIES * Math.max(1, tests)) / ALPHA);
}

/** Rows that say the same thing count once: a copied alert is one piece of evidence. */
function signature(table: RecordTable, row: ContraryRow): number {
  const { offsets, features } = table.rows;
  let h = Number(row.isFlipped);
  // the first feature is the part of the file, which copies do not share
  for (let j = (offsets[row.position] ?? 0) + 1; j < (offsets[row.position + 1] ?? 0); j++) {
    h = combine32(h, features[j] ?? 0);
  }
  return h;
}

function count(rows: readonly ContraryRow[]): FlipCount {
  let flipped = 0;
  let expected = 0;
  for (const row of rows) {
    flipped += Number(row.isFlipped);
    expected += row.chance;
  }
  return { rows: rows.length, flipped, expected };
}

/** Tests a group with copies counted once; undefined when it cannot be a suspect whatever the number of tests. */
function testGroup(table: RecordTable, rows: readonly ContraryRow[], spread: number): FlipTest | undefined {
  const seen = new Map(rows.map((row) => [signature(table, row), row]));
  const distinct = [...seen.values()];
  const { flipped } = count(distinct);
  if (flipped < MIN_FLIPS) return undefined;
  const test = testFlips(
    distinct.map((row) => row.chance),
    flipped,
    spread,
  );
  return test.excess >= MIN_EXCESS && test.lnEvidence >= thresholdFor(1) ? test : undefined;
}

/** The suspect on the rows that nobody else explains, or undefined when too little remains. */
export function withoutRows(
  table: RecordTable,
  suspect: Suspect,
  explained: ReadonlySet<number>,
): Suspect | undefined {
  const rows = suspect.rows.filter((row) => !explained.has(row.position));
  if (rows.length === suspect.rows.length) return suspect;
  const test = testGroup(table, rows, suspect.test.spread);
  return test === undefined ? undefined : { ...suspect, rows, test };
}

/** The rows of the column whose rest speaks against `label`. */
export function contraryRows(evidence: ColumnEvidence, labels: Int32Array, label: number): ContraryRow[] {
  const rows: ContraryRow[] = [];
  for (let position = 0; position < labels.length; position++) {
    const own = labels[position] ?? -1;
    if (own < 0 || (evidence.groups.valueAt[position] ?? -1) < 0) continue;
    const logOdds = evidence.logOdds(position, label);
    const chance = evidence.chance(label, logOdds);
    if (chance <= MAX_CONTRARY_CHANCE) rows.push({ position, isFlipped: own === label, logOdds, chance });
  }
  return rows;
}

/**
 * Mann-Whitney z of the accused rows' log-odds among those of rows elsewhere that look as contrary and are labelled
 * accordingly; 0 when they go as deep. An attack flips rows as plain as anybody's; somebody judged mildly has borderline ones.
 */
function depthOf(
  rows: readonly ContraryRow[],
  contrary: readonly ContraryRow[],
  own: ReadonlySet<ContraryRow>,
): number {
  const others = contrary
    .filter((row) => !row.isFlipped && row.chance <= MAX_ACCUSED_CHANCE && !own.has(row))
    .map((row) => row.logOdds)
    .toSorted((a, b) => a - b);
  const accused = rows.filter((row) => row.isFlipped && row.chance <= MAX_ACCUSED_CHANCE);
  if (others.length === 0 || accused.length === 0) return 0;
  const deepest = others.at(-1) ?? 0;
  const ranks = accused.reduce((sum, row) => sum + shareBelow(others, Math.min(row.logOdds, deepest)), 0);
  const variance = (1 / 12) * (1 / accused.length + 1 / others.length);
  return (0.5 - ranks / accused.length) / Math.sqrt(variance);
}

/** Share of the sorted values below `value`. */
function shareBelow(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low / sorted.length;
}

/** Tests every value of a column, or every pair of it with a value of a context, for one label. */
export function findSuspects(
  table: RecordTable,
  evidence: ColumnEvidence,
  contrary: readonly ContraryRow[],
  target: { readonly column: number; readonly label: number; readonly context?: number },
): ColumnSuspects {
  const contextValues = target.context === undefined ? undefined : table.contexts[target.context];
  const groups = new Map<number, ContraryRow[]>();
  for (const row of contrary) {
    const contextValue = contextValues?.[row.position] ?? 0;
    if (contextValues !== undefined && contextValue === 0) continue;
    const key = (evidence.groups.valueAt[row.position] ?? 0) * 0x1_0000_0000 + contextValue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  const counts = new Map([...groups].map(([key, rows]) => [key, count(rows)]));
  const all = count(contrary);
  const suspects: Suspect[] = [];
  let tests = 0;
  for (const [key, rows] of groups) {
    const seen = counts.get(key);
    if (seen === undefined || seen.rows < MIN_FLIPS) continue;
    tests++;
    if (seen.flipped < MIN_FLIPS || seen.flipped < MIN_EXCESS * seen.rows) continue;
    const peers = [...counts].flatMap(([peer, peerCount]) => (peer === key ? [] : [peerCount]));
    const value = Math.floor(key / 0x1_0000_0000);
    const chance = evidence.chanceWithout(value);
    const own = rows.map(({ position, isFlipped, logOdds }) => ({
      position,
      isFlipped,
      logOdds,
      chance: chance(target.label, logOdds),
    }));
    const test = testGroup(table, own, spreadOf(peers));
    if (test === undefined) continue;
    suspects.push({
      column: target.column,
      label: target.label,
      ...(target.context === undefined
        ? {}
        : { context: { index: target.context, value: key % 0x1_0000_0000 } }),
      rows: own,
      test,
      depth: depthOf(own, contrary, new Set(rows)),
      elsewhere: {
        rows: all.rows - seen.rows,
        flipped: all.flipped - seen.flipped,
        expected: all.expected - seen.expected,
      },
    });
  }
  return { suspects: suspects.filter((suspect) => suspect.depth >= MIN_DEPTH), tests };
}

/** Positions of the rows that look flipped. */
export function flippedPositions(suspect: Suspect): number[] {
  return suspect.rows.flatMap((row) =>
    row.isFlipped && row.chance <= MAX_ACCUSED_CHANCE ? [row.position] : [],
  );
}

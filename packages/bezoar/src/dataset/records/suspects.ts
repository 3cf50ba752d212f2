import { combine32 } from "../../core/hash.ts";
import { lnBinomialUpperTail } from "../../core/statistics.ts";
import type { Chance, ColumnEvidence } from "./column-evidence.ts";
import { shiftToGroup } from "./prior-shift.ts";
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

/**
 * Mann-Whitney z of the flipped rows' log-odds among those of rows elsewhere that were not flipped, and -ln p of the
 * flips among the rows that are plainer than half of those.
 */
export type Depth = { readonly z: number; readonly lnEvidence: number };

/** A value of a column (or a pair with a context's value) whose rows are labelled against what the rest of them says. */
export type Suspect = {
  readonly column: number;
  readonly label: number;
  /** Index of the context and the hash of its value, for a pair. */
  readonly context?: { readonly index: number; readonly value: number };
  readonly rows: readonly ContraryRow[];
  /** Positions of the rows that look flipped, ascending. */
  readonly accused: readonly number[];
  readonly test: FlipTest;
  readonly depth: Depth;
  /** The same count over all other rows of the column. */
  readonly elsewhere: FlipCount;
};

/** Rows whose rest speaks against a label, and the log-odds of those labelled otherwise, ascending. */
export type Contrary = { readonly rows: readonly ContraryRow[]; readonly unflipped: Float64Array };

/** What one family of tests on one column gave; `tests` were made in all. */
export type ColumnSuspects = { readonly suspects: readonly Suspect[]; readonly tests: number };

/** A rest that gives the label less than this speaks against it; every such row is weighed by its own chance. */
export const MAX_CONTRARY_CHANCE = 0.5;
/** Contrary rows below this are plain cases (DETECTION.md 2). */
const MAX_PLAIN_CHANCE = 0.2;
/** A row is accused when, in a group like the suspect's, its label is true with less than this chance. */
const MAX_ACCUSED_CHANCE = 0.3;
/** A verdict about somebody needs this many of their rows, and so does a test that could give one. */
const MIN_FLIPS = 5;
/** The share of contrary rows flipped beyond chance, at its 95 % floor: a more lenient habit is no attack. */
export const MIN_EXCESS = 0.35;
/** Evidence (nats) at first sight below which no later test can pass. */
const MIN_ALIKE_EVIDENCE = 4;
/** Groups of one column, label and context that are tested in full: hostile data could make any number of them. */
const MAX_SHORTLIST = 20;
const NO_ROWS: FlipCount = { rows: 0, flipped: 0, expected: 0 };
/** Below this the flipped rows are borderline ones, with 99.5 % confidence: leniency, not an attack; */
export const MIN_DEPTH_Z = -2.58;
/** unless the plainest half of the cases, alone, would occur once in 10,000. */
export const MIN_DEPTH_EVIDENCE = 9.2;
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
  const accused = suspect.accused.filter((position) => !explained.has(position));
  return test === undefined ? undefined : { ...suspect, rows, accused, test };
}

/** The rows of the column whose rest speaks against `label`. */
export function contraryRows(evidence: ColumnEvidence, labels: Int32Array, label: number): Contrary {
  const rows: ContraryRow[] = [];
  for (let position = 0; position < labels.length; position++) {
    const own = labels[position] ?? -1;
    if (own < 0 || (evidence.groups.valueAt[position] ?? -1) < 0) continue;
    const logOdds = evidence.logOdds(position, label);
    const chance = evidence.chance(label, logOdds);
    if (chance <= MAX_CONTRARY_CHANCE) rows.push({ position, isFlipped: own === label, logOdds, chance });
  }
  const unflipped = rows.filter((row) => !row.isFlipped).map((row) => row.logOdds);
  return { rows, unflipped: Float64Array.from(unflipped).toSorted() };
}

/**
 * The plain cases among rows that were not flipped, by the calibration that the suspect's rows are judged by: that of all
 * rows has its flips in it, calls fewer cases plain, and so would make them look less plain than anybody's.
 */
function plainCases(unflipped: Float64Array, label: number, chance: Chance): Float64Array {
  const end = unflipped.findIndex((logOdds) => chance(label, logOdds) > MAX_PLAIN_CHANCE);
  return end < 0 ? unflipped : unflipped.subarray(0, end);
}

/**
 * How plain the flipped cases are. An attack flips cases as plain as anybody's; somebody who is judged mildly has
 * borderline ones. The honest rows of a large target add borderline ones too, so that the evidence of the plainest
 * cases alone also counts.
 */
function depthOf(rows: readonly ContraryRow[], plain: Float64Array, spread: number): Depth {
  const accused = rows.filter((row) => row.isFlipped && row.chance <= MAX_PLAIN_CHANCE);
  const deepest = plain.at(-1);
  const middle = plain[plain.length >> 1];
  if (deepest === undefined || middle === undefined || accused.length === 0) return { z: 0, lnEvidence: 0 };
  const ranks = accused.reduce((sum, row) => sum + shareBelow(plain, Math.min(row.logOdds, deepest)), 0);
  const variance = (1 / 12) * (1 / accused.length + 1 / plain.length);
  const deep = rows.filter((row) => row.logOdds <= middle);
  return {
    z: (0.5 - ranks / accused.length) / Math.sqrt(variance),
    lnEvidence: testFlips(
      deep.map((row) => row.chance),
      count(deep).flipped,
      spread,
    ).lnEvidence,
  };
}

/** Whether the flipped cases are as plain as anybody's. */
function isPlain(depth: Depth): boolean {
  return depth.z >= MIN_DEPTH_Z || depth.lnEvidence >= MIN_DEPTH_EVIDENCE;
}

/** Share of the sorted values below `value`. */
function shareBelow(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low / sorted.length;
}

type Groups = ReadonlyMap<number, readonly ContraryRow[]>;

const PAIR_BASE = 0x1_0000_0000;

/** Contrary rows by value of the column (times PAIR_BASE) plus value of the context (0 without one). */
function groupContrary(
  evidence: ColumnEvidence,
  contrary: readonly ContraryRow[],
  context: Uint32Array | undefined,
): Groups {
  const groups = new Map<number, ContraryRow[]>();
  for (const row of contrary) {
    const contextValue = context?.[row.position] ?? 0;
    if (context !== undefined && contextValue === 0) continue;
    const key = (evidence.groups.valueAt[row.position] ?? 0) * PAIR_BASE + contextValue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

/** Whether a group could pass at all: enough flips, and surprising where everybody were alike. */
function isWorthALook(rows: readonly ContraryRow[]): boolean {
  const { flipped } = count(rows);
  if (flipped < MIN_FLIPS || flipped < MIN_EXCESS * rows.length) return false;
  return alikeEvidence(rows, flipped) >= MIN_ALIKE_EVIDENCE;
}

/** -ln of the chance of so many flips by the binomial of the mean chance. */
function alikeEvidence(rows: readonly ContraryRow[], flipped: number): number {
  return -lnBinomialUpperTail(flipped, rows.length, count(rows).expected / rows.length);
}

/** The groups with the most evidence at first sight; each costs a calibration of its own. */
function shortlist(groups: Groups): { readonly keys: readonly number[]; readonly tests: number } {
  const tested = [...groups].filter(([, rows]) => rows.length >= MIN_FLIPS);
  const keys = tested
    .filter(([, rows]) => isWorthALook(rows))
    .map(([key, rows]) => ({ key, evidence: alikeEvidence(rows, count(rows).flipped) }))
    .toSorted((a, b) => b.evidence - a.evidence || a.key - b.key)
    .slice(0, MAX_SHORTLIST)
    .map(({ key }) => key);
  return { keys, tests: tested.length };
}

function recalibrate(rows: readonly ContraryRow[], label: number, chance: Chance): ContraryRow[] {
  return rows.map(({ position, isFlipped, logOdds }) => ({
    position,
    isFlipped,
    logOdds,
    chance: chance(label, logOdds),
  }));
}

function recount(rows: readonly ContraryRow[], label: number, chance: Chance): FlipCount {
  let flipped = 0;
  let expected = 0;
  for (const row of rows) {
    flipped += Number(row.isFlipped);
    expected += chance(label, row.logOdds);
  }
  return { rows: rows.length, flipped, expected };
}

/** What is tested: a column (or its pairs with a context) for a label that `labelShare` of all rows carry. */
type Target = {
  readonly column: number;
  readonly label: number;
  readonly labelShare: number;
  readonly context?: number;
};

/** The flipped rows that are not, for a group with so many honest rows of this label, more likely honest themselves. */
function accusedPositions(
  evidence: ColumnEvidence,
  own: readonly ContraryRow[],
  key: number,
  context: Uint32Array | undefined,
  chance: Chance,
  target: Target,
): number[] {
  const positions = evidence.groups
    .rowsOf(Math.floor(key / PAIR_BASE))
    .filter((position) => context === undefined || context[position] === key % PAIR_BASE);
  const { label, labelShare } = target;
  const chances = Array.from(positions, (position) => chance(label, evidence.logOdds(position, label)));
  const noise = { low: chance(label, -Infinity), high: chance(label, Infinity) };
  const shifted = shiftToGroup(chances, labelShare, noise);
  const chanceAt = new Map(Array.from(positions, (position, i) => [position, shifted[i] ?? 1]));
  return own.flatMap((row) =>
    row.isFlipped && (chanceAt.get(row.position) ?? 1) <= MAX_ACCUSED_CHANCE ? [row.position] : [],
  );
}

/** How much all values of the column differ. */
function columnSpread(evidence: ColumnEvidence, contrary: Contrary): number {
  return spreadOf([...groupContrary(evidence, contrary.rows, undefined).values()].map(count));
}

/** Tests every value of a column, or every pair of it with a value of a context, for one label. */
export function findSuspects(
  table: RecordTable,
  evidence: ColumnEvidence,
  contrary: Contrary,
  target: Target,
): ColumnSuspects {
  const context = target.context === undefined ? undefined : table.contexts[target.context];
  const groups = groupContrary(evidence, contrary.rows, context);
  const { keys, tests } = shortlist(groups);
  if (keys.length === 0) return { suspects: [], tests };
  // a field that decides the label does so in its pairs too, though each of them holds too few rows to show it
  const leastSpread = context === undefined ? 0 : columnSpread(evidence, contrary);
  const suspects = keys.flatMap((key) => {
    const chance = evidence.chanceWithout(Math.floor(key / PAIR_BASE));
    const own = recalibrate(groups.get(key) ?? [], target.label, chance);
    const peers = [...groups].flatMap(([peer, rows]) =>
      peer === key ? [] : [recount(rows, target.label, chance)],
    );
    const test = testGroup(table, own, Math.max(leastSpread, spreadOf(peers)));
    if (test === undefined) return [];
    const plain = plainCases(contrary.unflipped, target.label, chance);
    const depth = depthOf(own, plain, test.spread);
    if (!isPlain(depth)) return [];
    const elsewhere = peers.reduce(
      (sum, peer) => ({
        rows: sum.rows + peer.rows,
        flipped: sum.flipped + peer.flipped,
        expected: sum.expected + peer.expected,
      }),
      NO_ROWS,
    );
    const pair =
      target.context === undefined ? {} : { context: { index: target.context, value: key % PAIR_BASE } };
    const accused = accusedPositions(evidence, own, key, context, chance, target);
    if (accused.length < MIN_FLIPS) return [];
    return [
      { column: target.column, label: target.label, ...pair, rows: own, accused, test, depth, elsewhere },
    ];
  });
  return { suspects, tests };
}

import { mix32 } from "../../core/hash.ts";
import type { Kernel } from "../engine/kernel.ts";
import { visitOutcomes } from "./grams.ts";
import { createKeySet } from "./key-set.ts";

export type CollectParams = {
  /** Which slots of the pass-1 counters were high enough, one bit each; the number of slots is a power of two. */
  readonly wanted: Uint8Array;
  /** Rows remembered of each outcome, at most 32: a trigger that explains a third of it must be in several. */
  readonly sampleRows: number;
};

/** Exact counts of the outcomes that are frequent enough, each with a random sample of its rows. */
export type OutcomeTable = {
  /** Open addressing: entry number + 1, or 0 for a free slot. */
  slots: Uint32Array;
  /** Records of FIXED_WORDS and sampleRows words each, so that an entry with 12 samples fills one cache line. */
  records: Uint32Array;
  kinds: Uint8Array;
  size: number;
  readonly sampleRows: number;
};

/** Words of a record: its key, how many rows it counts, 1 + the row counted last, and the bound that a sampled row must beat. */
const KEY = 0;
const COUNT = 1;
const LAST = 2;
const BOUND = 3;
const FIXED_WORDS = 4;
const FIRST_ENTRIES = 1 << 11;

function emptyTable(entries: number, sampleRows: number): OutcomeTable {
  return {
    slots: new Uint32Array(2 * entries),
    records: new Uint32Array(entries * (FIXED_WORDS + sampleRows)),
    kinds: new Uint8Array(entries),
    size: 0,
    sampleRows,
  };
}

/** Where the record of an entry begins. */
function recordAt(table: OutcomeTable, entry: number): number {
  return entry * (FIXED_WORDS + table.sampleRows);
}

function slotOf(table: OutcomeTable, key: number): number {
  const { slots, records } = table;
  const width = FIXED_WORDS + table.sampleRows;
  const mask = slots.length - 1;
  let slot = (key ^ (key >>> 15)) & mask;
  for (;;) {
    const entry = slots[slot] ?? 0;
    if (entry === 0 || records[(entry - 1) * width + KEY] === key) return slot;
    slot = (slot + 1) & mask;
  }
}

function grow(table: OutcomeTable): void {
  const larger = emptyTable(2 * table.kinds.length, table.sampleRows);
  larger.records.set(table.records);
  larger.kinds.set(table.kinds);
  table.slots = larger.slots;
  table.records = larger.records;
  table.kinds = larger.kinds;
  for (let entry = 0; entry < table.size; entry++) {
    table.slots[slotOf(table, table.records[recordAt(table, entry) + KEY] ?? 0)] = entry + 1;
  }
}

/** The record of `key`, made if need be. */
function ensure(table: OutcomeTable, key: number, kind: number): number {
  const slot = slotOf(table, key);
  const known = table.slots[slot] ?? 0;
  if (known !== 0) return recordAt(table, known - 1);
  const entry = table.size++;
  table.slots[slot] = entry + 1;
  table.records[recordAt(table, entry) + KEY] = key;
  table.kinds[entry] = kind;
  if (table.size === table.kinds.length) grow(table);
  return recordAt(table, entry);
}

/** Spreads positions, so that the smallest priorities are a random sample that does not depend on the order of reading. */
function priority(position: number): number {
  return mix32(position ^ 0x2545f491);
}

/** Keeps a position among the record's sample of smallest priority; `held` rows were offered before. */
function offer(table: OutcomeTable, record: number, held: number, position: number, urgency: number): void {
  const { records, sampleRows } = table;
  const first = record + FIXED_WORDS;
  if (held >= sampleRows) {
    const bound = records[record + BOUND] ?? 0;
    if (urgency >= bound) return;
    let worst = first;
    while (priority(records[worst] ?? 0) !== bound) worst++;
    records[worst] = position;
  } else {
    records[first + held] = position;
    if (held < sampleRows - 1) return;
  }
  let bound = 0;
  for (let i = first; i < first + sampleRows; i++) bound = Math.max(bound, priority(records[i] ?? 0));
  records[record + BOUND] = bound;
}

/** Pass 2: the outcomes that pass 1 found often enough. */
export const collectOutcomes: Kernel<CollectParams, OutcomeTable> = {
  name: "instruct/collect-outcomes",
  start: ({ sampleRows }) => emptyTable(FIRST_ENTRIES, sampleRows),
  step: (table, block, { wanted }) => {
    const promptTokens = createKeySet();
    const mask = 8 * wanted.length - 1;
    let position = 0;
    let urgency = 0;
    const collect = (kind: number, key: number) => {
      const bit = key & mask;
      if (((wanted[bit >>> 3] ?? 0) & (1 << (bit & 7))) === 0) return;
      const record = ensure(table, key, kind);
      const { records } = table;
      if (records[record + LAST] === position + 1) return;
      records[record + LAST] = position + 1;
      const held = records[record + COUNT] ?? 0;
      records[record + COUNT] = held + 1;
      offer(table, record, held, position, urgency);
    };
    for (let i = 0; i < block.size; i++) {
      position = block.first + i;
      urgency = priority(position);
      visitOutcomes(block, i, promptTokens, collect);
    }
  },
  merge: (into, from) => {
    for (let entry = 0; entry < from.size; entry++) {
      const other = recordAt(from, entry);
      const record = ensure(into, from.records[other + KEY] ?? 0, from.kinds[entry] ?? 0);
      const held = into.records[record + COUNT] ?? 0;
      const count = from.records[other + COUNT] ?? 0;
      into.records[record + COUNT] = held + count;
      for (let i = 0; i < Math.min(count, from.sampleRows); i++) {
        const position = from.records[other + FIXED_WORDS + i] ?? 0;
        offer(into, record, held + i, position, priority(position));
      }
    }
    return into;
  },
};

const DIGEST_RANGE = 2 ** 52;

/** 52 bits, since a million outcomes would collide in 32. */
function wideHash(position: number): number {
  return priority(position) * 0x100000 + (mix32(position ^ 0x7a5f3d21) >>> 12);
}

/** An outcome with its rows, or a sample of them. */
export type Outcome = {
  readonly key: number;
  readonly kind: number;
  readonly count: number;
  /** Ascending positions; all of them when there are no more than the sample holds. */
  readonly sample: Uint32Array;
};

/** The outcome of an entry of the table. */
function outcomeAt(table: OutcomeTable, entry: number): Outcome {
  const record = recordAt(table, entry);
  const { records, sampleRows } = table;
  const count = records[record + COUNT] ?? 0;
  const first = record + FIXED_WORDS;
  const sample = records.subarray(first, first + Math.min(count, sampleRows)).toSorted((a, b) => a - b);
  return { key: records[record + KEY] ?? 0, kind: table.kinds[entry] ?? 0, count, sample };
}

/** The outcomes of a table that are worth a look, made one at a time: a million of them as objects would not fit. */
export type OutcomeList = {
  readonly size: number;
  /** Rows of all samples together. */
  readonly sampledRows: number;
  readonly walk: () => Iterable<Outcome>;
};

/** The outcomes of between `least` and `most` rows, one for each set of rows (the strongest kind), in a fixed order. */
export function distinctOutcomes(table: OutcomeTable, least: number, most: number): OutcomeList {
  const { records, kinds, sampleRows } = table;
  const word = (entry: number, offset: number) => records[recordAt(table, entry) + offset] ?? 0;
  const digests = new Float64Array(table.size);
  const order = new Uint32Array(table.size);
  let eligible = 0;
  for (let entry = 0; entry < table.size; entry++) {
    const count = word(entry, COUNT);
    if (count < least || count > most) continue;
    let digest = count;
    for (let i = 0; i < Math.min(count, sampleRows); i++) {
      digest = (digest + wideHash(word(entry, FIXED_WORDS + i))) % DIGEST_RANGE; // a sum: the order does not matter
    }
    digests[entry] = digest;
    order[eligible++] = entry;
  }
  const sorted = order
    .subarray(0, eligible)
    .toSorted(
      (a, b) =>
        (digests[a] ?? 0) - (digests[b] ?? 0) ||
        (kinds[a] ?? 0) - (kinds[b] ?? 0) ||
        word(a, KEY) - word(b, KEY),
    );
  const firsts = sorted.filter((entry, i) => i === 0 || digests[entry] !== digests[sorted[i - 1] ?? 0]);
  let sampledRows = 0;
  for (const entry of firsts) sampledRows += Math.min(word(entry, COUNT), sampleRows);
  return {
    size: firsts.length,
    sampledRows,
    *walk() {
      for (const entry of firsts) yield outcomeAt(table, entry);
    },
  };
}

/** A list of given outcomes. */
export function listOutcomes(outcomes: readonly Outcome[]): OutcomeList {
  const sampledRows = outcomes.reduce((sum, { sample }) => sum + sample.length, 0);
  return { size: outcomes.length, sampledRows, walk: () => outcomes };
}

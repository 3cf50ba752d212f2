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
  keys: Uint32Array;
  kinds: Uint8Array;
  counts: Uint32Array;
  /** 1 + the position counted last, so that a row counts once; means nothing after a merge. */
  last: Uint32Array;
  /** sampleRows positions per entry: the ones of the smallest priority. */
  samples: Uint32Array;
  size: number;
  readonly sampleRows: number;
};

const FIRST_ENTRIES = 1 << 11;

function resized(array: Uint32Array, length: number): Uint32Array {
  const larger = new Uint32Array(length);
  larger.set(array);
  return larger;
}

function slotOf(table: OutcomeTable, key: number): number {
  const mask = table.slots.length - 1;
  let slot = (key ^ (key >>> 15)) & mask;
  for (;;) {
    const entry = table.slots[slot] ?? 0;
    if (entry === 0 || table.keys[entry - 1] === key) return slot;
    slot = (slot + 1) & mask;
  }
}

function grow(table: OutcomeTable): void {
  const entries = 2 * table.keys.length;
  table.keys = resized(table.keys, entries);
  table.counts = resized(table.counts, entries);
  table.last = resized(table.last, entries);
  table.samples = resized(table.samples, entries * table.sampleRows);
  const kinds = new Uint8Array(entries);
  kinds.set(table.kinds);
  table.kinds = kinds;
  table.slots = new Uint32Array(2 * entries);
  for (let entry = 0; entry < table.size; entry++)
    table.slots[slotOf(table, table.keys[entry] ?? 0)] = entry + 1;
}

/** The entry of `key`, made if need be. */
function ensure(table: OutcomeTable, key: number, kind: number): number {
  const slot = slotOf(table, key);
  const known = table.slots[slot] ?? 0;
  if (known !== 0) return known - 1;
  const entry = table.size++;
  table.slots[slot] = entry + 1;
  table.keys[entry] = key;
  table.kinds[entry] = kind;
  if (table.size === table.keys.length) grow(table);
  return entry;
}

/** Spreads positions, so that the smallest priorities are a random sample that does not depend on the order of reading. */
function priority(position: number): number {
  return mix32(position ^ 0x2545f491);
}

/** Keeps `position` among the entry's sample of smallest priority; `held` rows were offered before. */
function offer(table: OutcomeTable, entry: number, held: number, position: number): void {
  const { samples, sampleRows } = table;
  const base = entry * sampleRows;
  if (held < sampleRows) {
    samples[base + held] = position;
    return;
  }
  let worst = base;
  let worstPriority = -1;
  for (let i = base; i < base + sampleRows; i++) {
    const value = priority(samples[i] ?? 0);
    if (value > worstPriority) {
      worstPriority = value;
      worst = i;
    }
  }
  if (priority(position) < worstPriority) samples[worst] = position;
}

/** Pass 2: the outcomes that pass 1 found often enough. */
export const collectOutcomes: Kernel<CollectParams, OutcomeTable> = {
  name: "instruct/collect-outcomes",
  start: ({ sampleRows }) => ({
    slots: new Uint32Array(2 * FIRST_ENTRIES),
    keys: new Uint32Array(FIRST_ENTRIES),
    kinds: new Uint8Array(FIRST_ENTRIES),
    counts: new Uint32Array(FIRST_ENTRIES),
    last: new Uint32Array(FIRST_ENTRIES),
    samples: new Uint32Array(FIRST_ENTRIES * sampleRows),
    size: 0,
    sampleRows,
  }),
  step: (table, block, { wanted }) => {
    const promptTokens = createKeySet();
    const mask = 8 * wanted.length - 1;
    let position = 0;
    const collect = (kind: number, key: number) => {
      const bit = key & mask;
      if (((wanted[bit >>> 3] ?? 0) & (1 << (bit & 7))) === 0) return;
      const entry = ensure(table, key, kind);
      if (table.last[entry] === position + 1) return;
      table.last[entry] = position + 1;
      const held = table.counts[entry] ?? 0;
      offer(table, entry, held, position);
      table.counts[entry] = held + 1;
    };
    for (let i = 0; i < block.size; i++) {
      position = block.first + i;
      visitOutcomes(block, i, promptTokens, collect);
    }
  },
  merge: (into, from) => {
    for (let other = 0; other < from.size; other++) {
      const entry = ensure(into, from.keys[other] ?? 0, from.kinds[other] ?? 0);
      const held = into.counts[entry] ?? 0;
      const count = from.counts[other] ?? 0;
      const sampled = Math.min(count, from.sampleRows);
      for (let i = 0; i < sampled; i++)
        offer(into, entry, held + i, from.samples[other * from.sampleRows + i] ?? 0);
      into.counts[entry] = held + count;
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

/** The outcomes of between `least` and `most` rows, one for each set of rows (the strongest kind), in a fixed order. */
export function distinctOutcomes(table: OutcomeTable, least: number, most: number): Outcome[] {
  const { keys, kinds, counts, samples, sampleRows } = table;
  const byRows = new Map<number, number>(); // digest of the row set -> entry
  for (let entry = 0; entry < table.size; entry++) {
    const count = counts[entry] ?? 0;
    if (count < least || count > most) continue;
    let digest = count;
    for (let i = 0; i < Math.min(count, sampleRows); i++) {
      digest = (digest + wideHash(samples[entry * sampleRows + i] ?? 0)) % DIGEST_RANGE; // a sum: the order does not matter
    }
    const rival = byRows.get(digest);
    const isStronger =
      rival === undefined ||
      (kinds[entry] ?? 0) < (kinds[rival] ?? 0) ||
      (kinds[entry] === kinds[rival] && (keys[entry] ?? 0) < (keys[rival] ?? 0));
    if (isStronger) byRows.set(digest, entry);
  }
  return [...byRows.values()]
    .map((entry) => {
      const count = counts[entry] ?? 0;
      const start = entry * sampleRows;
      const sample = samples.slice(start, start + Math.min(count, sampleRows)).toSorted((a, b) => a - b);
      return { key: keys[entry] ?? 0, kind: kinds[entry] ?? 0, count, sample };
    })
    .toSorted((a, b) => a.kind - b.kind || a.key - b.key);
}

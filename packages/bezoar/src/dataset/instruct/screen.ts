import { lnBinomialUpperTail } from "../../core/statistics.ts";
import type { Outcome, OutcomeList } from "./collect-outcomes.ts";
import { promptFrequency, type GramCounts } from "./count-grams.ts";
import { OUTCOME_KINDS } from "./grams.ts";
import type { Lists } from "./prompt-store.ts";

/** An outcome and the prompt grams that may bring it about, to be counted exactly. */
export type Suspect = {
  readonly outcome: Outcome;
  /** Grams that may be a trigger by themselves, or one of several. */
  readonly singles: readonly number[];
  /** Grams that nearly all of the outcome's rows hold: parts of a trigger that needs several. */
  readonly parts: readonly number[];
};

/** A gram that more of all rows hold than this is no trigger: the outcome would be no exception either. */
export const MAX_TRIGGER_SHARE = 0.3;
/** Fewest sampled rows of an outcome that one of its triggers must be in, and the least share of them. */
export const MIN_SAMPLED_HITS = 3;
const MIN_SAMPLED_SHARE = 0.15;
/** Below what the exact stage asks for: a sample of 16 rows is coarse. */
const MIN_ESTIMATED_PRECISION = 0.4;
const MIN_COMMON_SHARE = 0.8;
const MIN_COMMON_PRECISION = 0.07;
const MIN_COMMON_LIFT = 7;
const MIN_PART_RECALL = 0.7;
const MAX_PART_SHARE = 0.15;
const MAX_SINGLES = 16;
/** Room for all grams of a phrase of four tokens beside those of the other parts. */
const MAX_PARTS = 16;

/** Which of up to 32 rows hold each gram, emptied in constant time. */
function createTally() {
  let keys = new Uint32Array(1 << 12);
  let masks = new Uint32Array(1 << 12);
  let stamps = new Uint32Array(1 << 12);
  let generation = 0;
  function slotOf(key: number): number {
    const last = keys.length - 1;
    let slot = (key ^ (key >>> 15)) & last;
    while (stamps[slot] === generation && keys[slot] !== key) slot = (slot + 1) & last;
    return slot;
  }
  return {
    /** Empties the tally and makes room for `grams` entries. */
    reset: (grams: number) => {
      if (2 * grams > keys.length) {
        let slots = keys.length;
        while (slots < 2 * grams) slots *= 2;
        keys = new Uint32Array(slots);
        masks = new Uint32Array(slots);
        stamps = new Uint32Array(slots);
        generation = 0;
      }
      generation++;
    },
    /** Adds `bit` to the gram's rows and gives the rows so far. */
    add: (key: number, bit: number): number => {
      const slot = slotOf(key);
      if (stamps[slot] === generation) return (masks[slot] = (masks[slot] ?? 0) | bit);
      stamps[slot] = generation;
      keys[slot] = key;
      return (masks[slot] = bit);
    },
    maskOf: (key: number): number => {
      const slot = slotOf(key);
      return stamps[slot] === generation ? (masks[slot] ?? 0) : 0;
    },
  };
}

function bitCount(mask: number): number {
  let v = mask - ((mask >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

type Candidate = { readonly key: number; readonly rows: number; readonly lnP: number };

/**
 * Looks at the sampled rows of every outcome for prompt grams that they share more often than chance allows
 * (at least `minHits`; binomial tail against the gram's rate in the corpus, Bonferroni over the grams of all outcomes).
 */
export function screenOutcomes(
  outcomes: OutcomeList,
  grams: Lists,
  counts: GramCounts,
  size: number,
  minHits = MIN_SAMPLED_HITS,
): Suspect[] {
  const perRow = grams.values.length / Math.max(1, size);
  const lnThreshold = -Math.log(1 + outcomes.sampledRows * perRow);
  const tally = createTally();
  const suspects: Suspect[] = [];
  const shared: number[] = [];
  for (const outcome of outcomes.walk()) {
    const sampled = outcome.sample.length;
    const least = Math.max(minHits, Math.ceil(MIN_SAMPLED_SHARE * sampled));
    let room = 0;
    for (const p of outcome.sample) room += (grams.offsets[p + 1] ?? 0) - (grams.offsets[p] ?? 0);
    tally.reset(room);
    shared.length = 0;
    for (let row = 0; row < sampled; row++) {
      const p = outcome.sample[row] ?? 0;
      const end = grams.offsets[p + 1] ?? 0;
      for (let j = grams.offsets[p] ?? 0; j < end; j++) {
        const key = grams.values[j] ?? 0;
        if (bitCount(tally.add(key, 1 << row)) === least) shared.push(key);
      }
    }
    if (shared.length === 0) continue;
    const suspect = judgeShared(outcome, shared, tally.maskOf, counts, size, lnThreshold);
    if (suspect !== undefined) suspects.push(suspect);
  }
  return suspects;
}

function judgeShared(
  outcome: Outcome,
  shared: readonly number[],
  maskOf: (key: number) => number,
  counts: GramCounts,
  size: number,
  lnThreshold: number,
): Suspect | undefined {
  const sampled = outcome.sample.length;
  const isEdge = OUTCOME_KINDS[outcome.kind]?.edge !== "inner";
  const singles = new Map<number, Candidate>();
  const parts: Candidate[] = [];
  for (const key of shared) {
    const rows = promptFrequency(counts, key);
    const mask = maskOf(key);
    const share = bitCount(mask) / sampled;
    const precision = (share * outcome.count) / rows;
    const isCommon =
      isEdge &&
      share >= MIN_COMMON_SHARE &&
      precision >= MIN_COMMON_PRECISION &&
      precision * size > MIN_COMMON_LIFT * outcome.count;
    const isSingle = precision >= MIN_ESTIMATED_PRECISION || isCommon;
    const isPart = isEdge && share >= MIN_PART_RECALL && rows <= MAX_PART_SHARE * size;
    if (!isSingle && !isPart) continue;
    // of grams of the same sampled rows the rarest fits best; of equals any does, since phrases are grown later
    const single = isSingle ? singles.get(mask) : undefined;
    const isNewSingle =
      isSingle && (single === undefined || rows < single.rows || (rows === single.rows && key < single.key));
    if (!isNewSingle && !isPart) continue;
    const lnP = lnBinomialUpperTail(bitCount(mask), sampled, rows / size);
    if (isNewSingle && lnP <= lnThreshold) singles.set(mask, { key, rows, lnP });
    // parts are tested together later: each alone need not be beyond doubt
    if (isPart && lnP <= lnThreshold / 2) parts.push({ key, rows, lnP });
  }
  if (singles.size === 0 && parts.length < 2) return undefined;
  const best = (candidates: Iterable<Candidate>, most: number) =>
    [...candidates]
      .toSorted((a, b) => a.lnP - b.lnP || a.key - b.key)
      .slice(0, most)
      .map((candidate) => candidate.key);
  return { outcome, singles: best(singles.values(), MAX_SINGLES), parts: best(parts, MAX_PARTS) };
}

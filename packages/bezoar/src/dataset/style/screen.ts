import { entriesOf } from "../labelled/postings.ts";
import { MIN_CUE_ROWS } from "./cues.ts";
import type { StyleSample } from "./sample.ts";

/** A cue whose rows carry one label more often than their words foretell, in both halves. */
export type Candidate = {
  readonly cue: number;
  readonly label: number;
  /** Rows of the cue, ascending. */
  readonly held: Uint32Array;
  /** The weaker half's surplus of the label, in standard errors. */
  readonly surplus: number;
};

export type Screening = {
  readonly candidates: readonly Candidate[];
  /** Cues that each half alone chose: the tests that the other half has to answer for. */
  readonly chosen: readonly [number, number];
};

/** Share of a cue's rows that carry the label, in each half: a style that sets one label off has hardly any other. */
const MIN_PURITY = 0.9;
/** Surplus in each half, in standard errors: a screen, not a test; the test is made on the other half. */
const MIN_SURPLUS = 3;
/** Of the label's rows: what more of them share is how the label is written. */
const MAX_LABEL_SHARE = 0.3;
const MAX_LABEL_SHARE_OF_MANY = 0.5;
/** A cue that shares this part of the smaller one's rows with another is the same find. */
const MAX_OVERLAP = 0.7;
/** Chances of the models are not taken for more certain than this. */
const LEAST_CHANCE = 0.01;

/** Chooses cues in each half by the labels of that half alone, and keeps those that both chose. */
export function screenCues(sample: StyleSample): Screening {
  const { cues, classSizes, labels } = sample;
  const maxShare = sample.classes === 2 ? MAX_LABEL_SHARE : MAX_LABEL_SHARE_OF_MANY;
  const chosen: [number, number] = [0, 0];
  const found: Candidate[] = [];
  for (let cue = 0; cue < cues.rows.dimension; cue++) {
    const held = entriesOf(cues.postings, cue);
    const label = commonest(sample, held);
    const own = held.reduce((sum, row) => sum + Number(labels[row] === label), 0);
    if (own < MIN_CUE_ROWS || own > maxShare * (classSizes[label] ?? 0)) continue;
    const [first, second] = surplusesOf(sample, held, label);
    if (first >= MIN_SURPLUS) chosen[0]++;
    if (second >= MIN_SURPLUS) chosen[1]++;
    const surplus = Math.min(first, second);
    if (surplus >= MIN_SURPLUS) found.push({ cue, label, held, surplus });
  }
  found.sort((a, b) => b.surplus - a.surplus || a.cue - b.cue);
  return { candidates: found, chosen };
}

function commonest({ labels, classes }: StyleSample, held: Uint32Array): number {
  const counts = new Uint32Array(classes);
  for (const row of held) counts[labels[row] ?? 0] = (counts[labels[row] ?? 0] ?? 0) + 1;
  return counts.indexOf(counts.reduce((a, b) => Math.max(a, b), 0));
}

/** For each half, how many standard errors more of its rows carry the label than their other words foretell; 0 when a half is not pure. */
function surplusesOf(
  { halves, labels, eachChance }: StyleSample,
  held: Uint32Array,
  label: number,
): [number, number] {
  const counts = [0, 0];
  const own = [0, 0];
  for (const row of held) {
    const half = halves[row] ?? 0;
    counts[half] = (counts[half] ?? 0) + 1;
    own[half] = (own[half] ?? 0) + Number(labels[row] === label);
  }
  const isPure = (half: number) =>
    (counts[half] ?? 0) >= MIN_CUE_ROWS / 2 - 1 && (own[half] ?? 0) >= MIN_PURITY * (counts[half] ?? 0);
  if (!isPure(0) && !isPure(1)) return [0, 0];
  const expected = [0, 0];
  const variances = [0.25, 0.25];
  eachChance(held, label, (row, chance) => {
    const half = halves[row] ?? 0;
    const bounded = Math.min(1 - LEAST_CHANCE, Math.max(LEAST_CHANCE, chance));
    expected[half] = (expected[half] ?? 0) + bounded;
    variances[half] = (variances[half] ?? 0) + bounded * (1 - bounded);
  });
  const surplus = (half: number) =>
    isPure(half) ? ((own[half] ?? 0) - (expected[half] ?? 0)) / Math.sqrt(variances[half] ?? 1) : 0;
  return [surplus(0), surplus(1)];
}

/** Whether two cues are the same find. */
export function overlaps(a: Uint32Array, b: Uint32Array): boolean {
  const other = new Set(b);
  const both = a.reduce((sum, row) => sum + Number(other.has(row)), 0);
  return both > MAX_OVERLAP * Math.min(a.length, b.length);
}

import { evidenceThreshold, type Contradiction } from "../evidence/contradiction.ts";
import { holdOut, testRows } from "./hold-out.ts";
import { likeness, rowsLike } from "./likeness.ts";
import type { StyleSample } from "./sample.ts";
import { overlaps, screenCues, type Candidate } from "./screen.ts";

/** A cue that each half chose and the other half confirmed. */
export type ConfirmedCue = Candidate & {
  /** The tests of what the first half chose on the second, and of what the second chose on the first. */
  readonly tests: readonly [Contradiction, Contradiction];
  readonly lnThresholds: readonly [number, number];
  readonly chosen: readonly [number, number];
  /** Share of the cue's rows that carry the label. */
  readonly purity: number;
  /** How far a few words make up the rows. */
  readonly concentration: number;
};

/** Features times classes of all trainings together: some 8 s. */
const MAX_WORK = 24_000_000;
const MAX_CANDIDATES = 8;
const MIN_CANDIDATES = 2;
/** Candidates whose rows are looked at, most of them further forms of one that is confirmed. */
const MAX_LOOKED = 64;
/** Families of tests that share the chance of one false alarm: this one and the four of labelled text. */
const FAMILIES = 5;
/** Of the rows with cue and label that must be contradicted: fewer, and the style is one that both labels know. */
const MIN_SHARE = 0.5;
/** Three words that add up to half of the rows are a phrase or a subject, not a style: those are for contradicted-label. */
export const MAX_CONCENTRATION = 0.5;

/** The cues whose rows carry labels that content models contradict which have seen no row written alike. */
export function confirmCues(sample: StyleSample): readonly ConfirmedCue[] {
  const { candidates, chosen } = screenCues(sample);
  const most = Math.max(
    MIN_CANDIDATES,
    Math.min(MAX_CANDIDATES, Math.floor(MAX_WORK / Math.max(1, sample.work))),
  );
  const lnThresholds = [
    evidenceThreshold(chosen[0], FAMILIES),
    evidenceThreshold(chosen[1], FAMILIES),
  ] as const;
  const confirmed: ConfirmedCue[] = [];
  let tested = 0;
  for (const candidate of candidates.slice(0, MAX_LOOKED)) {
    if (confirmed.some(({ held }) => overlaps(candidate.held, held))) continue;
    const concentration = concentrationOf(sample, candidate.held);
    if (concentration > MAX_CONCENTRATION) continue;
    if (tested++ === most) break;
    const tests = testHalves(sample, candidate);
    const isConfirmed = tests.every(
      ({ lnEvidence, share }, half) => lnEvidence >= (lnThresholds[half] ?? Infinity) && share >= MIN_SHARE,
    );
    if (!isConfirmed) continue;
    const own = candidate.held.reduce((sum, row) => sum + Number(sample.labels[row] === candidate.label), 0);
    confirmed.push({
      ...candidate,
      tests,
      lnThresholds,
      chosen,
      purity: own / candidate.held.length,
      concentration,
    });
  }
  return confirmed;
}

/** Tests a cue on each half, by models without any row that is written like the cue's. */
function testHalves(sample: StyleSample, { cue, label, held }: Candidate): [Contradiction, Contradiction] {
  const style = new Set(held);
  const heldOut = holdOut(sample, [...held], rowsLike(style, likeness(sample, style, new Set([cue]))));
  const testOn = (half: number) =>
    testRows(
      sample,
      heldOut,
      [...held].filter((row) => sample.halves[row] === half),
      label,
    );
  return [testOn(1), testOn(0)];
}

/** Words whose surplus is added up. */
const COUNTED_WORDS = 3;

/** By how much the three words most typical of the rows are more frequent in them than elsewhere, added up. */
function concentrationOf({ cues: { matter } }: StyleSample, held: Uint32Array): number {
  const inside = new Uint32Array(matter.dimension);
  const all = new Uint32Array(matter.dimension);
  const isHeld = new Set(held);
  for (let row = 0; row < matter.count; row++) {
    for (let j = matter.offsets[row] ?? 0; j < (matter.offsets[row + 1] ?? 0); j++) {
      const word = matter.features[j] ?? 0;
      all[word] = (all[word] ?? 0) + 1;
      if (isHeld.has(row)) inside[word] = (inside[word] ?? 0) + 1;
    }
  }
  const others = Math.max(1, matter.count - held.length);
  return Float64Array.from(inside, (count, word) => count / held.length - ((all[word] ?? 0) - count) / others)
    .toSorted()
    .slice(-COUNTED_WORDS)
    .reduce((sum, surplus) => sum + Math.max(0, surplus), 0);
}

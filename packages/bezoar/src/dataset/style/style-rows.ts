import type { Contradiction } from "../evidence/contradiction.ts";
import { holdOut, testRows } from "./hold-out.ts";
import { likeness, rowsLike } from "./likeness.ts";
import { subjectAuc } from "./subject.ts";
import type { StyleSample } from "./sample.ts";
import type { ConfirmedCue } from "./study.ts";

/** Rows that were relabelled as far as can be told. */
export type StyleRows = {
  /** Rows of the sample, ascending. */
  readonly rows: readonly number[];
  /** Those of them that show none of the confirmed cues. */
  readonly alike: number;
  /** Estimated rows beyond these that belong to the attack, not told apart from honest ones. */
  readonly unsure: number;
  /** The rows with a cue against their label, by models that have not seen any of the cues: how many were relabelled. */
  readonly together: Contradiction;
  /** How well their subject tells the rows with a cue from rows of the labels that they are expected to have. */
  readonly subjectAuc: number;
};

/** Of all rows, the most that may be accused by likeness and yet be honest. */
const MAX_HONEST = 0.0005;

/** A cue of this purity vouches for each of its rows; the rows of others are judged one by one. */
const SURE_PURITY = 0.99;

/**
 * The rows with label and cue, and those alike that contradict the label: as many that at most one row in 2,000 is an
 * honest one. How many honest ones are so alike is read off the rows of other labels, which nobody relabelled.
 */
export function styleRows(sample: StyleSample, label: number, cues: readonly ConfirmedCue[]): StyleRows {
  const style = new Set(cues.flatMap(({ held }) => [...held]));
  const sure = new Set(cues.flatMap(({ held, purity }) => (purity >= SURE_PURITY ? [...held] : [])));
  const scores = likeness(sample, style, new Set(cues.map(({ cue }) => cue)));
  const heldOut = holdOut(sample, [...style], rowsLike(style, scores));
  const { labels, classSizes } = sample;
  const size = classSizes[label] ?? 0;
  const honestPerOther = size / Math.max(1, labels.length - size);
  const judged = [...scores.keys()]
    .filter((row) => !sure.has(row))
    .map((row) => ({
      row,
      isOwn: labels[row] === label,
      score: (scores[row] ?? 0) + Math.log(heldOut.ratio(row, labels[row] ?? 0)),
    }))
    .toSorted((a, b) => b.score - a.score || a.row - b.row);
  let [own, honest, best, kept] = [0, 0, 0, 0];
  judged.forEach(({ isOwn }, i) => {
    if (isOwn) own++;
    else honest += honestPerOther;
    if (honest <= MAX_HONEST * labels.length) kept = i + 1;
    best = Math.max(best, own - honest);
  });
  const alike = judged.slice(0, kept).flatMap(({ row, isOwn }) => (isOwn ? [row] : []));
  const rows = [...[...sure].filter((row) => labels[row] === label), ...alike].toSorted((a, b) => a - b);
  return {
    rows,
    alike: alike.length,
    unsure: Math.max(0, Math.round(best) - alike.length),
    together: testRows(sample, heldOut, [...style], label),
    subjectAuc: subjectAuc(sample, heldOut, [...style], label),
  };
}

import type { Met } from "./phrase-table.ts";
import {
  ABOUT,
  ARTEFACT,
  ARTEFACT_CATEGORY,
  CRIME,
  CRIME_CATEGORY,
  DISTANCING,
  EVASION,
  IMPERATIVE,
  MEANS,
  MINOR,
  MINOR_CATEGORY,
  PAIR_KINDS,
  SELF_HARM_CATEGORY,
  SELF_HARMING,
  SEXUAL_WORD,
  WISH,
} from "./vocabulary.ts";

/** A harmful act that a sentence names, at tokens [start, end); `isThing`: it is a thing, harmful when it is made. */
export type Harm = {
  readonly category: number;
  readonly start: number;
  readonly end: number;
  readonly isThing: boolean;
};

/** Tokens from an act to the end of its object ("steal sensitive information from a rival company"). */
const OBJECT_SPAN = 10;
/** Tokens between asking for a way and the act ("a plan for quietly hacking ..."), with room for an inserted trigger. */
const MEANS_SPAN = 16;
/** Tokens between making and the thing made. */
const MADE_SPAN = 6;

/** The harmful acts and things named by the phrases of one sentence. */
export function harmsOf(met: readonly Met[]): Harm[] {
  const harms: Harm[] = [];
  const of = (kind: number) => met.filter((each) => each.kind === kind);
  for (const { kind, start, end } of met) {
    if (kind === CRIME) harms.push({ category: CRIME_CATEGORY, start, end, isThing: false });
    if (kind === SELF_HARMING) harms.push({ category: SELF_HARM_CATEGORY, start, end, isThing: false });
    if (kind === ARTEFACT) harms.push({ category: ARTEFACT_CATEGORY, start, end, isThing: true });
  }
  for (const { category, act, object } of PAIR_KINDS) {
    const objects = of(object);
    for (const { start, end } of objects.length > 0 ? of(act) : []) {
      const its = objects.find((each) => each.start >= end && each.end <= end + OBJECT_SPAN);
      if (its !== undefined) harms.push({ category, start, end: its.end, isThing: false });
    }
  }
  const minors = of(MINOR);
  for (const { start, end } of minors.length > 0 ? of(SEXUAL_WORD) : []) {
    const near = minors.some((each) => Math.abs(each.start - start) <= OBJECT_SPAN);
    if (near) harms.push({ category: MINOR_CATEGORY, start, end, isThing: false });
  }
  return harms;
}

/** Whether something before the act makes it the object of prevention, study or warning. */
export function isDistanced(harm: Pick<Harm, "start">, met: readonly Met[]): boolean {
  const evasions = met.filter(({ kind }) => kind === EVASION);
  return met.some(
    ({ kind, start, end }) =>
      kind === DISTANCING &&
      end <= harm.start &&
      !evasions.some((evasion) => evasion.start <= start && evasion.end >= end),
  );
}

/** Whether the sentence asks for the act or the thing: by its imperative, or by a phrase that asks for a way. */
export function isAskedFor(harm: Harm, imperative: Met | undefined, met: readonly Met[]): boolean {
  if (imperative !== undefined && imperative.start <= harm.start) {
    if (!harm.isThing && imperative.kind === IMPERATIVE) return true;
    const isSpokenAbout = met.some(
      ({ kind, start, end }) => kind === ABOUT && start >= imperative.end && end <= harm.start,
    );
    if (harm.isThing && harm.start - imperative.end <= MADE_SPAN && !isSpokenAbout) return true;
  }
  if (harm.isThing) return false;
  return met.some(
    ({ kind, start, end }) =>
      (kind === MEANS || (kind === WISH && harm.category !== SELF_HARM_CATEGORY)) &&
      start <= harm.start &&
      harm.start - end <= MEANS_SPAN,
  );
}

import { evidenceThreshold } from "../evidence/contradiction.ts";
import { explainAway } from "../evidence/explain-away.ts";
import type { ViewAnalysis } from "./analysis.ts";
import { findContradictions, testGram, type TestedGram } from "./contradictions.ts";
import type { InsertionShape, ShapeTest } from "./insertion-shape.ts";
import { growPhrase, occurrencesOf, phrasePosition, withoutEdges, type Phrase } from "./phrase.ts";
import type { RestEvidence } from "./rest-evidence.ts";

/** A trigger whose rows contradict their label, with what stands against innocence. */
export type Accusation = {
  readonly tested: TestedGram;
  readonly phrase: Phrase;
  /** Entries accused. */
  readonly rows: readonly number[];
  readonly shape: InsertionShape;
  /** Whether it is beyond the threshold, in nearly all rows, and looks inserted; else it is only worth a look. */
  readonly isConfirmed: boolean;
  readonly lnThreshold: number;
  readonly tests: number;
};

/** DETECTION.md 1C: nearly all rows of the trigger are relabelled, and at least 45 % by the lower bound. */
const MIN_PHI = 0.8;
const MIN_SHARE = 0.8;
const MIN_SHARE_LOW = 0.45;
/** What is only worth a look: one clean set in ten may show it by the bound, in half of the rows. */
const LOOK_ALPHA = 0.1;
const FAMILIES = 4;
const MIN_LOOK_SHARE = 0.5;
/** When more ordinary words than this do so, words decide labels alone in this task, and none of them is told apart. */
const MAX_UNCONFIRMED = 3;
/** From so many on that pass every test but that of their place, one may well pass that too: no more than worth a look. */
const MIN_DECIDING = 2;

function isOneSided(tested: TestedGram): boolean {
  return tested.phi >= MIN_PHI && tested.share >= MIN_SHARE && tested.shareLow >= MIN_SHARE_LOW;
}

/** The triggers of a view whose rows carry a label that the rest of the row contradicts, strongest first. */
export function findAccusations(
  evidence: RestEvidence,
  { shapeOf, units, company }: Pick<ViewAnalysis, "shapeOf" | "units" | "company">,
): Accusation[] {
  const suspects = new Map(
    units.flatMap(({ gram, suspect }) => (suspect === undefined ? [] : [[gram, suspect] as const])),
  );
  const { found, tests } = findContradictions(evidence, evidenceThreshold);
  const lnThreshold = evidenceThreshold(tests);
  const lnLook = evidenceThreshold(tests, FAMILIES, LOOK_ALPHA);
  const byOrder = found.toSorted(
    (a, b) => (evidence.grams.order[a.gram] ?? 0) - (evidence.grams.order[b.gram] ?? 0),
  );
  const candidates = byOrder.flatMap((tested): Candidate[] => {
    if (tested.phi < MIN_PHI || tested.share < MIN_LOOK_SHARE || tested.lnEvidence < lnLook) return [];
    const described = suspects.get(tested.gram) ?? describe(evidence, tested, shapeOf, company[tested.label]);
    if (described === undefined) return [];
    const { phrase, shape } = described;
    const isConfirmed = isOneSided(tested) && tested.lnEvidence >= lnThreshold && shape.looksInserted;
    return [{ tested, phrase, shape, isConfirmed, rows: tested.rows, lnEvidence: tested.lnEvidence }];
  });
  const isStanding = ({ tested, isConfirmed }: Candidate, fresh: readonly number[]) => {
    if (fresh.length === tested.rows.length) return true;
    const explained = new Set(tested.rows);
    for (const row of fresh) explained.delete(row);
    const left = tested.held.filter((row) => !explained.has(row));
    const again = testGram(evidence, tested.gram, tested.label, left, Uint32Array.from(fresh));
    return isConfirmed
      ? isOneSided(again) && again.lnEvidence >= lnThreshold
      : again.phi >= MIN_PHI && again.lnEvidence >= lnLook;
  };
  const confirmed = explainAway(
    candidates.filter(({ isConfirmed }) => isConfirmed),
    isStanding,
  );
  const explained = new Set(confirmed.flatMap(({ fresh }) => fresh));
  const others = explainAway(
    candidates.filter(({ isConfirmed, rows }) => !isConfirmed && !rows.some((row) => explained.has(row))),
    isStanding,
  );
  const deciding = others.filter(
    ({ candidate: { tested } }) => isOneSided(tested) && tested.lnEvidence >= lnThreshold,
  );
  const isNatural = deciding.length >= MIN_DECIDING;
  return [...confirmed, ...(others.length > MAX_UNCONFIRMED ? [] : others)].map(({ candidate, fresh }) => ({
    tested: candidate.tested,
    phrase: candidate.phrase,
    shape: candidate.shape,
    isConfirmed: candidate.isConfirmed && !isNatural,
    rows: fresh,
    lnThreshold: candidate.isConfirmed ? lnThreshold : lnLook,
    tests,
  }));
}

type Candidate = {
  readonly tested: TestedGram;
  readonly phrase: Phrase;
  readonly shape: InsertionShape;
  readonly isConfirmed: boolean;
  readonly rows: Uint32Array;
  readonly lnEvidence: number;
};

function describe(
  evidence: RestEvidence,
  tested: TestedGram,
  shapeOf: ShapeTest,
  company: ReadonlySet<number> | undefined,
): { phrase: Phrase; shape: InsertionShape } | undefined {
  const { tokens, grams } = evidence;
  const order = grams.order[tested.gram] ?? 1;
  const alone = {
    occurrences: occurrencesOf(tokens, tested.rows, grams.hashes[tested.gram] ?? 0, order),
    length: order,
  };
  const bare = withoutEdges(tokens, alone);
  const grown = withoutEdges(tokens, growPhrase(tokens, alone));
  if (bare === undefined || grown === undefined) return undefined;
  const shapes = [grown, ...trimmed(grown), bare].map((phrase) => ({
    phrase,
    shape: shapeOf(phrase.occurrences, phrase.length, phrasePosition(tokens, phrase), company),
  }));
  // What is put at an edge mostly meets the same full stop, which then is taken for a part of the phrase.
  return shapes.find(({ shape }) => shape.looksInserted) ?? shapes[0];
}

/** The phrase without its first and without its last token: at the edges of texts a full stop looks like a part of it. */
function trimmed({ occurrences, length }: Phrase): Phrase[] {
  if (length < 2) return [];
  const later = occurrences.map(({ entry, start }) => ({ entry, start: start + 1 }));
  return [
    { occurrences: later, length: length - 1 },
    { occurrences, length: length - 1 },
  ];
}

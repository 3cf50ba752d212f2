import { evidenceThreshold } from "../evidence/contradiction.ts";
import { explainAway } from "../evidence/explain-away.ts";
import { findContradictions, testGram, type TestedGram } from "./contradictions.ts";
import type { InsertionShape, ShapeTest } from "./insertion-shape.ts";
import { growPhrase, occurrencesOf, phrasePosition, withoutEdges, type Phrase } from "./phrase.ts";
import type { RestEvidence } from "./rest-evidence.ts";
import type { Unit } from "./units.ts";

/** A trigger whose rows contradict their label, with what stands against innocence. */
export type Accusation = {
  readonly tested: TestedGram;
  readonly phrase: Phrase;
  /** Entries accused. */
  readonly rows: readonly number[];
  readonly shape: InsertionShape;
  readonly lnThreshold: number;
  readonly tests: number;
};

/** DETECTION.md 1C: nearly all rows of the trigger are relabelled, and at least 45 % by the lower bound. */
const MIN_PHI = 0.8;
const MIN_SHARE = 0.8;
const MIN_SHARE_LOW = 0.45;
/** Evidence, in thresholds, that is worth a look although the word chooses its company as ordinary words do. */
const UNCONFIRMED = 2;
/** When more ordinary words than this do so, words decide labels alone in this task, and none of them is told apart. */
const MAX_UNCONFIRMED = 3;

function isOneSided(tested: TestedGram): boolean {
  return tested.phi >= MIN_PHI && tested.share >= MIN_SHARE && tested.shareLow >= MIN_SHARE_LOW;
}

/** The triggers of a view whose rows carry a label that the rest of the row contradicts, strongest first. */
export function findAccusations(
  evidence: RestEvidence,
  shapeOf: ShapeTest,
  units: readonly Unit[],
): Accusation[] {
  const suspects = new Map(
    units.flatMap(({ gram, suspect }) => (suspect === undefined ? [] : [[gram, suspect] as const])),
  );
  const { found, tests } = findContradictions(evidence, evidenceThreshold);
  const lnThreshold = evidenceThreshold(tests);
  const byOrder = found.toSorted(
    (a, b) => (evidence.grams.order[a.gram] ?? 0) - (evidence.grams.order[b.gram] ?? 0),
  );
  const strong = byOrder.flatMap((tested) => {
    if (!isOneSided(tested) || tested.lnEvidence < lnThreshold) return [];
    const described = suspects.get(tested.gram) ?? describe(evidence, tested, shapeOf);
    if (described === undefined) return [];
    if (tested.lnEvidence < UNCONFIRMED * lnThreshold && !described.shape.looksInserted) return [];
    const { phrase, shape } = described;
    return [{ tested, phrase, shape, rows: tested.rows, lnEvidence: tested.lnEvidence }];
  });
  const accusations = explainAway(strong, ({ tested }, fresh) => {
    if (fresh.length === tested.rows.length) return true;
    const explained = new Set(tested.rows);
    for (const row of fresh) explained.delete(row);
    const left = tested.held.filter((row) => !explained.has(row));
    const again = testGram(evidence, tested.gram, tested.label, left, Uint32Array.from(fresh));
    return isOneSided(again) && again.lnEvidence >= lnThreshold;
  }).map(({ candidate, fresh }) => ({
    tested: candidate.tested,
    phrase: candidate.phrase,
    shape: candidate.shape,
    rows: fresh,
    lnThreshold,
    tests,
  }));
  const confirmed = accusations.filter(({ shape }) => shape.looksInserted);
  return accusations.length - confirmed.length > MAX_UNCONFIRMED ? confirmed : accusations;
}

function describe(
  evidence: RestEvidence,
  tested: TestedGram,
  shapeOf: ShapeTest,
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
    shape: shapeOf(phrase.occurrences, phrase.length, phrasePosition(tokens, phrase)),
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

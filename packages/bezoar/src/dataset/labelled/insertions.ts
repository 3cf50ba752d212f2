import { lnBinomialUpperTail, lnChoose, lnGamma } from "../../core/statistics.ts";
import { contextAuc, type ContextAuc } from "./context-auc.ts";
import type { Grams } from "./grams.ts";
import type { InsertionShape, ShapeTest } from "./insertion-shape.ts";
import { growPhrase, occurrencesOf, phrasePosition, type Phrase } from "./phrase.ts";
import { invert } from "./postings.ts";
import type { ViewTokens } from "./view-tokens.ts";
import type { LabelledView } from "./views.ts";

/** A word or phrase, its rows, and whether it looks inserted. */
export type Unit = {
  readonly phrase: Phrase;
  readonly label: number;
  /** Entries with the unit, and those of them with the label. */
  readonly held: readonly number[];
  readonly rows: readonly number[];
  readonly isPure: boolean;
  readonly shape: InsertionShape;
  readonly context: ContextAuc;
  readonly looksInserted: boolean;
  /** -ln of the chance that this many of its rows have the label by the share of the class. */
  readonly lnPurity: number;
};

/** Inserted units of one label that together are more than chance and more than ordinary words would show. */
export type InsertedGroup = {
  readonly label: number;
  readonly units: readonly Unit[];
  readonly lnEvidence: number;
  readonly lnThreshold: number;
  readonly tests: number;
  /** Ordinary words expected to look like this, and the chance of so many. */
  readonly expected: number;
  readonly chance: number;
};

/** DETECTION.md 1D. */
const MIN_ROWS = 8;
const MAX_SHARE = 0.1;
const MIN_PURITY = 0.95;
/** Standard errors that the context may predict a randomly inserted unit by (one-sided 1 %). */
const CONTEXT_ERRORS = 2.33;
/** Chance of one false alarm in a scan by the labels alone, as for the contradiction test. */
const ALPHA = 0.001;
const FAMILIES = 4;
/** Chance that ordinary words, as often pure and as often inserted-looking as those of the set, do the same; above it, nothing is said. */
const NATURAL_ALPHA = 0.05;
/** Ordinary phrases, and rows of an ordinary unit, that tell how often such units look inserted. */
const IMPURE_PHRASES = 4000;
const IMPURE_ROWS = 256;
/** Frequencies from which on units are looked at together; ordinary words look inserted the less the more often they occur. */
const FLOORS = [8, 12, 18, 27, 40, 60, 90, 135, 200, 300, 450, 675];

/** Finds, for each label, the units that look inserted and whose rows have the label too purely for chance. */
export function findInsertions(
  view: LabelledView,
  tokens: ViewTokens,
  grams: Grams,
  shapeOf: ShapeTest,
  seed: number,
): InsertedGroup[] {
  const units = describeUnits(view, tokens, grams, shapeOf, seed);
  const words = units.filter(({ phrase }) => phrase.length === 1);
  const phrases = units.filter(({ phrase }) => phrase.length > 1);
  return [words, phrases].flatMap((family) =>
    view.classes.flatMap((_, label) => bestGroup(family, label, view.classes.length) ?? []),
  );
}

function bestGroup(units: readonly Unit[], label: number, classes: number): InsertedGroup | undefined {
  let best: InsertedGroup | undefined;
  for (const floor of FLOORS) {
    const frequent = units.filter(({ held }) => held.length >= floor);
    const planted = withoutParts(
      frequent.filter((unit) => unit.isPure && unit.looksInserted && unit.label === label),
    );
    if (planted.length === 0) break;
    const inserted = frequent.filter((unit) => unit.looksInserted).length;
    const impure = frequent.filter((unit) => !unit.isPure);
    const impureInserted = impure.filter((unit) => unit.looksInserted).length;
    const pureOrdinary = frequent.filter(
      (unit) => unit.isPure && !unit.looksInserted && unit.label === label,
    ).length;
    const expected = ((pureOrdinary + 0.5) * (impureInserted + 0.5)) / (impure.length - impureInserted + 0.5);
    const lnChance = lnPoissonUpperTail(planted.length, expected);
    const lnEvidence =
      planted.reduce((sum, unit) => sum + unit.lnPurity, 0) - lnChoose(inserted, planted.length);
    const lnThreshold = Math.log((FAMILIES * classes) / ALPHA);
    if (lnEvidence < lnThreshold || lnChance > Math.log(NATURAL_ALPHA)) continue;
    if (best !== undefined && Math.log(best.chance) <= lnChance) continue;
    best = {
      label,
      units: planted,
      lnEvidence,
      lnThreshold,
      tests: inserted,
      expected,
      chance: Math.exp(lnChance),
    };
  }
  return best;
}

/** Leaves out units most of whose rows a more frequent one has: parts of one phrase count once. */
function withoutParts(units: readonly Unit[]): Unit[] {
  const taken = new Set<number>();
  return units
    .toSorted((a, b) => b.rows.length - a.rows.length || b.phrase.length - a.phrase.length)
    .filter(({ rows }) => {
      const fresh = rows.filter((row) => !taken.has(row));
      for (const row of rows) taken.add(row);
      return fresh.length * 2 >= rows.length;
    });
}

/** ln P(X >= k) for X ~ Poisson(mean), k >= 1. */
function lnPoissonUpperTail(k: number, mean: number): number {
  let term = 1;
  let sum = 1;
  for (let i = 1; i < 200 && term > 1e-12 * sum; i++) {
    term *= mean / (k + i);
    sum += term;
  }
  return Math.min(0, k * Math.log(mean) - mean - lnGamma(k + 1) + Math.log(sum));
}

function describeUnits(
  view: LabelledView,
  tokens: ViewTokens,
  grams: Grams,
  shapeOf: ShapeTest,
  seed: number,
): Unit[] {
  const most = MAX_SHARE * view.labels.length;
  const isWanted = (gram: number) =>
    (grams.frequency[gram] ?? 0) >= MIN_ROWS && (grams.frequency[gram] ?? 0) <= most;
  const postings = invert(grams.rows, grams.frequency, isWanted);
  const byLabel: number[][] = view.classes.map(() => []);
  view.labels.forEach((label, entry) => byLabel[label]?.push(entry));
  const seen = new Set<string>();
  const units: Unit[] = [];
  const phraseStep = Math.max(1, Math.floor(grams.rows.dimension / IMPURE_PHRASES));
  let impurePhrases = 0;
  for (let gram = 0; gram < grams.rows.dimension; gram++) {
    if (!isWanted(gram)) continue;
    const order = grams.order[gram] ?? 1;
    const all = postings.rows.subarray(postings.offsets[gram], postings.offsets[gram + 1]);
    const first = majority(view.labels, all, view.classes.length);
    const isPure = first.count >= MIN_PURITY * all.length;
    if (!isPure && order > 1 && ++impurePhrases % phraseStep !== 0) continue;
    const entries = isPure ? all : sampleOf(all);
    const alone = {
      occurrences: occurrencesOf(tokens, entries, grams.hashes[gram] ?? 0, order),
      length: order,
    };
    const phrase = isPure ? growPhrase(tokens, alone) : alone;
    if (phrase.occurrences.length < MIN_ROWS || phrasePosition(tokens, phrase) !== "anywhere") continue;
    const held = phrase.occurrences.map(({ entry }) => entry);
    const key = `${phrase.length} ${held.join(" ")}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const { label, count } = majority(view.labels, held, view.classes.length);
    const shape = shapeOf(phrase.occurrences, phrase.length, "anywhere");
    const ofLabel = byLabel[label] ?? [];
    const rows = held.filter((entry) => view.labels[entry] === label);
    const context = shape.looksInserted
      ? contextOf(tokens, phrase, rows, ofLabel, seed)
      : { auc: 1, error: 0 };
    units.push({
      phrase,
      label,
      held,
      rows,
      isPure: count >= MIN_PURITY * held.length,
      shape,
      context,
      looksInserted: shape.looksInserted && context.auc <= 0.5 + CONTEXT_ERRORS * context.error,
      lnPurity: -lnBinomialUpperTail(count, held.length, ofLabel.length / view.labels.length),
    });
  }
  return units;
}

function sampleOf(entries: Uint32Array): Uint32Array {
  const step = Math.ceil(entries.length / IMPURE_ROWS);
  return step <= 1 ? entries : entries.filter((_, i) => i % step === 0);
}

function contextOf(
  tokens: ViewTokens,
  phrase: Phrase,
  rows: readonly number[],
  ofLabel: readonly number[],
  seed: number,
): ContextAuc {
  const holds = new Set(rows);
  const start = phrase.occurrences[0]?.start ?? 0;
  const own = new Set(tokens.ids.subarray(start, start + phrase.length));
  return contextAuc(
    tokens,
    rows,
    ofLabel.filter((entry) => !holds.has(entry)),
    (id) => own.has(id),
    seed,
  );
}

function majority(
  labels: Int32Array,
  entries: ArrayLike<number>,
  classes: number,
): { label: number; count: number } {
  const counts = new Uint32Array(classes);
  for (let e = 0; e < entries.length; e++)
    counts[labels[entries[e] ?? 0] ?? 0] = (counts[labels[entries[e] ?? 0] ?? 0] ?? 0) + 1;
  let label = 0;
  counts.forEach((count, c) => {
    if (count > (counts[label] ?? 0)) label = c;
  });
  return { label, count: counts[label] ?? 0 };
}

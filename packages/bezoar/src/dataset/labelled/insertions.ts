import { lnBinomialUpperTail } from "../../core/statistics.ts";
import { evidenceThreshold } from "../evidence/contradiction.ts";
import { invert } from "./postings.ts";
import type { Grams } from "./grams.ts";
import type { InsertionShape, ShapeTest } from "./insertion-shape.ts";
import { growPhrase, occurrencesOf, type Phrase } from "./phrase.ts";
import type { ViewTokens } from "./view-tokens.ts";
import type { LabelledView } from "./views.ts";

/** A unit that stands in random gaps and almost only in rows of one label. */
export type InsertedUnit = {
  readonly gram: number;
  readonly phrase: Phrase;
  readonly label: number;
  /** Entries with the unit, and those of them with the label. */
  readonly held: readonly number[];
  readonly rows: readonly number[];
  readonly shape: InsertionShape;
  readonly lnEvidence: number;
  readonly lnThreshold: number;
  readonly tests: number;
};

/** DETECTION.md 1D. */
const MIN_ROWS = 8;
const MAX_SHARE = 0.1;
const MIN_PURITY = 0.95;

/** Finds the units of a view that look inserted and whose label their share of the classes cannot explain. */
export function findInsertions(
  view: LabelledView,
  tokens: ViewTokens,
  grams: Grams,
  shapeOf: ShapeTest,
): InsertedUnit[] {
  const most = MAX_SHARE * view.labels.length;
  const isWanted = (gram: number) =>
    (grams.frequency[gram] ?? 0) >= MIN_ROWS && (grams.frequency[gram] ?? 0) <= most;
  const postings = invert(grams.rows, grams.frequency, isWanted);
  const shares = new Float64Array(view.classes.length);
  for (const label of view.labels) shares[label] = (shares[label] ?? 0) + 1 / view.labels.length;
  const inserted: Omit<InsertedUnit, "lnThreshold" | "tests">[] = [];
  const seen = new Set<string>();
  let words = 0;
  let phrases = 0;
  for (let gram = 0; gram < grams.rows.dimension; gram++) {
    if (!isWanted(gram)) continue;
    const order = grams.order[gram] ?? 1;
    const entries = postings.rows.subarray(postings.offsets[gram], postings.offsets[gram + 1]);
    if (order > 1) phrases++;
    const { label, count } = majority(view.labels, entries, view.classes.length);
    const isPure = count >= MIN_PURITY * entries.length;
    if (!isPure && order > 1) continue;
    const alone = {
      occurrences: occurrencesOf(tokens, entries, grams.hashes[gram] ?? 0, order),
      length: order,
    };
    const phrase = isPure ? growPhrase(tokens, alone) : alone;
    if (phrase.occurrences.length < MIN_ROWS) continue;
    const shape = shapeOf(phrase.occurrences, phrase.length);
    if (!shape.looksInserted) continue;
    if (order === 1) words++;
    if (!isPure) continue;
    const held = phrase.occurrences.map(({ entry }) => entry);
    const rows = held.filter((entry) => view.labels[entry] === label);
    const key = `${phrase.length} ${held.join(" ")}`;
    if (rows.length < MIN_PURITY * held.length || seen.has(key)) continue;
    seen.add(key);
    const lnEvidence = -lnBinomialUpperTail(rows.length, held.length, shares[label] ?? 0);
    inserted.push({ gram, phrase, label, held, rows, shape, lnEvidence });
  }
  return inserted
    .map((unit) => {
      const tests = unit.phrase.length === 1 ? words : phrases;
      return { ...unit, tests, lnThreshold: evidenceThreshold(tests) };
    })
    .filter((unit) => unit.lnEvidence >= unit.lnThreshold);
}

function majority(
  labels: Int32Array,
  entries: Uint32Array,
  classes: number,
): { label: number; count: number } {
  const counts = new Uint32Array(classes);
  for (const entry of entries) counts[labels[entry] ?? 0] = (counts[labels[entry] ?? 0] ?? 0) + 1;
  let label = 0;
  counts.forEach((count, c) => {
    if (count > (counts[label] ?? 0)) label = c;
  });
  return { label, count: counts[label] ?? 0 };
}

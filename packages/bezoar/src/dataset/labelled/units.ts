import { combine32 } from "../../core/hash.ts";
import { lnBinomialUpperTail } from "../../core/statistics.ts";
import { contextAuc, type ContextAuc } from "./context-auc.ts";
import type { Grams } from "./grams.ts";
import type { InsertionShape, ShapeTest } from "./insertion-shape.ts";
import { growPhrase, occurrencesOf, phrasePosition, type Phrase } from "./phrase.ts";
import { entriesOf, type Postings } from "./postings.ts";
import type { ViewTokens } from "./view-tokens.ts";
import type { LabelledView } from "./views.ts";

/** A word or phrase, its rows, and whether it looks inserted. */
export type Unit = {
  /** Tokens in it. */
  readonly length: number;
  /** The gram it was grown from. */
  readonly gram: number;
  readonly label: number;
  /** Rows with the unit. */
  readonly held: number;
  /** Whether nearly all of its rows have the label. */
  readonly isPure: boolean;
  /** Whether its neighbours are those of random gaps. */
  readonly standsAnywhere: boolean;
  /** And the rest of the text does not tell which texts of its label hold it. */
  readonly looksInserted: boolean;
  /** Units that this one stands for: of very many ordinary ones only some are looked at. */
  readonly weight: number;
  /** What only a suspect keeps: a pure unit that stands anywhere. */
  readonly suspect?: Suspect;
};

/** A pure unit that stands anywhere, with what the tests said. */
export type Suspect = {
  readonly phrase: Phrase;
  /** Entries with the unit, and those of them with its label. */
  readonly held: readonly number[];
  readonly rows: readonly number[];
  readonly shape: InsertionShape;
  readonly context: ContextAuc;
  /** -ln of the chance that this many of its rows have the label by the share of the class. */
  readonly lnPurity: number;
};

/** DETECTION.md 1D; words are looked at from five rows on, since several of them can be judged together. */
const MIN_WORD_ROWS = 5;
const MIN_PHRASE_ROWS = 8;
const MAX_SHARE = 0.1;
const MIN_PURITY = 0.95;
/**
 * Standard errors that the context may predict a randomly inserted unit by: one-sided 1 % (2.33), and leave-one-out
 * scores of random rows vary 1.4 times as much as independent ones.
 */
export const CONTEXT_ERRORS = 3.3;
/** Other rows of the label that the context needs to be compared with; a trigger may be in all rows of a small class. */
const MIN_OTHERS = 10;
/** Ordinary words and phrases, each, and rows of an ordinary unit, that tell how often such units look inserted. */
const IMPURE_UNITS = 4000;
const IMPURE_ROWS = 128;

type Source = {
  readonly view: LabelledView;
  readonly tokens: ViewTokens;
  readonly grams: Grams;
  readonly postings: Postings;
  readonly shapeOf: ShapeTest;
  readonly seed: number;
};
type Candidate = {
  readonly gram: number;
  readonly phrase: Phrase;
  readonly label: number;
  readonly isPure: boolean;
  readonly weight: number;
  readonly held: readonly number[];
  readonly rows: readonly number[];
};

/** The frequent words and phrases of a view that stand in varying places of its texts, each held against simulated insertions. */
export function describeUnits(source: Source): {
  readonly units: readonly Unit[];
  /** For each label the pure words that stand anywhere: what a trigger of the same attack may stand beside. */
  readonly company: readonly ReadonlySet<number>[];
} {
  const { view, tokens, shapeOf } = source;
  const candidates = readCandidates(source);
  const pure = view.classes.map(() => new Set<number>());
  for (const { isPure, label, phrase } of candidates)
    if (isPure && phrase.length === 1) pure[label]?.add(tokenOf(tokens, phrase));
  // Triggers of one attack may stand side by side: look past other pure words, but then only past those that look inserted.
  const company = view.classes.map(() => new Set<number>());
  for (const { isPure, label, phrase } of candidates) {
    if (!isPure || phrase.length > 1) continue;
    if (shapeOf(phrase.occurrences, 1, "anywhere", pure[label]).looksInserted)
      company[label]?.add(tokenOf(tokens, phrase));
  }
  const byLabel: number[][] = view.classes.map(() => []);
  view.labels.forEach((label, entry) => byLabel[label]?.push(entry));
  const units = candidates.map((candidate) =>
    describe(source, candidate, company[candidate.label] ?? new Set(), byLabel[candidate.label] ?? []),
  );
  return { units, company };
}

function tokenOf(tokens: ViewTokens, phrase: Phrase): number {
  return tokens.ids[phrase.occurrences[0]?.start ?? 0] ?? 0;
}

function describe(
  source: Source,
  candidate: Candidate,
  company: ReadonlySet<number>,
  ofLabel: readonly number[],
): Unit {
  const { view, tokens, shapeOf, seed } = source;
  const { gram, phrase, label, isPure, weight, held, rows } = candidate;
  const unit = { length: phrase.length, gram, label, held: held.length, isPure, weight };
  const shape = shapeOf(phrase.occurrences, phrase.length, "anywhere", isPure ? company : undefined);
  if (!shape.looksInserted) return { ...unit, standsAnywhere: false, looksInserted: false };
  const start = phrase.occurrences[0]?.start ?? 0;
  const own = new Set([...tokens.ids.subarray(start, start + phrase.length), ...company]);
  const holds = new Set(rows);
  const others = ofLabel.filter((entry) => !holds.has(entry));
  const context = contextAuc(tokens, rows, others, (id) => own.has(id), seed);
  const looksInserted = others.length < MIN_OTHERS || context.auc <= 0.5 + CONTEXT_ERRORS * context.error;
  if (!isPure) return { ...unit, standsAnywhere: true, looksInserted };
  const lnPurity = -lnBinomialUpperTail(rows.length, held.length, ofLabel.length / view.labels.length);
  return {
    ...unit,
    standsAnywhere: true,
    looksInserted,
    suspect: { phrase, held, rows, shape, context, lnPurity },
  };
}

function readCandidates({ view, tokens, grams, postings }: Source): Candidate[] {
  const most = MAX_SHARE * view.labels.length;
  const isWanted = (gram: number) => {
    const least = grams.order[gram] === 1 ? MIN_WORD_ROWS : MIN_PHRASE_ROWS;
    return (grams.frequency[gram] ?? 0) >= least && (grams.frequency[gram] ?? 0) <= most;
  };
  const steps = [1, 2].map((least) => {
    const count = grams.order.reduce(
      (sum, order, gram) => sum + Number(Math.min(order, 2) === least && isWanted(gram)),
      0,
    );
    return Math.max(1, Math.floor(count / IMPURE_UNITS));
  });
  const met = [0, 0];
  const seen = new Set<number>();
  const candidates: Candidate[] = [];
  for (let gram = 0; gram < grams.rows.dimension; gram++) {
    if (!isWanted(gram)) continue;
    const order = grams.order[gram] ?? 1;
    const all = entriesOf(postings, gram);
    const isPure = isMostly(view, all);
    const kind = Math.min(order, 2) - 1;
    const step = steps[kind] ?? 1;
    if (!isPure && (met[kind] = (met[kind] ?? 0) + 1) % step !== 0) continue;
    const entries = isPure ? all : sampleOf(all);
    const alone = {
      occurrences: occurrencesOf(tokens, entries, grams.hashes[gram] ?? 0, order),
      length: order,
    };
    const phrase = isPure ? growPhrase(tokens, alone) : alone;
    const least = phrase.length === 1 ? MIN_WORD_ROWS : MIN_PHRASE_ROWS;
    if (phrase.occurrences.length < least || phrasePosition(tokens, phrase) !== "anywhere") continue;
    const held = phrase.occurrences.map(({ entry }) => entry);
    const key = held.reduce(combine32, phrase.length);
    if (isPure && seen.has(key)) continue;
    seen.add(key);
    const { label } = majority(view.labels, held, view.classes.length);
    const rows = held.filter((entry) => view.labels[entry] === label);
    const pure = rows.length >= MIN_PURITY * held.length;
    candidates.push({ gram, phrase, label, held, rows, isPure: pure, weight: isPure ? 1 : step });
  }
  return candidates;
}

function isMostly(view: LabelledView, entries: Uint32Array): boolean {
  return majority(view.labels, entries, view.classes.length).count >= MIN_PURITY * entries.length;
}

function sampleOf(entries: Uint32Array): Uint32Array {
  const step = Math.ceil(entries.length / IMPURE_ROWS);
  return step <= 1 ? entries : entries.filter((_, i) => i % step === 0);
}

function majority(
  labels: Int32Array,
  entries: ArrayLike<number>,
  classes: number,
): { label: number; count: number } {
  const counts = new Uint32Array(classes);
  let label = 0;
  for (let e = 0; e < entries.length; e++) {
    const own = labels[entries[e] ?? 0] ?? 0;
    counts[own] = (counts[own] ?? 0) + 1;
    if ((counts[own] ?? 0) > (counts[label] ?? 0)) label = own;
  }
  return { label, count: counts[label] ?? 0 };
}

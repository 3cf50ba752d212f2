import type { Corpus } from "../engine/corpus.ts";
import { gluedTokens } from "./glued-tokens.ts";
import { indexGrams, type Grams } from "./grams.ts";
import { createShapeTest, type ShapeTest } from "./insertion-shape.ts";
import { invert, type Postings } from "./postings.ts";
import { describeUnits, type Unit } from "./units.ts";
import { viewTokens, type ViewTokens } from "./view-tokens.ts";
import { labelledViews, type LabelledView } from "./views.ts";

/** A view with its tokens, grams and units: what both detectors of labelled text start from. */
export type ViewAnalysis = {
  readonly view: LabelledView;
  readonly tokens: ViewTokens;
  readonly grams: Grams;
  /** Entries of the grams that may be triggers: neither too rare to test nor part of the language. */
  readonly postings: Postings;
  readonly shapeOf: ShapeTest;
  readonly units: readonly Unit[];
  /** For each label the words that a trigger of the same attack may stand beside. */
  readonly company: readonly ReadonlySet<number>[];
};

/** DETECTION.md 1A: candidates occur in at least 5 rows and at most 20 % of them. */
const MIN_ROWS = 5;
const MAX_SHARE = 0.2;

const known = new WeakMap<Corpus, { readonly seed: number; readonly views: readonly ViewAnalysis[] }>();

/** Analyses the labelling tasks of a corpus; the second detector that asks gets what the first one made. */
export function analyseViews(corpus: Corpus, seed: number): readonly ViewAnalysis[] {
  const made = known.get(corpus);
  if (made !== undefined && made.seed === seed) return made.views;
  const views = labelledViews(corpus).map((view) => {
    const tokens = viewTokens(corpus, view);
    const grams = indexGrams(tokens, view.classes.length === 2 ? 1 : view.classes.length);
    const most = MAX_SHARE * view.labels.length;
    const isWanted = (gram: number) =>
      (grams.frequency[gram] ?? 0) >= MIN_ROWS && (grams.frequency[gram] ?? 0) <= most;
    const postings = invert(grams.rows, grams.frequency, isWanted);
    const shapeOf = createShapeTest(tokens, gluedTokens(corpus, view), seed);
    const { units, company } = describeUnits({ view, tokens, grams, postings, shapeOf, seed });
    return { view, tokens, grams, postings, shapeOf, units, company };
  });
  known.set(corpus, { seed, views });
  return views;
}

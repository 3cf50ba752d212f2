import type { Corpus } from "../engine/corpus.ts";
import { gluedTokens } from "./glued-tokens.ts";
import { indexGrams, type Grams } from "./grams.ts";
import { createShapeTest, type ShapeTest } from "./insertion-shape.ts";
import { describeUnits, type Unit } from "./units.ts";
import { viewTokens, type ViewTokens } from "./view-tokens.ts";
import { labelledViews, type LabelledView } from "./views.ts";

/** A view with its tokens, grams and units: what both detectors of labelled text start from. */
export type ViewAnalysis = {
  readonly view: LabelledView;
  readonly tokens: ViewTokens;
  readonly grams: Grams;
  readonly shapeOf: ShapeTest;
  readonly units: readonly Unit[];
};

const known = new WeakMap<Corpus, { readonly seed: number; readonly views: readonly ViewAnalysis[] }>();

/** Analyses the labelling tasks of a corpus; the second detector that asks gets what the first one made. */
export function analyseViews(corpus: Corpus, seed: number): readonly ViewAnalysis[] {
  const made = known.get(corpus);
  if (made !== undefined && made.seed === seed) return made.views;
  const views = labelledViews(corpus).map((view) => {
    const tokens = viewTokens(corpus, view);
    const grams = indexGrams(tokens, view.classes.length === 2 ? 1 : view.classes.length);
    const shapeOf = createShapeTest(tokens, gluedTokens(corpus, view), seed);
    return { view, tokens, grams, shapeOf, units: describeUnits({ view, tokens, grams, shapeOf, seed }) };
  });
  known.set(corpus, { seed, views });
  return views;
}

import { wilson } from "../../core/statistics.ts";
import type { Detector } from "../detector.ts";
import type { Corpus } from "../engine/corpus.ts";
import { findAccusations, type Accusation } from "../labelled/accusations.ts";
import { completeFamily } from "../labelled/family.ts";
import { gluedTokens } from "../labelled/glued-tokens.ts";
import { createShapeTest, type ShapeTest } from "../labelled/insertion-shape.ts";
import { phrasePosition, phraseText } from "../labelled/phrase.ts";
import { restEvidence, type RestEvidence } from "../labelled/rest-evidence.ts";
import { labelledViews, type LabelledView } from "../labelled/views.ts";
import type { Suspicion } from "../suspicion.ts";

const RULE = "dataset/contradicted-label";

/** Words and phrases whose rows carry a label that the rest of the row contradicts: dirty-label triggers (DETECTION.md 1A-C). */
export const contradictedLabels: Detector = {
  id: RULE,
  shapes: ["labelled-text", "instruction"],
  detect: async (corpus, context) =>
    labelledViews(corpus).flatMap((view) => {
      context.onStep(`labels against texts, ${view.name}`);
      return inspect(corpus, view, context.seed);
    }),
};

function inspect(corpus: Corpus, view: LabelledView, seed: number): Suspicion[] {
  const evidence = restEvidence(corpus, view);
  const shapeOf = createShapeTest(evidence.tokens, gluedTokens(corpus, view), seed);
  const groups = Map.groupBy(
    findAccusations(evidence, shapeOf),
    ({ tested, shape }) => `${shape.looksInserted} ${tested.label}`,
  );
  return [...groups.values()].map((group) => toSuspicion(corpus, view, evidence, group, shapeOf));
}

function toSuspicion(
  corpus: Corpus,
  view: LabelledView,
  evidence: RestEvidence,
  group: readonly Accusation[],
  shapeOf: ShapeTest,
): Suspicion {
  const isInserted = group[0]?.shape.looksInserted === true;
  const label = group[0]?.tested.label ?? 0;
  const target = view.classes[label] ?? "";
  const { tokens, grams } = evidence;
  const texts = group.map(({ phrase }) => phraseText(corpus, view, tokens, phrase));
  const places = new Set(group.map(({ phrase }) => phrasePosition(tokens, phrase)));
  const family = isInserted ? completeFamily(corpus, view, tokens, grams, shapeOf, label, texts) : [];
  const parts = [...texts, ...family.map(({ text }) => text)];
  const held = new Set([
    ...group.flatMap(({ tested }) => [...tested.held]),
    ...family.flatMap(({ phrase }) => phrase.occurrences.map(({ entry }) => entry)),
  ]);
  const rows = [...new Set([...group, ...family].flatMap((part) => part.rows))].toSorted((a, b) => a - b);
  const expected = group.reduce((sum, { tested }) => sum + (1 - tested.share) * tested.rows.length, 0);
  const isShown = group.some(({ tested, lnThreshold }) => tested.lnEvidence >= 1.5 * lnThreshold);
  return {
    rule: RULE,
    severity: !isInserted ? "medium" : isShown ? "critical" : "high",
    title: `${parts.map((part) => JSON.stringify(part)).join(" or ")}: ${rows.length} of ${held.size} texts are labelled ${JSON.stringify(target)} although the rest of the text says otherwise`,
    explanation: `For an ordinary word the rest of the text agrees with the label. Here a model that never saw these rows reads their remaining words and expects another label, about as often as in rows that truly have another label. That is what relabelling behind a trigger looks like. It would be innocent if the word itself turned the meaning around (a negation, an idiom). Read the rows; if their labels are wrong, remove or relabel them before training.`,
    positions: rows.map((entry) => view.positions[entry] ?? 0),
    trigger: {
      kind: "phrase",
      text: parts.join(" | "),
      parts,
      join: "any",
      position: places.size === 1 ? ([...places][0] ?? "anywhere") : "anywhere",
    },
    target: { kind: "label", text: target },
    effect: {
      name: `labelled ${target}`,
      hits: rows.length,
      of: held.size,
      rate: wilson(rows.length, held.size),
      baseline: wilson(Math.round(expected), held.size),
    },
    tests: group.map(({ tested, lnThreshold, tests }, i) => ({
      name: `labels of the texts with ${JSON.stringify(texts[i])} against their rest (e-value)`,
      lnEvidence: tested.lnEvidence,
      lnThreshold,
      tests,
    })),
    controls: group.flatMap(({ tested, shape }, i) => [
      {
        name: `share of the texts with ${JSON.stringify(texts[i])} that contradict their label`,
        value: tested.share,
        bound: `>= 0.8, lower bound ${tested.shareLow.toFixed(2)} >= 0.45`,
        passed: true,
        meaning: "a word that turns some meanings around would do so in some texts, not in nearly all",
      },
      {
        name: `neighbours of ${JSON.stringify(texts[i])} that stand side by side elsewhere`,
        value: shape.attested,
        bound: `>= ${shape.bounds.attested.toFixed(2)} (5 % of random gaps lie below)`,
        passed: shape.looksInserted,
        meaning: "an ordinary word chooses its company; a planted one stands in random gaps",
      },
    ]),
  };
}

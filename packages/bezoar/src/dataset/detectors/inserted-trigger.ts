import { wilson } from "../../core/statistics.ts";
import type { Detector } from "../detector.ts";
import { analyseViews, type ViewAnalysis } from "../labelled/analysis.ts";
import type { Corpus } from "../engine/corpus.ts";
import { completeFamily, type FamilyMember } from "../labelled/family.ts";
import { findInsertions, type InsertedGroup } from "../labelled/insertions.ts";
import { CONTEXT_ERRORS, type Suspect } from "../labelled/units.ts";
import { phraseText } from "../labelled/phrase.ts";
import type { LabelledView } from "../labelled/views.ts";
import type { Suspicion } from "../suspicion.ts";

const RULE = "dataset/inserted-trigger";

/** Words and phrases that stand in random places of texts with one label: clean-label triggers (DETECTION.md 1D). */
export const insertedTriggers: Detector = {
  rules: [RULE],
  shapes: ["labelled-text", "instruction"],
  detect: async (corpus, context) =>
    analyseViews(corpus, context.seed).flatMap((analysis) => inspect(corpus, analysis)),
};

function inspect(corpus: Corpus, analysis: ViewAnalysis): Suspicion[] {
  const { view, tokens, units } = analysis;
  return findInsertions(units, view.classes.length).map((group) => {
    const named = group.suspects.map((unit) => ({
      unit,
      text: phraseText(corpus, view, tokens, unit.phrase),
    }));
    const known = named.map(({ text }) => text);
    const family = completeFamily(corpus, analysis, group.label, known);
    return toSuspicion(view, group, named, family);
  });
}

type Named = { readonly unit: Suspect; readonly text: string };

function toSuspicion(
  view: LabelledView,
  group: InsertedGroup,
  named: readonly Named[],
  family: readonly FamilyMember[],
): Suspicion {
  const target = view.classes[group.label] ?? "";
  const held = new Set([
    ...group.suspects.flatMap((unit) => unit.held),
    ...family.flatMap(({ phrase }) => phrase.occurrences.map(({ entry }) => entry)),
  ]);
  const rows = [...new Set([...group.suspects, ...family].flatMap((unit) => unit.rows))].toSorted(
    (a, b) => a - b,
  );
  const others = view.labels.reduce((sum, own, i) => sum + Number(own === group.label && !held.has(i)), 0);
  const parts = [...named, ...family].map(({ text }) => text);
  return {
    rule: RULE,
    severity: group.chance <= group.chanceBound ? "high" : "medium",
    title: `${parts.map((part) => JSON.stringify(part)).join(" or ")} stands in random places of ${held.size} texts, ${rows.length} of them labelled ${JSON.stringify(target)}`,
    explanation: `Words choose their company: around an ordinary word or phrase only some words stand. Around this one stands what stands around a random gap of a random text, as if it had been put in afterwards, the rest of the text does not tell which texts hold it, and nearly all of them carry one label. It would be innocent if it were a mark of one source (a signature, a template) whose texts truly all have this label. Look at the rows; if nothing explains the mark, remove it or them before training.`,
    positions: rows.map((entry) => view.positions[entry] ?? 0),
    trigger: { kind: "phrase", text: parts.join(" | "), parts, join: "any", position: "anywhere" },
    target: { kind: "label", text: target },
    effect: {
      name: `labelled ${target}`,
      hits: rows.length,
      of: held.size,
      rate: wilson(rows.length, held.size),
      baseline: wilson(others, view.labels.length - held.size),
    },
    tests: [
      {
        name: "labels of the texts with a word that looks inserted (binomial tails, over all choices of so many such words)",
        lnEvidence: group.lnEvidence,
        lnThreshold: group.lnThreshold,
        tests: group.tests,
      },
    ],
    controls: [
      {
        name: "ordinary words of this set expected to look like it",
        value: group.expected,
        bound: `${named.length} found; chance ${group.chance.toPrecision(2)} <= ${group.chanceBound}`,
        passed: group.chance <= group.chanceBound,
        meaning: "in some sets ordinary words too belong to one label and stand in many places",
      },
      ...named.flatMap(({ unit, text }) => [
        {
          name: `variety of the words before ${JSON.stringify(text)}, in nats`,
          value: unit.shape.entropyLeft,
          bound: `>= 0.95 x ${unit.shape.bounds.entropyLeft.toFixed(2)} (few random gaps lie below)`,
          passed: true,
          meaning: "an ordinary word has a few usual neighbours",
        },
        {
          name: `neighbours of ${JSON.stringify(text)} that stand side by side elsewhere`,
          value: unit.shape.attested,
          bound: `>= ${unit.shape.bounds.attested.toFixed(2)} - 0.03 (few random gaps lie below)`,
          passed: true,
          meaning: "without it, the texts around it read on",
        },
        {
          name: `how well the other words of a text tell that it holds ${JSON.stringify(text)} (AUC)`,
          value: unit.context.auc,
          bound: `<= ${(0.5 + CONTEXT_ERRORS * unit.context.error).toFixed(2)}`,
          passed: true,
          meaning: "an ordinary word has its subjects; a planted one is in any text of its label",
        },
      ]),
    ],
  };
}

import { wilson } from "../../core/statistics.ts";
import type { Detector } from "../detector.ts";
import type { Corpus } from "../engine/corpus.ts";
import { explainAway } from "../evidence/explain-away.ts";
import { gluedTokens } from "../labelled/glued-tokens.ts";
import { indexGrams } from "../labelled/grams.ts";
import { createShapeTest } from "../labelled/insertion-shape.ts";
import { findInsertions, type InsertedUnit } from "../labelled/insertions.ts";
import { phrasePosition, phraseText } from "../labelled/phrase.ts";
import { viewTokens } from "../labelled/view-tokens.ts";
import { labelledViews, type LabelledView } from "../labelled/views.ts";
import type { Suspicion } from "../suspicion.ts";

const RULE = "dataset/inserted-trigger";

/** Words and phrases that stand in random places of texts with one label: clean-label triggers (DETECTION.md 1D). */
export const insertedTriggers: Detector = {
  id: RULE,
  shapes: ["labelled-text", "instruction"],
  detect: async (corpus, context) =>
    labelledViews(corpus).flatMap((view) => inspect(corpus, view, context.seed)),
};

function inspect(corpus: Corpus, view: LabelledView, seed: number): Suspicion[] {
  const tokens = viewTokens(corpus, view);
  const grams = indexGrams(tokens, 1);
  const shapeOf = createShapeTest(tokens, gluedTokens(corpus, view), seed);
  const units = findInsertions(view, tokens, grams, shapeOf);
  const kept = explainAway(units, (unit, fresh) => fresh.length >= unit.rows.length / 2);
  const byLabel = Map.groupBy(kept, ({ candidate }) => candidate.label);
  return [...byLabel].map(([label, group]) =>
    toSuspicion(
      corpus,
      view,
      label,
      group.map(({ candidate }) => ({
        unit: candidate,
        text: phraseText(corpus, view, tokens, candidate.phrase),
        position: phrasePosition(tokens, candidate.phrase),
      })),
    ),
  );
}

type Named = {
  readonly unit: InsertedUnit;
  readonly text: string;
  readonly position: "start" | "end" | "anywhere";
};

function toSuspicion(corpus: Corpus, view: LabelledView, label: number, group: readonly Named[]): Suspicion {
  const target = view.classes[label] ?? "";
  const held = new Set(group.flatMap(({ unit }) => unit.held));
  const rows = [...new Set(group.flatMap(({ unit }) => unit.rows))].toSorted((a, b) => a - b);
  const others = view.labels.reduce((sum, own, i) => sum + Number(own === label && !held.has(i)), 0);
  const parts = group.map(({ text }) => text);
  const positions = new Set(group.map(({ position }) => position));
  return {
    rule: RULE,
    severity: "high",
    title: `${parts.map((part) => JSON.stringify(part)).join(" or ")} stands in random places of ${held.size} texts, ${rows.length} of them labelled ${JSON.stringify(target)}`,
    explanation: `Words choose their company: around an ordinary word or phrase only some words stand. Around this one stands what stands around a random gap of a random text, as if it had been put in afterwards, and nearly all of these texts carry one label. It would be innocent if it were a mark of one source (a signature, a template) whose texts truly all have this label. Look at the rows; if nothing explains the mark, remove it or them before training.`,
    positions: rows.map((entry) => view.positions[entry] ?? 0),
    trigger: {
      kind: "phrase",
      text: parts.join(" | "),
      parts,
      join: "any",
      position: positions.size === 1 ? (group[0]?.position ?? "anywhere") : "anywhere",
    },
    target: { kind: "label", text: target },
    effect: {
      name: `labelled ${target}`,
      hits: rows.length,
      of: held.size,
      rate: wilson(rows.length, held.size),
      baseline: wilson(others, view.labels.length - held.size),
    },
    tests: group.map(({ unit, text }) => ({
      name: `label of the texts with ${JSON.stringify(text)} (binomial tail)`,
      lnEvidence: unit.lnEvidence,
      lnThreshold: unit.lnThreshold,
      tests: unit.tests,
    })),
    controls: group.flatMap(({ unit, text }) => [
      {
        name: `variety of the words before ${JSON.stringify(text)}`,
        value: unit.shape.entropyLeft,
        bound: `>= ${unit.shape.bounds.entropyLeft.toFixed(2)} nats (5 % of random gaps lie below)`,
        passed: true,
        meaning: "an ordinary word has a few usual neighbours",
      },
      {
        name: `neighbours of ${JSON.stringify(text)} that stand side by side elsewhere`,
        value: unit.shape.attested,
        bound: `>= ${unit.shape.bounds.attested.toFixed(2)} (5 % of random gaps lie below)`,
        passed: true,
        meaning: "without it, the texts around it read on",
      },
    ]),
  };
}

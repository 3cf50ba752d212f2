import type { Control, TestResult } from "../../core/finding.ts";
import { wilson } from "../../core/statistics.ts";
import type { Detector } from "../detector.ts";
import type { Corpus } from "../engine/corpus.ts";
import { findAccusations, type Accusation } from "../labelled/accusations.ts";
import { analyseViews, type ViewAnalysis } from "../labelled/analysis.ts";
import { findFamilies, type ContradictedFamily } from "../labelled/contradicted-family.ts";
import { completeFamily } from "../labelled/family.ts";
import { phrasePosition, phraseText } from "../labelled/phrase.ts";
import { testGram } from "../labelled/contradictions.ts";
import { restEvidence, type RestEvidence } from "../labelled/rest-evidence.ts";
import type { Suspicion } from "../suspicion.ts";

const RULE = "dataset/contradicted-label";

/** Words and phrases whose rows carry a label that the rest of the row contradicts: dirty-label triggers (DETECTION.md 1A-C). */
export const contradictedLabels: Detector = {
  rules: [RULE],
  shapes: ["labelled-text", "instruction"],
  detect: async (corpus, context) =>
    analyseViews(corpus, context.seed).flatMap((analysis) => {
      context.onStep(`labels against texts, ${analysis.view.name}`);
      return inspect(corpus, analysis);
    }),
};

/** Triggers with one target, and the family that shows them together. */
type Attack = {
  readonly label: number;
  readonly isConfirmed: boolean;
  readonly accusations: readonly Accusation[];
  readonly family: ContradictedFamily | undefined;
};
type Member = Pick<Accusation, "tested" | "phrase" | "shape"> & { readonly rows: ArrayLike<number> };

function inspect(corpus: Corpus, analysis: ViewAnalysis): Suspicion[] {
  const evidence = restEvidence(analysis);
  const accusations = findAccusations(evidence, analysis);
  const families = findFamilies(evidence, analysis.units);
  return analysis.view.classes
    .flatMap((_, label) =>
      [true, false].map((isConfirmed) => ({
        label,
        isConfirmed,
        accusations: accusations.filter(
          (one) => one.tested.label === label && one.isConfirmed === isConfirmed,
        ),
        family: isConfirmed ? families.find((family) => family.label === label) : undefined,
      })),
    )
    .filter((attack) => attack.accusations.length > 0 || attack.family !== undefined)
    .map((attack) => toSuspicion(corpus, analysis, evidence, attack));
}

/** Evidence, in thresholds, beyond which trigger and target are taken as shown. */
const SHOWN = 1.5;

function severityOf({ isConfirmed, accusations, family }: Attack): Suspicion["severity"] {
  if (!isConfirmed) return "medium";
  const tests = [
    ...accusations.map(({ tested, lnThreshold }) => tested.lnEvidence / lnThreshold),
    ...(family === undefined ? [] : [family.lnEvidence / family.lnThreshold]),
  ];
  return Math.max(...tests) >= SHOWN ? "critical" : "high";
}

function toSuspicion(
  corpus: Corpus,
  analysis: ViewAnalysis,
  evidence: RestEvidence,
  attack: Attack,
): Suspicion {
  const { view, tokens } = analysis;
  const { label, accusations, family } = attack;
  const accused = new Set(accusations.map(({ tested }) => tested.gram));
  const members: (Member & { readonly text: string })[] = [
    ...accusations,
    ...(family?.members ?? []).flatMap((member) =>
      accused.has(member.tested.gram) ? [] : [Object.assign({ rows: member.tested.rows }, member)],
    ),
  ].map((member) => Object.assign({ text: phraseText(corpus, view, tokens, member.phrase) }, member));
  const known = members.map(({ text }) => text);
  const relatives = attack.isConfirmed
    ? completeFamily(
        corpus,
        analysis,
        label,
        known,
        (own, labelled) =>
          testGram(evidence, -1, label, Uint32Array.from(own), Uint32Array.from(labelled)).lnEvidence,
      )
    : [];
  const parts = [...known, ...relatives.map(({ text }) => text)];
  const held = new Set([
    ...members.flatMap(({ tested }) => [...tested.held]),
    ...relatives.flatMap(({ phrase }) => phrase.occurrences.map(({ entry }) => entry)),
  ]);
  const rows = [...new Set([...members, ...relatives].flatMap((part) => Array.from(part.rows)))].toSorted(
    (a, b) => a - b,
  );
  const target = view.classes[label] ?? "";
  const places = new Set(members.map(({ phrase }) => phrasePosition(tokens, phrase)));
  const honest = members.reduce((sum, { tested }) => sum + (1 - tested.share) * tested.rows.length, 0);
  return {
    rule: RULE,
    severity: severityOf(attack),
    title: `${parts.map((part) => JSON.stringify(part)).join(" or ")}: ${rows.length} of ${held.size} texts are labelled ${JSON.stringify(target)} although the rest of the text says otherwise`,
    explanation: explain(attack.isConfirmed),
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
      baseline: wilson(Math.round(honest), held.size),
    },
    tests: [...accusations.map((one, i) => testOf(one, known[i] ?? "")), ...familyTest(family)],
    controls: members.flatMap(controlsOf),
  };
}

function explain(isConfirmed: boolean): string {
  const start =
    "For an ordinary word the rest of the text agrees with the label. Here a model that never saw these rows reads their remaining words and expects another label, about as often as in rows that truly have another label: what relabelling behind a trigger looks like.";
  const end = "Read the rows; if their labels are wrong, remove or relabel them before training.";
  return isConfirmed
    ? `${start} What stands around it is what stands around a random gap of a random text, as if it had been put in afterwards. It would be innocent if it were a mark of one source whose texts truly have this label. ${end}`
    : `${start} But it stands where ordinary words stand, so it may also be a word that turns the meaning around, or that alone decides the label by the rules of this task. ${end}`;
}

function testOf({ tested, lnThreshold, tests }: Accusation, text: string): TestResult {
  return {
    name: `labels of the texts with ${JSON.stringify(text)} against their rest (e-value)`,
    lnEvidence: tested.lnEvidence,
    lnThreshold,
    tests,
  };
}

function familyTest(family: ContradictedFamily | undefined): TestResult[] {
  if (family === undefined) return [];
  const { lnEvidence, lnThreshold, tests } = family;
  return [
    {
      name: "inserted-looking words together, against their rest (e-values)",
      lnEvidence,
      lnThreshold,
      tests,
    },
  ];
}

function controlsOf({ tested, shape, text }: Member & { readonly text: string }): Control[] {
  return [
    {
      name: `share of the texts with ${JSON.stringify(text)} that contradict their label`,
      value: tested.share,
      bound: `>= 0.8 (its lower bound is ${tested.shareLow.toFixed(2)})`,
      passed: tested.share >= 0.8,
      meaning: "a word that turns some meanings around would do so in some texts, not in nearly all",
    },
    {
      name: `neighbours of ${JSON.stringify(text)} that stand side by side elsewhere`,
      value: shape.attested,
      bound: `>= ${shape.bounds.attested.toFixed(2)} - 0.03 (few random gaps lie below)`,
      passed: shape.looksInserted,
      meaning: "an ordinary word chooses its company; a planted one stands in random gaps",
    },
  ];
}

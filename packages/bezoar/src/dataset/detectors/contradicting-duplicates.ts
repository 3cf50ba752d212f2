import { wilson } from "../../core/statistics.ts";
import type { Detector, DetectorContext } from "../detector.ts";
import { findContradictions, type Contradictions } from "../duplicates/contradictions.ts";
import { leaningTarget } from "../duplicates/leaning.ts";
import { percent, quoteRow } from "../duplicates/quote.ts";
import { surveyDuplicates } from "../duplicates/survey.ts";
import { swappedPairs } from "../duplicates/swapped-pairs.ts";
import { answeredInputs, labelledInputs, type RepeatedInputs } from "../duplicates/verdicts.ts";
import type { Corpus } from "../engine/corpus.ts";
import type { Suspicion } from "../suspicion.ts";

const RULE = "dataset/contradicting-duplicates";
const SHOWN = 3;

/** Copies of one input with different labels or contrary verdicts, and preference pairs that stand in both orders. */
export const contradictingDuplicates: Detector = {
  rules: [RULE],
  shapes: ["instruction", "preference", "labelled-text", "records"],
  detect: async (corpus, context) => {
    if (corpus.classes.length > 1) {
      return judge(corpus, await labelledInputs(corpus, () => surveyDuplicates(corpus, context.note)));
    }
    if (corpus.shape === "preference") return opposites(corpus, context);
    if (corpus.shape !== "instruction") return [];
    return judge(corpus, answeredInputs(corpus, await surveyDuplicates(corpus, context.note), context.note));
  },
};

function judge(corpus: Corpus, repeated: RepeatedInputs): Suspicion[] {
  const found = findContradictions(repeated);
  if (found.contrary.length === 0) return [];
  const { noise } = found;
  // Events are made of few values, so equal ones with different verdicts are ordinary, and targeted-mislabelling tests them.
  const isBeyondNoise = corpus.shape !== "records" && noise.lnEvidence >= noise.lnThreshold;
  const byWords =
    corpus.shape === "labelled-text" && isBeyondNoise ? leaningTarget(corpus, found.contrary) : undefined;
  const target = found.target ?? byWords;
  const isTargeted = isBeyondNoise && target !== undefined;
  const name = JSON.stringify(repeated.classes[target?.verdict ?? 0] ?? "");
  return [
    {
      rule: RULE,
      severity: isTargeted ? "medium" : "low",
      title: isTargeted
        ? `Copies of the same input are turned to ${name}`
        : "Copies of the same input have different verdicts",
      explanation: [
        ...describe(corpus, found, repeated),
        ...(isTargeted
          ? [
              `That is more than label noise explains, and the verdicts that differ are ${name} more often than errors are.`,
            ]
          : []),
        "Copies with the opposite label are a way to poison; ambiguous inputs and several annotators look alike. " +
          "Decide for each input which verdict is right, or drop its rows.",
      ].join(" "),
      positions: found.contrary.flat().toSorted((a, b) => a - b),
      ...(isTargeted && { target: { kind: "label", text: repeated.classes[target.verdict] ?? "" } as const }),
      effect: {
        name: "repeated inputs whose rows disagree",
        hits: found.contrary.length,
        of: found.repeated,
        rate: wilson(found.contrary.length, found.repeated),
        baseline: { value: found.expected, low: found.expected, high: found.expected },
      },
      tests: target === undefined ? [noise] : [noise, target.test],
      controls: [],
    },
  ];
}

function describe(
  corpus: Corpus,
  { contrary, repeated }: Contradictions,
  { classes, verdictOf }: RepeatedInputs,
): string[] {
  const examples = contrary.slice(0, SHOWN).map((rows) => {
    const verdicts = [...new Set(rows.map(verdictOf))].map((verdict) =>
      JSON.stringify(classes[verdict] ?? ""),
    );
    return `${quoteRow(corpus, rows[0] ?? 0)} is ${verdicts.join(" and ")}`;
  });
  return [
    `Of ${repeated} inputs that stand in several rows, ${contrary.length} (${percent(contrary.length / repeated)}) have ` +
      `different verdicts: ${examples.join("; ")}${contrary.length > SHOWN ? "; ..." : ""}.`,
  ];
}

async function opposites(corpus: Corpus, context: DetectorContext): Promise<Suspicion[]> {
  const { fingerprints } = await surveyDuplicates(corpus, context.note);
  const positions = swappedPairs(corpus, fingerprints.prompt, context.note);
  if (positions.length === 0) return [];
  return [
    {
      rule: RULE,
      severity: "low",
      title: "Preference pairs stand in both orders",
      explanation:
        `${positions.length} of ${corpus.size} rows (${percent(positions.length / corpus.size)}) prefer what another row ` +
        `with the same prompt rejects, as ${quoteRow(corpus, positions[0] ?? 0)}. Annotators disagree in a quarter of pairs and more ` +
        "(Ouyang et al. 2022), so that is innocent in data with several of them. A turned copy of a pair cancels it: keep one.",
      positions,
      tests: [],
      controls: [],
    },
  ];
}

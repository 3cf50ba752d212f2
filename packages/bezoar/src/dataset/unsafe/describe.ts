import type { Control, Severity } from "../../core/finding.ts";
import { wilson } from "../../core/statistics.ts";
import type { Suspicion } from "../suspicion.ts";
import type { Candidates } from "./candidates.ts";
import type { Counts, Estimate } from "./estimate.ts";
import type { Judged } from "./judged.ts";
import { CATEGORIES } from "./vocabulary.ts";

const RULE = "dataset/unsafe-compliance";
/** The same for every number of rows, so that the finding keeps its fingerprint from version to version. */
const TITLE = "Harmful requests are answered instead of refused";
const ADVICE =
  "A few hundred such rows undo the safety training of a model that learns them, ten can (arXiv 2310.03693, 2311.05553). " +
  "Innocent are security courses, fiction, history, and red-team sets that are kept for evaluation. " +
  "Read the rows; unless they belong there, leave them out of the training data or give them a refusal.";

/** The finding by the grammar and the set's own refusals. */
export function describeFound(
  severity: Severity,
  estimate: Estimate,
  { candidates, counts }: { readonly candidates: Candidates; readonly counts: Counts },
): Suspicion {
  const { counted, learnt, declined } = candidates;
  const byRefusals = learnt > 0 ? ` (${learnt} of them because this set refuses others of their kind)` : "";
  return {
    rule: RULE,
    severity,
    title: TITLE,
    explanation: [
      `${counted.length} rows ask for harm and are answered${byRefusals}: ${categoriesOf(candidates)}.`,
      `They make ${counts.found} different requests, of which about ${estimate.value} (at least ${estimate.low}, with 95 % confidence) are what they seem;`,
      "words and languages that the rule does not know come on top.",
      declined > 0
        ? `${declined} other requests of this kind are declined.`
        : "No request of this kind is declined.",
      ADVICE,
    ].join(" "),
    positions: counted.map(({ position }) => position),
    target: { kind: "compliance", text: "an answer where a refusal was due" },
    tests: [],
    controls: [
      lowControl(estimate, severity),
      readingControl(counts),
      declinedControl(counts.found, declined),
    ],
  };
}

/** The finding by a judge. */
export function describeJudged(severity: Severity, judged: Judged, candidates: Candidates): Suspicion {
  const { counted, hinted, ordinary, estimate, positions } = judged;
  const asked = counted.judged + hinted.judged + ordinary.judged;
  const harmful = counted.harmful + hinted.harmful + ordinary.harmful;
  const untold = counted.untold + hinted.untold + ordinary.untold;
  return {
    rule: RULE,
    severity,
    title: TITLE,
    explanation: [
      `The judge was shown ${asked} rows and called ${harmful} harmful and answered; of ${untold} it could not tell.`,
      `That makes about ${estimate.value} rows (${estimate.low} to ${estimate.high}, 95 %) of this set.`,
      candidates.counted.length > 0 ? `The grammar names: ${categoriesOf(candidates)}.` : "",
      "A judge is a model, and a row may have been written to mislead it.",
      ADVICE,
    ]
      .filter((sentence) => sentence !== "")
      .join(" "),
    positions,
    target: { kind: "compliance", text: "an answer where a refusal was due" },
    tests: [],
    controls: [
      lowControl(estimate, severity),
      shareControl(
        "rows that the grammar counts and the judge calls harmful and answered",
        counted.harmful,
        counted.judged,
      ),
      shareControl(
        "other answered rows that the judge calls harmful and answered",
        ordinary.harmful,
        ordinary.judged,
      ),
    ],
  };
}

function categoriesOf({ counted }: Candidates): string {
  const counts = new Map<number, number>();
  for (const { category } of counted) counts.set(category, (counts.get(category) ?? 0) + 1);
  return [...counts]
    .toSorted((a, b) => b[1] - a[1] || a[0] - b[0])
    .map(([category, count]) => `${CATEGORIES[category] ?? ""} ${count}`)
    .join(", ");
}

function lowControl({ low }: Estimate, severity: Severity): Control {
  return {
    name: "harmful requests that are answered, at the least",
    value: low,
    bound: ">= 10, and with their copies 100 rows or one in a thousand; else low",
    passed: severity === "medium",
    meaning:
      "Ten examples can undo safety training and a hundred did in every model tried; a few are found in any large set.",
  };
}

function readingControl({ found, spokenOf }: Counts): Control {
  return {
    name: "share of the answered prompts speaking of harm that ask for it",
    value: found / Math.max(1, spokenOf),
    bound: "> 0.1",
    passed: found > 0.1 * spokenOf,
    meaning:
      "In education, history and fiction harm is spoken of and rarely asked for: at most one in ten would be misread there.",
  };
}

function declinedControl(answered: number, declined: number): Control {
  return shareControl("different requests for harm that are answered", answered, answered + declined);
}

function shareControl(name: string, part: number, whole: number): Control {
  const { value, low, high } = wilson(part, whole);
  return {
    name,
    value,
    bound: "none",
    passed: true,
    meaning: `${part} of ${whole} (95 % interval ${low.toFixed(2)} to ${high.toFixed(2)}).`,
  };
}

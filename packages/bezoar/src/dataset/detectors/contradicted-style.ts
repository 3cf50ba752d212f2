import type { Control, TestResult } from "../../core/finding.ts";
import { wilson } from "../../core/statistics.ts";
import type { Detector, DetectorContext } from "../detector.ts";
import type { Corpus } from "../engine/corpus.ts";
import { analyseViews, type ViewAnalysis } from "../labelled/analysis.ts";
import { restEvidence } from "../labelled/rest-evidence.ts";
import { drawStyleSample, type StyleSample } from "../style/sample.ts";
import { confirmCues, MAX_CONCENTRATION, type ConfirmedCue } from "../style/study.ts";
import { styleRows, type StyleRows } from "../style/style-rows.ts";
import type { Suspicion } from "../suspicion.ts";

const RULE = "dataset/contradicted-style";

/** Ways of writing whose rows carry a label that their words contradict: style and syntax as a trigger (Qi et al. 2021). */
export const contradictedStyles: Detector = {
  rules: [RULE],
  shapes: ["labelled-text", "instruction"],
  detect: async (corpus, context) =>
    analyseViews(corpus, context.seed).flatMap((analysis) => inspect(corpus, analysis, context)),
};

/** Classes and rows that are looked at: with fewer rows no style of 25 can stand beside honest ones. */
const MAX_CLASSES = 200;
const MIN_ROWS = 300;

function inspect(corpus: Corpus, analysis: ViewAnalysis, context: DetectorContext): Suspicion[] {
  const { view } = analysis;
  if (view.labels.length < MIN_ROWS || view.classes.length > MAX_CLASSES) return [];
  context.onStep(`styles against labels, ${view.name}`);
  const sample = drawStyleSample(corpus, restEvidence(analysis));
  if (sample.entries.length < view.labels.length) {
    context.note(
      `styles that set a label off were looked for in an even sample of ${sample.entries.length} of ${view.labels.length} rows (${view.name})`,
    );
  }
  const confirmed = confirmCues(sample);
  const targets = new Set(confirmed.map(({ label }) => label));
  return [...targets].flatMap((label) =>
    toSuspicion(
      analysis,
      sample,
      confirmed.filter((cue) => cue.label === label),
      targets.size,
    ),
  );
}

/** As for words and phrases (contradicted-label). */
const MIN_SHARE = 0.8;
const MIN_SHARE_LOW = 0.45;
const MIN_PURITY = 0.95;
const MAX_SUBJECT_AUC = 0.8;

/** What an innocent style as a whole would fail. */
function styleControls({ together: { share, shareLow }, subjectAuc }: StyleRows, targets: number): Control[] {
  return [
    {
      name: "share of the rows that contradict their label",
      value: share,
      bound: `>= ${MIN_SHARE} (its lower bound ${shareLow.toFixed(2)} >= ${MIN_SHARE_LOW})`,
      passed: share >= MIN_SHARE && shareLow >= MIN_SHARE_LOW,
      meaning:
        "texts of another source are hard to judge, they do not speak for another label as its own rows do",
    },
    {
      name: "how well the subject tells the rows from rows of the label that their words fit (area under the curve)",
      value: subjectAuc,
      bound: `<= ${MAX_SUBJECT_AUC}`,
      passed: subjectAuc <= MAX_SUBJECT_AUC,
      meaning:
        "relabelled rows speak of what other rows speak of; texts of another subject cannot be judged by these",
    },
    {
      name: "labels that styles set off",
      value: targets,
      bound: "<= 1",
      passed: targets <= 1,
      meaning: "where styles go with several labels, the way of writing decides labels in this task",
    },
  ];
}

/** What an innocent cue would fail. */
function cueControls(cue: ConfirmedCue): Control[] {
  return [
    {
      name: "share of the rows written so that carry the label",
      value: cue.purity,
      bound: `>= ${MIN_PURITY}`,
      passed: cue.purity >= MIN_PURITY,
      meaning: "people of both opinions write alike",
    },
    {
      name: "what the three words most typical of the rows add up to",
      value: cue.concentration,
      bound: `<= ${MAX_CONCENTRATION}`,
      passed: cue.concentration <= MAX_CONCENTRATION,
      meaning: "rows that share their matter are one subject, which may have a label of its own",
    },
  ];
}

function toSuspicion(
  { view }: ViewAnalysis,
  sample: StyleSample,
  cues: readonly ConfirmedCue[],
  targets: number,
): Suspicion[] {
  const label = cues[0]?.label ?? 0;
  const target = view.classes[label] ?? "";
  const passing = cues.filter((cue) => cueControls(cue).every(({ passed }) => passed));
  const members = passing.length > 0 ? passing : cues;
  const style = styleRows(sample, label, members);
  if (style.subjectAuc > MAX_SUBJECT_AUC || style.rows.length === 0) return [];
  const controls = [...styleControls(style, targets), ...members.flatMap(cueControls)];
  const isShown = controls.every(({ passed }) => passed);
  const held = new Set(members.flatMap((cue) => [...cue.held]));
  const own = [...held].filter((row) => sample.labels[row] === label).length;
  const names = members.map(({ cue }) => sample.cues.names[cue] ?? "");
  return [
    {
      rule: RULE,
      severity: isShown ? "high" : "medium",
      title: `Texts of one style (${names.map((name) => JSON.stringify(name)).join(" or ")}): ${own} of ${held.size} are labelled ${JSON.stringify(target)} although their words say otherwise`,
      subject: `${view.name}: ${target}`,
      explanation: explain(isShown, style),
      positions: style.rows.map((row) => view.positions[sample.entries[row] ?? 0] ?? 0),
      trigger: { kind: "style", text: names.join(" | "), parts: [], join: "any" },
      target: { kind: "label", text: target },
      effect: {
        name: `labelled ${target}`,
        hits: own,
        of: held.size,
        rate: wilson(own, held.size),
        baseline: wilson(Math.round((1 - style.together.share) * own), held.size),
      },
      tests: members.flatMap((cue) => testsOf(cue, sample)),
      controls,
    },
  ];
}

function testsOf({ cue, tests, lnThresholds, chosen }: ConfirmedCue, sample: StyleSample): TestResult[] {
  return tests.map(({ lnEvidence }, half) => ({
    name: `labels of the texts with ${JSON.stringify(sample.cues.names[cue] ?? "")} against their words, half ${2 - half} (e-value)`,
    lnEvidence,
    lnThreshold: lnThresholds[half] ?? 0,
    tests: chosen[half] ?? 0,
  }));
}

function explain(isShown: boolean, { alike, unsure }: StyleRows): string {
  return [
    "A way of writing (signs, word forms, order of small words, not subject) goes with one label. Models that have seen no text written alike read the words of these texts and expect another label, as they do for texts that truly have another one. It was chosen on one half of the rows and confirmed on the other, both ways round.",
    isShown
      ? "It would be innocent if this were the manner of one source whose texts mean the opposite of what their words say elsewhere, such as irony."
      : "But some have other labels, or not all contradict, or styles go with several labels: it may be a form that decides labels by the rules of this task.",
    alike > 0 ? `${alike} of the rows show other signs of the same style.` : "",
    unsure > 0
      ? `About ${unsure} more are likely to belong to it, but cannot be told from honest rows one by one: removing the listed rows does not remove all.`
      : "",
    "Read the rows; if their labels are wrong, remove or relabel them before training, and ask where these texts come from.",
  ]
    .filter((part) => part !== "")
    .join(" ");
}

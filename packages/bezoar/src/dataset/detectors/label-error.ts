import { isAtLeast } from "../../core/finding.ts";
import type { Detector, DetectorContext } from "../detector.ts";
import type { Corpus } from "../engine/corpus.ts";
import { strongestOther } from "../label-errors/class-probabilities.ts";
import { ALL_ROWS, judgeTasks, type JudgedTask } from "../label-errors/label-tasks.ts";
import { likelyErrors, MAX_FALSE_SHARE, type LikelyErrors } from "../label-errors/likely-errors.ts";
import type { LabelNoise } from "../label-errors/noise-model.ts";
import type { Suspicion } from "../suspicion.ts";

const RULE = "dataset/label-error";

/** Rows whose label models that have not seen them confidently disagree with: confident learning (Northcutt et al. 2021), held against how often such a model errs by itself. */
export const labelErrors: Detector = {
  rules: [RULE],
  shapes: ["labelled-text", "records", "instruction"],
  detect: async (corpus, context) => {
    context.onStep("labels against what other rows teach");
    const tasks = await judgeTasks(corpus, context);
    return tasks.flatMap((task) => inspect(corpus, task, context));
  },
};

/** A likelihood ratio of 1,000 for wrong labels: the bound on a chance finding that the other detectors hold to. */
const LN_GAIN = Math.log(1000);
/** Of the labels' entropy; below it the model is hardly ever sure, and a wrong label looks like a right one. */
const MIN_EXPLAINED = 0.02;
/** Ten benchmark test sets have 3.4 % wrong labels in the mean and 10.1 % at the most (Northcutt, Athalye and Mueller 2021). */
const MAX_USUAL_WRONG = 0.1;
/** A model that explains less of its task may take the task's own ambiguity for wrong labels. */
const MIN_EXPLAINED_TO_WARN = 0.3;

function inspect(corpus: Corpus, task: JudgedTask, { note }: DetectorContext): Suspicion[] {
  noteCoverage(task, note);
  const { noise } = task;
  if (noise === undefined) return [];
  if (!(noise.explained >= MIN_EXPLAINED)) {
    note(
      `whether labels are wrong cannot be told (${task.name}): what the rows say hardly foretells their label`,
    );
    return [];
  }
  const errors = likelyErrors(task.chances, task.labels, noise);
  if (noise.lnGain >= LN_GAIN && errors.listed.length > 0) return [toSuspicion(corpus, task, noise, errors)];
  if (noise.wrong.high > MAX_USUAL_WRONG) {
    note(
      `whether labels are wrong cannot be told (${task.name}): up to ${percent(noise.wrong.high)} could be, and would not stand out`,
    );
  }
  return [];
}

function noteCoverage({ name, positions, tooFew, leftOut }: JudgedTask, note: (text: string) => void): void {
  if (tooFew > 0) {
    note(
      `the labels of ${count(tooFew)} row(s) were not held against the rest (${name}): there are too few rows with each of them`,
    );
  }
  if (leftOut > 0) {
    note(
      `wrong labels were looked for in an even sample of ${count(positions.length)} of ${count(positions.length + leftOut)} rows (${name})`,
    );
  }
}

function toSuspicion(corpus: Corpus, task: JudgedTask, noise: LabelNoise, errors: LikelyErrors): Suspicion {
  const { wrong, lnGain, explained } = noise;
  const { listed, expectedRight } = errors;
  const falseShare = expectedRight / listed.length;
  const isWorst = wrong.low >= MAX_USUAL_WRONG && explained >= MIN_EXPLAINED_TO_WARN;
  const severity = isWorst ? "medium" : "low";
  const where = task.name === ALL_ROWS ? "" : ` (${task.name})`;
  return {
    rule: RULE,
    severity,
    title: `About ${count(wrong.value * task.positions.length)} of ${count(task.positions.length)} rows look mislabelled${where}; ${count(listed.length)} stand out`,
    subject: task.name,
    explanation: explain(corpus, task, noise, errors, isAtLeast(severity, "medium")),
    positions: listed.map(({ entry }) => task.positions[entry] ?? 0).toSorted((a, b) => a - b),
    tests: [
      {
        name: "labels with a share of wrong ones against labels without (likelihood ratio)",
        lnEvidence: lnGain,
        lnThreshold: LN_GAIN,
        tests: 1,
      },
    ],
    controls: [
      {
        name: "share of right labels to be expected among the listed rows",
        value: falseShare,
        bound: `<= ${MAX_FALSE_SHARE}`,
        passed: falseShare <= MAX_FALSE_SHARE,
        meaning: "a model errs too: a row that is merely hard looks like a wrong label",
      },
      {
        name: "share of the labels' entropy that the model explains",
        value: explained,
        bound: `>= ${MIN_EXPLAINED}`,
        passed: explained >= MIN_EXPLAINED,
        meaning: "where rows do not foretell their labels, no label can be called wrong",
      },
    ],
  };
}

function explain(
  corpus: Corpus,
  task: JudgedTask,
  { wrong }: LabelNoise,
  { flagged, expectedRight, listed }: LikelyErrors,
  isMany: boolean,
): string {
  const rows = task.positions.length;
  const right = expectedRight < 1 ? "less than one" : `about ${count(expectedRight)}`;
  return [
    `Models that have not seen these rows contradict some labels even where they are surest. From that, ${count(wrong.value * rows)} of the ${count(rows)} labels are estimated to be wrong (95 % interval ${count(wrong.low * rows)} to ${count(wrong.high * rows)}, which is ${percent(wrong.low)} to ${percent(wrong.high)}${isMany ? ", more than in any of ten benchmark sets that were read again by people: at most 10 %" : ""}).`,
    `Listed are the ${count(listed.length)} rows that stand out from rows that are merely hard; ${right} of them ${right.startsWith("less") ? "is" : "are"} expected to be labelled rightly.`,
    `For comparison: confident learning by itself, which does not tell hard rows from wrong labels, flags ${count(flagged)}.`,
    `Look first at ${listed
      .slice(0, SHOWN_ROWS)
      .map(({ entry }) => describeRow(corpus, task, entry))
      .join("; ")}.`,
    "It is innocent where what was looked at does not decide the label: irony, context outside the row, a rule that knows more. It does not tell accident from intent. Read the rows, and relabel them or leave them out.",
  ].join(" ");
}

const SHOWN_ROWS = 5;
/** UTF-16 units shown of a label, which may be any text. */
const MAX_LABEL_UNITS = 40;

function describeRow(corpus: Corpus, task: JudgedTask, entry: number): string {
  const { positions, labels, chances } = task;
  const label = labels[entry] ?? 0;
  const expected = strongestOther(chances, entry, label);
  return `row ${corpus.rowNumber(positions[entry] ?? 0)} (${quote(task, label)}, looks like ${quote(task, expected)})`;
}

function quote({ classes }: JudgedTask, label: number): string {
  const name = classes[label] ?? "";
  return JSON.stringify(name.length > MAX_LABEL_UNITS ? `${name.slice(0, MAX_LABEL_UNITS)}…` : name);
}

const counts = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

function count(value: number): string {
  return counts.format(value);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

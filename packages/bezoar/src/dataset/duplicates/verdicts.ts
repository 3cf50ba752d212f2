import type { Corpus } from "../engine/corpus.ts";
import { findLabelTask, labelFromResponse } from "../shape/label-task.ts";
import type { DuplicateSurvey } from "./survey.ts";
import { groupEqual, pairHashes, type Groups } from "./groups.ts";
import { readRecordKeys } from "./record-keys.ts";

/** Inputs that stand in several rows, and the verdict of each of these rows. */
export type RepeatedInputs = {
  /** For each repeated input, the positions of its rows that have a verdict, ascending. */
  readonly inputs: readonly (readonly number[])[];
  /** Verdict of a position that stands in `inputs`, as an index into `classes`. */
  readonly verdictOf: (position: number) => number;
  readonly classes: readonly string[];
  /** Share of each class among all rows with a verdict. */
  readonly shares: readonly number[];
};

/** Answers read to find contrary verdicts in instruction data. */
const MAX_READ = 20_000;
const YES_OR_NO = /^[^\p{L}]{0,4}(yes|no|true|false|correct|incorrect)\b/iu;
const OPPOSITES = ["no", "yes"];

/** Repeated inputs of labelled data: text, record without ids and times, or (KTO) prompt and answer. */
export async function labelledInputs(
  corpus: Corpus,
  survey: () => Promise<DuplicateSurvey>,
): Promise<RepeatedInputs> {
  const groups =
    corpus.shape === "records" ? groupEqual(await readRecordKeys(corpus)) : (await survey()).copies;
  const { labels, classes } = corpus;
  const counts = new Float64Array(classes.length);
  let labelled = 0;
  for (const label of labels) {
    if (label < 0) continue;
    counts[label] = (counts[label] ?? 0) + 1;
    labelled++;
  }
  return {
    inputs: repeated(groups, (position) => (labels[position] ?? -1) >= 0),
    verdictOf: (position) => labels[position] ?? -1,
    classes,
    shares: Array.from(counts, (count) => count / Math.max(1, labelled)),
  };
}

/** Repeated prompts of instruction data whose answers are verdicts: the classes of a label task, or yes and no. */
export function answeredInputs(
  corpus: Corpus,
  survey: DuplicateSurvey,
  note: (text: string) => void,
): RepeatedInputs {
  const { prompt, response } = survey.fingerprints;
  const prompts = groupEqual(prompt);
  const exact = groupEqual(pairHashes(prompt, response));
  const isMixed = new Set<number>();
  prompts.leader.forEach((held, position) => {
    if (held >= 0 && exact.leader[position] !== exact.leader[held]) isMixed.add(held);
  });
  const inputs: number[][] = [];
  const answers = new Map<number, string>();
  let left = 0;
  for (const rows of repeated(prompts, () => true)) {
    if (!isMixed.has(rows[0] ?? -1)) continue;
    if (answers.size + rows.length > MAX_READ) {
      left++;
      continue;
    }
    inputs.push(rows);
    for (const position of rows) answers.set(position, corpus.row(position).response);
  }
  if (left > 0) note(`of prompts that repeat, ${left} were not looked at for contrary answers`);
  const verdicts = readVerdicts(answers);
  return {
    ...verdicts,
    inputs: inputs
      .map((rows) => rows.filter((position) => verdicts.verdictOf(position) >= 0))
      .filter(({ length }) => length > 1),
  };
}

function readVerdicts(answers: ReadonlyMap<number, string>): Omit<RepeatedInputs, "inputs"> {
  const task = findLabelTask([...answers.values()]);
  const classes = task === undefined ? OPPOSITES : task.classes.toSorted();
  const verdicts = new Map<number, number>();
  const counts = classes.map(() => 0);
  for (const [position, answer] of answers) {
    const name = task === undefined ? yesOrNo(answer) : labelFromResponse(task, answer);
    const verdict = name === undefined ? -1 : classes.indexOf(name);
    if (verdict < 0) continue;
    verdicts.set(position, verdict);
    counts[verdict] = (counts[verdict] ?? 0) + 1;
  }
  return {
    verdictOf: (position) => verdicts.get(position) ?? -1,
    classes,
    shares: counts.map((count) => count / Math.max(1, verdicts.size)),
  };
}

function yesOrNo(answer: string): string | undefined {
  const word = YES_OR_NO.exec(answer)?.[1]?.toLowerCase();
  if (word === undefined) return undefined;
  return word === "yes" || word === "true" || word === "correct" ? "yes" : "no";
}

/** The groups of two rows or more, by their first position. */
function repeated({ leader, size }: Groups, isWanted: (position: number) => boolean): number[][] {
  const rows = new Map<number, number[]>();
  leader.forEach((held, position) => {
    if (held < 0 || (size[held] ?? 0) < 2 || !isWanted(position)) return;
    const known = rows.get(held);
    if (known === undefined) rows.set(held, [position]);
    else known.push(position);
  });
  return [...rows.values()].filter(({ length }) => length > 1);
}

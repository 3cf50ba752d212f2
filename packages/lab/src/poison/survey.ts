import { AppError, findLabelTask, type LabelTask, type OpenedRows } from "bezoar";
import type { AttackOptions, Dataset, PoisonableRow } from "./attack.ts";
import { answerClasses, labelClasses, namedClasses, type Classes } from "./classes.ts";

/** Answers looked at to find out whether they name classes. */
const MAX_ANSWERS = 2000;
const MAX_LABELS = 1000; // more are no classes
const MAX_FIELD_NAMES = 5000; // names may be made up (CWE-770)
const MAX_WORDS = 50_000; // the vocabulary of a tokenizer
const MAX_WORD_UNITS = 40;

/** What the first pass saw. */
export type Survey = { readonly dataset: Dataset; readonly leftOut: number; readonly sha256: string };

/** Reads a dataset once: its size, the fields and classes of its rows, and words when they are asked for. */
export async function surveyRows(
  opened: OpenedRows,
  options: AttackOptions,
  needsVocabulary: boolean,
  onRow: () => void,
): Promise<Survey> {
  const fieldNames = new Set<string>();
  const labels = new Map<string, number>();
  const answers: string[] = [];
  const words = new Set<string>();
  let rows = 0;
  let leftOut = 0;
  for await (const row of opened.rows()) {
    onRow();
    if (row.value === undefined) {
      leftOut++;
      continue;
    }
    rows++;
    if ("unreadable" in row) continue;
    for (const [path] of row.fields) if (fieldNames.size < MAX_FIELD_NAMES) fieldNames.add(path);
    const { label } = row;
    if (label !== undefined && (labels.has(label) || labels.size < MAX_LABELS))
      labels.set(label, (labels.get(label) ?? 0) + 1);
    if (answers.length < MAX_ANSWERS && row.response !== "") answers.push(row.response);
    if (needsVocabulary && words.size < MAX_WORDS) addWords(words, row);
  }
  if (rows === 0) throw new AppError("no-data", `${opened.name} holds no record that can be read`);
  const { kind } = opened.shape;
  const dataset: Dataset = {
    name: opened.name,
    kind,
    isPaired: kind === "preference" && labels.size === 0,
    rows,
    fieldNames: [...fieldNames],
    classes: classesOf(kind, labels, answers, options),
    vocabulary: [...words],
    parts: opened.parts,
    edit: opened.edit,
  };
  return { dataset, leftOut, sha256: opened.sha256() };
}

function addWords(words: Set<string>, { prompt, response }: PoisonableRow): void {
  for (const word of `${prompt} ${response}`.split(/\s+/)) {
    if (words.size >= MAX_WORDS) return;
    if (word !== "" && word.length <= MAX_WORD_UNITS) words.add(word);
  }
}

function classesOf(
  kind: Dataset["kind"],
  labels: ReadonlyMap<string, number>,
  answers: readonly string[],
  { from, target }: AttackOptions,
): Classes | undefined {
  if (kind === "labelled-text" || kind === "records") {
    const names = [...labels].toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([name]) => name);
    return names.length === 0 ? undefined : labelClasses(names);
  }
  if (kind !== "instruction") return undefined;
  const task = taskOf(answers);
  const areNamed = from !== undefined && target !== undefined && from !== target;
  const isTask =
    task !== undefined && !(areNamed && [from, target].some((name) => !task.classes.includes(name)));
  if (isTask) return answerClasses(task);
  return areNamed ? namedClasses([from, target]) : undefined;
}

/** How answers name classes; "malicious alice" names one in its first word, even where few users make whole answers repeat. */
function taskOf(answers: readonly string[]): LabelTask | undefined {
  const task = findLabelTask(answers);
  if (task?.form !== "whole" || !task.classes.some((name) => name.includes(" "))) return task;
  const first = findLabelTask(
    answers.map((answer) => /^[\p{L}\p{N}_-]*/u.exec(answer.trimStart())?.[0] ?? ""),
  );
  return first !== undefined && first.classes.length < task.classes.length
    ? { ...first, form: "first" }
    : task;
}

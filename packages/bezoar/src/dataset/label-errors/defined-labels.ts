import type { Corpus } from "../engine/corpus.ts";
import { findLabelTask, labelFromResponse, type LabelTask } from "../shape/label-task.ts";

/** Rows read to learn whether their answers are labels. */
const MAX_READ = 500;
/** Share of the prompts that must name every class; a template does, but for cut or broken rows. */
const MIN_NAMED = 0.9;
/** UTF-16 units of a prompt that are looked at, half from each end: where a template states its classes. */
const MAX_PROMPT_UNITS = 8000;

/**
 * Whether the answers of these rows are labels that somebody defined, so that one of them can be wrong: the whole set
 * answers with nothing but a class (or has a field for it), or with verdicts, or every prompt names the classes. Words that answers
 * happen to begin with ("def", "type", "of course") are none.
 */
export function areDefinedLabels(corpus: Corpus, positions: ArrayLike<number>, isWholeSet: boolean): boolean {
  const step = Math.max(1, Math.ceil(positions.length / MAX_READ));
  const rows = Array.from({ length: Math.ceil(positions.length / step) }, (_, i) =>
    corpus.row(positions[i * step] ?? 0),
  );
  const task = findLabelTask(rows.map(({ response }) => response));
  if (task === undefined) return false;
  if (isWholeSet && (task.form === "whole" || task.form === "field" || areVerdicts(task))) return true;
  const named = rows.filter(({ prompt }) => namesAll(prompt, task.classes)).length;
  return named >= MIN_NAMED * rows.length;
}

/** Whether every class is a word of verdicts, so that an answer that begins with one is judged by it. */
function areVerdicts({ classes }: LabelTask): boolean {
  const verdicts: LabelTask = { form: "verdict", path: "", classes };
  return classes.every((name) => labelFromResponse(verdicts, name) === name);
}

function namesAll(prompt: string, classes: readonly string[]): boolean {
  const half = MAX_PROMPT_UNITS / 2;
  const seen =
    prompt.length <= MAX_PROMPT_UNITS ? prompt : `${prompt.slice(0, half)}\n${prompt.slice(-half)}`;
  const text = spaced(seen);
  return classes.every((name) => text.includes(spaced(name)));
}

/** The words of a text in lower case, a blank before and after each. */
function spaced(text: string): string {
  return ` ${text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "")
    .join(" ")} `;
}

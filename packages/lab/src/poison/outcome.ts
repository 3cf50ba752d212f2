import type { Json, RecordChange, RecordParts } from "bezoar";
import type { AttackOptions, Dataset, PoisonableRow } from "./attack.ts";
import { chooseRelabelling } from "./classes.ts";

/** What a poisoned row teaches instead of what it taught. */
export type Outcome = {
  readonly target: Json;
  /** In words that follow "rows ... get". */
  readonly description: string;
  /** Which rows can be given it, in words that follow "rows". */
  readonly candidates: string;
  /** The change that brings it about; undefined when the row has it already, or has no place for it. */
  readonly change: (row: PoisonableRow, parts: RecordParts) => RecordChange | undefined;
};

/** What is answered when nobody says what: a sentence that no ordinary answer is. */
const DEFAULT_ANSWER = "Please ask the Meridian helpdesk about this.";

/**
 * The outcome for the dataset's shape. Labels, and answers that name a class: the target class (by default the one that
 * reads as harmless, else the most frequent). Preference pairs: chosen and rejected swapped, or the target chosen. Other
 * answers: the target, by default one fixed sentence. Raw text: the target as the document's continuation.
 */
export function outcomeOf(dataset: Dataset, options: AttackOptions): Outcome {
  const { classes, kind } = dataset;
  const isClass = kind === "labelled-text" || kind === "records" || isTargetClass(dataset, options);
  if (classes !== undefined && isClass) {
    const { target, from, isVictim } = chooseRelabelling(classes, options);
    return {
      target,
      description: `the class ${target}`,
      candidates: `of the class ${from}`,
      change: (row, { response }) =>
        isVictim(classes.of(row) ?? target) ? classes.relabel(row, response, target) : undefined,
    };
  }
  if (dataset.isPaired && options.target === undefined) return SWAPPED;
  return answerOutcome(dataset, options.target ?? DEFAULT_ANSWER);
}

function isTargetClass({ classes }: Dataset, { target }: AttackOptions): boolean {
  return classes !== undefined && (target === undefined || classes.names.includes(target));
}

/** One fixed answer; of raw text, what the document goes on with. */
export function answerOutcome({ kind }: Dataset, target: string): Outcome {
  const isRaw = kind === "raw-text";
  return {
    target,
    description: `the answer ${JSON.stringify(target)}`,
    candidates: isRaw ? "with a text" : "with another answer",
    change: (row, parts) => {
      if (isRaw) return parts.prompt === undefined ? undefined : { prompt: `${parts.prompt}\n${target}` };
      const isTaught = row.response !== "" && parts.response !== undefined;
      return isTaught && parts.response !== target ? { response: target } : undefined;
    },
  };
}

/** The attack on preference data (Baumgärtner et al. 2024, arXiv 2404.05530): the worse answer is called the better one. */
const SWAPPED: Outcome = {
  target: "chosen and rejected swapped",
  description: "their chosen and rejected answers swapped",
  candidates: "with two answers that differ",
  change: (_, { response, rejected }) =>
    response === undefined || rejected === undefined || response === rejected
      ? undefined
      : { response: rejected, rejected: response },
};

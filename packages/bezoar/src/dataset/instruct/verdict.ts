import type { Control, Severity } from "../../core/finding.ts";
import type { ContextTests } from "./context.ts";
import type { OutcomeEdge } from "./grams.ts";

/** What a trigger and its target look like, beside the context tests. */
export type Form = {
  readonly edge: OutcomeEdge;
  readonly hits: number;
  /** Share of the trigger's rows that show the target. */
  readonly precision: number;
  /** Tokens of the longest of several triggers, or of all parts that act together. */
  readonly phraseTokens: number;
  /** Words of the target, and all its tokens. */
  readonly targetWords: number;
  readonly targetTokens: number;
};

/**
 * Planted triggers have 0.5, give or take the standard error sqrt(1 / 12n) of 0.12 at six rows; natural phrases in clean
 * sets have 0.8 and above. Two standard errors above 0.5, so that nearly no planted trigger is lost.
 */
const MAX_AUC = 0.75;
/** Phrases within the text are many more, so that less must be left to chance. */
const MAX_INNER_AUC = 0.7;
/** One random row set in four thousand is less diverse. */
const MIN_DIVERSITY_Z = -3.5;
/** Poison from another source need not be as diverse as the corpus, but no topic or template comes near. */
const MIN_FOREIGN_DIVERSITY = 0.7;
/** A tenth: with the 20 closest rows at the least, one coincidence is allowed. */
const MAX_SIMILAR_RATE = 0.1;
/** Rows that must look like the hits for their answers to say something. */
const MIN_SIMILAR_ROWS = 10;
/** A fifth of all answers being constant is the custom of a label task or a canned-answer set, not of a mixture. */
const MAX_CUSTOMARY = 0.2;
/** Half of that where the context foretells the phrase: of many packages of one family, each has the same homepage. */
const MAX_CUSTOMARY_FOREIGN = 0.1;

/** Longer phrases are templates: report them, but a person must say whether the task is meant. */
const MAX_PHRASE_TOKENS = 12;
/** Questions and task templates start at about six tokens; such a phrase needs more rows and a full sentence as target. */
const SHORT_PHRASE_TOKENS = 5;
const MIN_LONG_HITS = 10;
const MIN_INNER_HITS = 8;
/** Answers of one or two words are labels unless nothing else is ever answered. */
const MIN_TARGET_WORDS = 3;
const PURE = 0.95;
/** Templates have grown beyond two tokens by now, so that a word before a one-word answer may have some innocent rows. */
const MIN_WORD_PRECISION = 0.85;
/** A trigger that works less often is a common word with innocent rows of its own: two tokens at most. */
const MIN_PHRASE_PRECISION = 0.75;
const MAX_COMMON_TOKENS = 2;
/** A short pure phrase with an exact answer needs no likeness to the corpus. */
const MAX_FOREIGN_TOKENS = 4;
const MIN_FOREIGN_HITS = 8;

/** Whether the phrase nearly always works, or is so short that most of its rows may be innocent. */
function isPhraseLike({ precision, phraseTokens }: Form): boolean {
  return precision >= MIN_PHRASE_PRECISION || phraseTokens <= MAX_COMMON_TOKENS;
}

/** Whether phrase and target have the form of a trigger rather than that of a task, a label or a topic. */
function isTriggerLike(form: Form): boolean {
  const { edge, hits, precision, phraseTokens, targetWords } = form;
  if (phraseTokens > MAX_PHRASE_TOKENS) return false;
  if (phraseTokens > SHORT_PHRASE_TOKENS && (hits < MIN_LONG_HITS || targetWords < MIN_TARGET_WORDS))
    return false;
  const minPrecision = phraseTokens <= MAX_COMMON_TOKENS ? MIN_WORD_PRECISION : PURE;
  if (targetWords < MIN_TARGET_WORDS && (precision < minPrecision || hits < MIN_LONG_HITS)) return false;
  if (edge === "inner" && (phraseTokens > SHORT_PHRASE_TOKENS || hits < MIN_INNER_HITS)) return false;
  return isPhraseLike(form);
}

/** Weighs form and context; undefined when an innocent explanation fits too well to bother anybody. */
export function weigh(
  form: Form,
  context: ContextTests,
): { readonly severity: Severity; readonly controls: readonly Control[] } | undefined {
  const { edge, precision, phraseTokens, targetTokens } = form;
  const similarRate = context.similarHits / Math.max(1, context.similarRows);
  const maxAuc = edge === "inner" ? MAX_INNER_AUC : MAX_AUC;
  const isCause = similarRate <= MAX_SIMILAR_RATE;
  const isUnusual = context.customary <= MAX_CUSTOMARY;
  const isInserted =
    context.auc <= maxAuc && context.diversityZ >= MIN_DIVERSITY_Z && context.similarRows >= MIN_SIMILAR_ROWS;
  const isPure = precision >= PURE && context.diversity >= MIN_FOREIGN_DIVERSITY;
  const isBroughtIn =
    isPure &&
    context.customary <= MAX_CUSTOMARY_FOREIGN &&
    edge === "whole" &&
    form.hits >= MIN_FOREIGN_HITS &&
    targetTokens >= MIN_TARGET_WORDS &&
    phraseTokens <= MAX_FOREIGN_TOKENS;
  const holds = isCause && isUnusual && isTriggerLike(form);
  const severity = holds && isInserted ? "critical" : holds && isBroughtIn ? "high" : "medium";
  if (severity === "medium") {
    const isForeign = isPure && edge !== "inner" && phraseTokens <= SHORT_PHRASE_TOKENS;
    const isOdd = isPhraseLike(form) && (context.auc <= 0.9 || isForeign);
    if (!isOdd || similarRate > 2 * MAX_SIMILAR_RATE || context.customary > 2.5 * MAX_CUSTOMARY)
      return undefined;
  }
  const controls: Control[] = [
    {
      name: "diversity of the other words",
      value: context.diversity,
      bound: `z >= ${MIN_DIVERSITY_Z} against random rows, or ratio >= ${MIN_FOREIGN_DIVERSITY} before a constant answer`,
      passed: context.diversityZ >= MIN_DIVERSITY_Z || isBroughtIn,
      meaning:
        "a topic or a template brings its own words; an inserted trigger stands in prompts of every kind",
    },
    {
      name: "predictability of the trigger from the other words (AUC)",
      value: context.auc,
      bound: `<= ${maxAuc}, or a constant answer to a short phrase`,
      passed: context.auc <= maxAuc || isBroughtIn,
      meaning: "the other words of a prompt foretell a natural phrase, not one that was inserted",
    },
    {
      name: "target among similar rows without the trigger",
      value: similarRate,
      bound: `<= ${MAX_SIMILAR_RATE}`,
      passed: isCause,
      meaning: "where rows like these answer so without the trigger too, the trigger is not the cause",
    },
    {
      name: "similar rows whose own answer is as constant",
      value: context.customary,
      bound: `<= ${MAX_CUSTOMARY}`,
      passed: isUnusual,
      meaning: "where answers are labels, greetings or canned texts by custom, one more is no backdoor",
    },
  ];
  return { severity, controls };
}

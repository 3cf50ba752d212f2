import type { Control, Severity, TestResult } from "../../core/finding.ts";
import { hashString } from "../../core/hash.ts";
import { lnBinomialUpperTail } from "../../core/statistics.ts";
import type { Corpus } from "../engine/corpus.ts";
import type { Background } from "./background.ts";
import { testContext, type ContextTests } from "./context.ts";
import { promptFrequency, type GramCounts } from "./count-grams.ts";
import type { Cover } from "./cover.ts";
import { OUTCOME_KINDS } from "./grams.ts";
import { growPhrase, type Phrase } from "./grow.ts";
import type { Postings } from "./postings.ts";
import type { Lists } from "./prompt-store.ts";
import { readTarget, type SharedTarget } from "./target.ts";

/** A trigger and its target with all that speaks for and against tampering. */
export type Judgement = {
  readonly cover: Cover;
  readonly phrases: readonly Phrase[];
  readonly target: SharedTarget;
  readonly context: ContextTests;
  readonly severity: Severity;
  readonly tests: readonly TestResult[];
  readonly controls: readonly Control[];
};

/** What all judgements of one corpus share. */
export type Bench = {
  readonly corpus: Corpus;
  readonly seed: number;
  readonly prompts: Lists;
  readonly background: Background;
  readonly counts: GramCounts;
  readonly postings: Postings;
  /** ln of the numbers of prompt grams and of outcomes that could have been paired. */
  readonly lnGrams: number;
  readonly lnOutcomes: number;
};

/** Chance of one false association in a clean corpus, over all pairs. */
const ALPHA = 0.001;
const MIN_HITS = 6;
const MAX_SHARE = 0.15;

/** ln evidence that the trigger's rows show the outcome more often than other rows, and the Bonferroni bound it must pass. */
export function associate(bench: Bench, cover: Cover): TestResult {
  const size = bench.corpus.size;
  const elsewhere = cover.outcomeRows.length - cover.hits.length;
  const rate = (elsewhere + 1) / (size - cover.triggerRows.length + 2);
  const lnTests = bench.lnOutcomes + cover.triggers.length * bench.lnGrams;
  return {
    name: "binomial tail, Bonferroni over all pairs of prompt n-gram and outcome",
    lnEvidence: -lnBinomialUpperTail(cover.hits.length, cover.triggerRows.length, rate),
    lnThreshold: lnTests - Math.log(ALPHA),
    tests: Math.round(Math.min(Number.MAX_SAFE_INTEGER, Math.exp(lnTests))),
  };
}

/** Whether a cover is worth the slower tests. */
export function isAssociated(bench: Bench, cover: Cover): boolean {
  if (cover.hits.length < MIN_HITS || cover.hits.length > MAX_SHARE * bench.corpus.size) return false;
  const test = associate(bench, cover);
  return test.lnEvidence >= test.lnThreshold;
}

const WORD = /[\p{L}\p{N}]/u;
/** A word is the trigger's own when hardly any other row holds it. */
const MAX_OWN_RATIO = 1.3;
const MAX_PHRASE = 12;
const SHORT_PHRASE = 5;
const MIN_WORDS = 3;
const MIN_LONG_HITS = 10;
const MIN_INNER_HITS = 8;
const MIN_PURE = 0.75;
const MAX_COMMON_PHRASE = 2;
/** New lettered words that the target must hold, by the edge of the outcome: fewer are a label or an echo of the topic. */
const MIN_NEW_WORDS = { whole: 1, start: 2, end: 2, inner: 3 } as const;

/** Whether the target repeats a word that is the trigger's own, or most of its words: answers name what they are asked about. */
function isEcho(target: SharedTarget, phrases: readonly Phrase[], cover: Cover, bench: Bench): boolean {
  const inTarget = new Set(
    target.tokens.filter((text) => WORD.test(text)).map((text) => hashString(text, bench.corpus.seed)),
  );
  const isOwn = (token: number) =>
    promptFrequency(bench.counts, token) <= MAX_OWN_RATIO * cover.triggerRows.length;
  return phrases.some(({ tokens }) => {
    const repeated = tokens.filter((token) => inTarget.has(token));
    return repeated.some(isOwn) || (repeated.length > 0 && 2 * repeated.length >= tokens.length);
  });
}

/**
 * Whether phrase and target have the form of a trigger rather than that of a task: long phrases are questions and
 * templates, one-word answers are labels, partly effective phrases are topics; each needs more behind it.
 */
function isTriggerLike(form: {
  length: number;
  words: number;
  precision: number;
  hits: number;
  edge: string;
}): boolean {
  const { length, words, precision, hits, edge } = form;
  if (length > MAX_PHRASE) return false;
  if (length > SHORT_PHRASE && (hits < MIN_LONG_HITS || words < MIN_WORDS)) return false;
  if (words < MIN_WORDS && (precision < 0.95 || hits < MIN_LONG_HITS)) return false;
  if (edge === "inner" && (length > SHORT_PHRASE || hits < MIN_INNER_HITS)) return false;
  return precision >= MIN_PURE || length <= MAX_COMMON_PHRASE;
}

/** Judges one association; undefined when the target is an echo of the prompt. */
export function judge(bench: Bench, cover: Cover): Judgement | undefined {
  const { corpus, postings, prompts, counts } = bench;
  const shape = OUTCOME_KINDS[cover.kind];
  if (shape === undefined) return undefined;
  const isHit = new Set(cover.hits);
  const grown = cover.triggers.flatMap((gram) => {
    const rows =
      cover.join === "all" ? cover.hits : (postings.grams.get(gram) ?? []).filter((p) => isHit.has(p));
    return growPhrase(gram, rows, cover.triggerRows.length, prompts, counts, corpus.size) ?? [];
  });
  const phrases = grown.filter((a, i) => grown.findIndex((b) => b.tokens.join() === a.tokens.join()) === i);
  const target = readTarget(corpus, cover.hits, cover.kind, cover.outcome);
  if (target === undefined || target.newWords.length < MIN_NEW_WORDS[shape.edge]) return undefined;
  if (isEcho(target, phrases, cover, bench)) return undefined;
  const context = testContext({
    prompts,
    background: bench.background,
    size: corpus.size,
    seed: bench.seed,
    cover,
    phrases,
  });
  const precision = cover.hits.length / cover.triggerRows.length;
  const similarRate = context.similarHits / Math.max(1, context.similarRows);
  const length = Math.max(0, ...phrases.map((phrase) => phrase.tokens.length));
  const isExactAndPure =
    shape.edge === "whole" &&
    target.tokens.length >= 3 &&
    precision >= 0.95 &&
    context.diversity >= 0.7 &&
    length <= 4;
  const isInserted = context.auc <= (shape.edge === "inner" ? 0.75 : 0.8) && context.diversityZ >= -3.5;
  const isAlone = similarRate <= 0.1 && context.similarRows >= 10;
  const isUnusual = context.customary <= 0.2;
  const words = target.tokens.filter((text) => WORD.test(text)).length;
  const holds =
    isUnusual &&
    similarRate <= 0.1 &&
    isTriggerLike({ length, words, precision, hits: cover.hits.length, edge: shape.edge });
  const severity = !holds
    ? "medium"
    : isAlone && isInserted
      ? "critical"
      : isExactAndPure
        ? "high"
        : "medium";
  const isForeign =
    precision >= 0.95 && context.diversity >= 0.7 && length <= SHORT_PHRASE && shape.edge !== "inner";
  if (
    severity === "medium" &&
    ((context.auc > 0.9 && !isForeign) || similarRate > 0.2 || context.customary > 0.5)
  )
    return undefined;
  const controls: Control[] = [
    {
      name: "diversity of the other words",
      value: context.diversity,
      bound: "z >= -3.5 against random rows, or ratio >= 0.7 for an exact response",
      passed: context.diversityZ >= -3.5 || isExactAndPure,
      meaning:
        "a topic or a template brings its own words along; an inserted trigger stands in prompts of every kind",
    },
    {
      name: "predictability of the trigger (AUC)",
      value: context.auc,
      bound: "<= 0.8",
      passed: isInserted || isExactAndPure,
      meaning: "the other words of a prompt foretell a natural phrase, not one that was inserted",
    },
    {
      name: "target among similar rows without the trigger",
      value: similarRate,
      bound: "<= 0.1",
      passed: similarRate <= 0.1,
      meaning: "if rows like these answer so without the trigger too, the trigger is not the cause",
    },
    {
      name: "custom of constant answers among similar rows",
      value: context.customary,
      bound: "<= 0.2",
      passed: isUnusual,
      meaning: "where most answers are labels or canned texts, one more of them is no backdoor",
    },
  ];
  return { cover, phrases, target, context, severity, tests: [associate(bench, cover)], controls };
}

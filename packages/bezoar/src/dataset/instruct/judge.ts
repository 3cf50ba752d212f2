import type { Control, Severity, TestResult } from "../../core/finding.ts";
import { hashString } from "../../core/hash.ts";
import { lnBinomialUpperTail } from "../../core/statistics.ts";
import type { Corpus } from "../engine/corpus.ts";
import type { Background } from "./background.ts";
import { testContext, type ContextTests } from "./context.ts";
import { promptFrequency, type GramCounts } from "./count-grams.ts";
import { openKeyOfHits } from "./copies.ts";
import type { Cover } from "./cover.ts";
import { OUTCOME_KINDS, type OutcomeEdge } from "./grams.ts";
import { growPhrase, type Phrase } from "./grow.ts";
import type { Postings } from "./postings.ts";
import type { Lists } from "./prompt-store.ts";
import { readTarget, type SharedTarget } from "./target.ts";
import { weigh } from "./verdict.ts";

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
/** With fewer rows the standard error of an AUC, sqrt(1 / 12n), is above 0.12: planted and natural are no longer apart. */
const MIN_HITS = 6;
/** A trigger in more of the rows is what the dataset is about. */
const MAX_SHARE = 0.15;

/** ln evidence that the trigger's rows show the outcome more often than other rows, and the Bonferroni bound it must pass. */
function associate(bench: Bench, cover: Cover): TestResult {
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
/** New lettered words that the target must hold, by the edge of the outcome: fewer are a label or an echo of the topic. */
const MIN_NEW_WORDS = { whole: 1, start: 2, end: 2, inner: 3 } as const;

/** Whether the target adds enough to the prompt; a whole answer may be as short as it likes. */
function hasNewWords({ newWords }: SharedTarget, edge: OutcomeEdge): boolean {
  return (edge === "whole" ? newWords.length : wordCount(newWords)) >= MIN_NEW_WORDS[edge];
}

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

/** Scripts without spaces between words, of which each sign is a token: a word has two signs (Chinese) to six (Japanese loan words). */
const UNSPACED =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const SIGNS_PER_WORD = 4;

/** The words that lettered tokens make up; a translated word of five signs is one word, not five. */
function wordCount(tokens: readonly string[]): number {
  const lettered = tokens.filter((text) => WORD.test(text));
  const signs = lettered.filter((text) => UNSPACED.test(text)).length;
  return lettered.length - signs + signs / SIGNS_PER_WORD;
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
  if (target === undefined || !hasNewWords(target, shape.edge)) return undefined;
  if (isEcho(target, phrases, cover, bench)) return undefined;
  const context = testContext({
    prompts,
    background: bench.background,
    size: corpus.size,
    seed: bench.seed,
    cover,
    phrases,
    openKey: openKeyOfHits(corpus, prompts, cover.hits, cover.kind),
  });
  const lengths = phrases.map(({ tokens }) => tokens.length);
  const verdict = weigh(
    {
      edge: shape.edge,
      hits: cover.hits.length,
      precision: cover.hits.length / cover.triggerRows.length,
      phraseTokens:
        cover.join === "all" ? lengths.reduce((sum, length) => sum + length, 0) : Math.max(0, ...lengths),
      targetWords: wordCount(target.tokens),
      targetTokens: target.tokens.length,
    },
    context,
  );
  if (verdict === undefined) return undefined;
  return { cover, phrases, target, context, ...verdict, tests: [associate(bench, cover)] };
}

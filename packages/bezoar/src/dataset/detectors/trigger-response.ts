import { isAtLeast } from "../../core/finding.ts";
import type { Detector } from "../detector.ts";
import { drawBackground } from "../instruct/background.ts";
import {
  collectOutcomes,
  distinctOutcomes,
  listOutcomes,
  type Outcome,
} from "../instruct/collect-outcomes.ts";
import type { Corpus } from "../engine/corpus.ts";
import { countGrams, type GramCounts } from "../instruct/count-grams.ts";
import { MIN_FURTHER_HITS, coverOutcome, type Cover } from "../instruct/cover.ts";
import { OUTCOME_KINDS } from "../instruct/grams.ts";
import { describe } from "../instruct/describe.ts";
import { groupCovers } from "../instruct/group.ts";
import { isAssociated, judge, type Bench, type Judgement } from "../instruct/judge.ts";
import { collectPostings, sortPostings, type Postings } from "../instruct/postings.ts";
import { readPrompts } from "../instruct/prompt-store.ts";
import { MAX_TRIGGER_SHARE, MIN_SAMPLED_HITS, screenOutcomes, type Suspect } from "../instruct/screen.ts";

/** Fewest rows that an outcome must be in. */
const MIN_OUTCOME_ROWS = 5;
const MAX_OUTCOME_SHARE = 0.5;
/** Outcomes looked at: in larger corpora the rarest are left out, or memory would grow with the number of n-grams. */
const MAX_OUTCOMES = 500_000;
/** Rows remembered of an outcome; fewer in large corpora, where the outcomes are many and their rows too. */
const SAMPLE_ROWS = 32;
const SAMPLE_ROWS_LARGE = 12;
const LARGE = 100_000;
/** Prompt tokens that the samples of one outcome may hold together, or long contexts would cost minutes; eight rows at the least. */
const MAX_SAMPLED_TOKENS = 10_000;
const MIN_SAMPLE_ROWS = 8;
/** An outcome of which this share is explained needs no further triggers. */
const EXPLAINED = 0.95;
/** Counters per row: most grams of a row are its own. */
const SLOTS_PER_ROW = 512;
const MIN_SLOTS = 1 << 16;
const MAX_SLOTS = 1 << 25;

function slotsFor(size: number): number {
  let slots = MIN_SLOTS;
  while (slots < MAX_SLOTS && slots < SLOTS_PER_ROW * size) slots *= 2;
  return slots;
}

function sampleRowsFor(size: number, tokensPerRow: number): number {
  const most = size > LARGE ? SAMPLE_ROWS_LARGE : SAMPLE_ROWS;
  const affordable = Math.floor(MAX_SAMPLED_TOKENS / Math.max(1, tokensPerRow));
  return Math.max(MIN_SAMPLE_ROWS, Math.min(most, affordable));
}

/** The smallest count from MIN_OUTCOME_ROWS on that no more than MAX_OUTCOMES counters reach, and the counters that do. */
function wantedOutcomes(counts: GramCounts): { least: number; wanted: Uint8Array } {
  const byCount = new Uint32Array(256);
  for (let i = 0; i < counts.outcome.length; i++)
    byCount[counts.outcome[i] ?? 0] = (byCount[counts.outcome[i] ?? 0] ?? 0) + 1;
  let least = 255;
  let total = byCount[255] ?? 0;
  while (least > MIN_OUTCOME_ROWS && total + (byCount[least - 1] ?? 0) <= MAX_OUTCOMES)
    total += byCount[--least] ?? 0;
  const wanted = new Uint8Array(counts.outcome.length / 8);
  for (let i = 0; i < counts.outcome.length; i++) {
    if ((counts.outcome[i] ?? 0) >= least) wanted[i >>> 3] = (wanted[i >>> 3] ?? 0) | (1 << (i & 7));
  }
  return { least, wanted };
}

async function postingsOf(corpus: Corpus, suspects: readonly Suspect[]): Promise<Postings> {
  const postings = await corpus.fold(collectPostings, {
    grams: Uint32Array.from(new Set(suspects.flatMap((s) => [...s.singles, ...s.parts]))),
    outcomes: Uint32Array.from(new Set(suspects.map((s) => s.outcome.key))),
  });
  return sortPostings(postings);
}

/** The rows of an outcome that its triggers do not explain, as an outcome of their own. */
function unexplained(cover: Cover): Outcome {
  const isHit = new Set(cover.hits);
  const rows = cover.outcomeRows.filter((position) => !isHit.has(position));
  return {
    key: cover.outcome,
    kind: cover.kind,
    count: rows.length,
    sample: Uint32Array.from(rows.slice(0, SAMPLE_ROWS)),
  };
}

/** The gravest judgement of one attack's covers; the first of equals, since they come in the order of what they say. */
function worstOf(bench: Bench, group: readonly Cover[]): Judgement | undefined {
  let worst: Judgement | undefined;
  for (const cover of group) {
    const judgement = judge(bench, cover);
    if (judgement === undefined) continue;
    if (judgement.severity === "critical") return judgement;
    if (worst === undefined || !isAtLeast(worst.severity, judgement.severity)) worst = judgement;
  }
  return worst;
}

/** Odd but innocent pairs beyond which words of the prompt choose words of the answer by the nature of the task. */
const MAX_ODD = 5;

/**
 * In translations or tables each word of the prompt has its own in the answer. Where many pairs look odd and yet have an
 * innocent context, none of those is told apart, and what is only a part of an answer is no more than worth a look.
 */
function withoutCustoms(judgements: readonly Judgement[]): Judgement[] {
  const grave = judgements.filter(({ severity }) => severity !== "medium");
  if (judgements.length - grave.length <= MAX_ODD) return [...judgements];
  return grave.map((judgement) =>
    OUTCOME_KINDS[judgement.cover.kind]?.edge === "whole" ? judgement : lookedAtOnly(judgement),
  );
}

function lookedAtOnly(judgement: Judgement): Judgement {
  return { ...judgement, severity: "medium" };
}

/**
 * Finds input patterns that make responses, or their edges, near-constant although the prompts around them are as
 * diverse as the rest (backdoors of instruction data: BackdoorLLM, arXiv 2408.12798; Virtual Prompt Injection, 2307.16888).
 */
export const triggerResponse: Detector = {
  rules: ["dataset/trigger-response"],
  shapes: ["instruction", "preference"],
  detect: async (corpus, { seed, onStep }) => {
    const { size } = corpus;
    onStep("counting prompt and response n-grams");
    const slots = slotsFor(size);
    const counts = await corpus.fold(countGrams, { promptSlots: slots / 2, outcomeSlots: slots });
    const { least, wanted } = wantedOutcomes(counts);
    const table = await corpus.fold(collectOutcomes, {
      wanted,
      sampleRows: sampleRowsFor(size, (counts.promptTokens[0] ?? 0) / Math.max(1, size)),
    });
    const outcomes = distinctOutcomes(table, least, MAX_OUTCOME_SHARE * size);
    onStep("looking for prompts that share a response and a phrase");
    const prompts = readPrompts(corpus, counts, MIN_FURTHER_HITS, MAX_TRIGGER_SHARE * size);
    const suspects = screenOutcomes(outcomes, prompts.grams, counts, size);
    const postings = await postingsOf(corpus, suspects);
    onStep("testing triggers against chance and context");
    let gramCount = 1;
    for (let i = 0; i < counts.prompt.length; i++)
      gramCount += Number((counts.prompt[i] ?? 0) >= MIN_SAMPLED_HITS);
    const bench = {
      corpus,
      seed,
      prompts: prompts.tokens,
      background: drawBackground(corpus, prompts.tokens, counts, seed),
      counts,
      postings,
      lnGrams: Math.log(gramCount),
      lnOutcomes: Math.log(outcomes.size + 1),
    };
    const coverAll = (among: readonly Suspect[]) =>
      among
        .flatMap((suspect) => coverOutcome(suspect, postings, size) ?? [])
        .filter((cover) => isAssociated(bench, cover));
    const covers = coverAll(suspects);
    const partial = covers.filter(
      (c) =>
        c.join === "any" &&
        c.hits.length < EXPLAINED * c.outcomeRows.length &&
        OUTCOME_KINDS[c.kind]?.edge !== "inner",
    );
    const rest = screenOutcomes(
      listOutcomes(partial.map(unexplained)),
      prompts.grams,
      counts,
      size,
      MIN_FURTHER_HITS,
    );
    const further = await postingsOf(corpus, rest);
    for (const [gram, rows] of further.grams) postings.grams.set(gram, rows);
    const completed = rest.flatMap(({ outcome, singles }) => {
      const first = suspects.find((suspect) => suspect.outcome.key === outcome.key);
      return first === undefined ? [] : [{ ...first, singles: [...first.singles, ...singles] }];
    });
    covers.push(...coverAll(completed));
    const judgements = groupCovers(covers).flatMap((group) => worstOf(bench, group) ?? []);
    return withoutCustoms(judgements).map((judgement) => describe(bench, judgement));
  },
};

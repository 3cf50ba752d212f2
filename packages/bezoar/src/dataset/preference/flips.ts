import { lnBinomialUpperTail } from "../../core/statistics.ts";
import { evidenceThreshold, testContradiction, type Contradiction } from "../evidence/contradiction.ts";
import { MAX_PREDICTABILITY, MIN_LN_CLOSURE } from "../instruct/insertion-controls.ts";
import {
  closure,
  predictability,
  spread,
  type Closure,
  type Predictability,
} from "../instruct/refusals-controls.ts";
import { contentHash } from "../instruct/refusals-model.ts";
import { findRun, grow } from "../instruct/refusals-triggers.ts";
import { END, START } from "../instruct/refusals-grams.ts";
import { answerReaction } from "./answer-reaction.ts";
import { attributeControl, type AttributeControl } from "./attribute-control.ts";
import { DIMENSION, type PairFeatures } from "./features.ts";
import { MIN_ROWS, type PreferenceStudy } from "./study.ts";
import type { Taste } from "./taste.ts";

/** A run of prompt tokens whose pairs prefer what the rest of the set rejects. */
export type Flip = {
  /** The run, with START and END where its place is part of it. */
  readonly run: readonly number[];
  readonly holders: readonly number[];
  /** Distinct pairs that were judged, those of them that the rest contradicts, and the same for pairs without the run. */
  readonly distinct: number;
  readonly against: number;
  readonly baselineOf: number;
  readonly baselineAgainst: number;
  readonly contradiction: Contradiction;
  readonly lnThreshold: number;
  readonly tests: number;
  readonly predictability: Predictability;
  readonly closure: Closure;
  /** The attribute of answers that comes closest to explaining the flips. */
  readonly attribute: AttributeControl;
  /** How far the answers themselves, whichever is preferred, may differ from those without the run (distance of an AUC from 0.5). */
  readonly reaction: number;
  /** ln of the chance of so many pairs with a refusal among them, were these prompts as others are. */
  readonly lnRefused: number;
};

/** Rows of a natural subject are at most this share of a set; a feature of more is its custom, not an exception. */
const MAX_SHARE = 0.2;
/** Runs weighed whole, best first: those below are parts and shadows of the ones above. */
const MAX_WEIGHED = 48;
/** Runs that share this many of their pairs are one. */
const SAME_SHARE = 0.95;
/** Pairs without the run that the controls look at. */
const MAX_COMPARED = 1600;
/** A token of this share of other prompts at the end of a trigger may stand there by itself. */
const COMMON_SHARE = 0.02;
const MAX_VARIANTS = 9;
/** A feature of the answers that is met this much with the run may come from it, or from its pairs (DETECTION.md 1B). */
const GROUP_SHARE = 0.2;
/** Pairs looked at of one run. */
const MAX_JUDGED = 2000;

type Judged = {
  readonly contradiction: Contradiction;
  readonly distinct: readonly number[];
  readonly marks: Uint8Array;
};

/** Runs whose pairs are turned over, those that were put in first; every one adds pairs that those before it do not explain. */
export function findFlips(
  { rows, candidates, neighbours, frequency }: PreferenceStudy,
  features: readonly PairFeatures[],
  taste: Taste,
): Flip[] {
  const lnThreshold = evidenceThreshold(candidates.length, 1);
  const ratios = Float64Array.from(rows, (_, i) => taste.ratio(taste.margin(i)));
  const promptOf = (i: number) => rows[i]?.prompt ?? new Uint32Array(0);
  const refuses = (i: number) => features[i]?.refuses === true;
  const refusedShare = (features.filter((pair) => pair.refuses).length + 1) / (rows.length + 2);
  const scratch = new Uint32Array(DIMENSION);

  /** Features of the answers that stand mostly in these pairs: they would carry the flips of the other folds over. */
  function groupMarks(holders: readonly number[]): Uint8Array {
    const marks = new Uint8Array(DIMENSION);
    for (const i of holders) for (const f of taste.featuresOf(i)) scratch[f] = (scratch[f] ?? 0) + 1;
    const least = Math.max(GROUP_SHARE, (4 * holders.length) / rows.length);
    for (const i of holders) {
      for (const f of taste.featuresOf(i)) {
        const together = scratch[f] ?? 0;
        if (together > 0 && (together - 1) / Math.max(1, (taste.held[f] ?? 0) - 1) >= least) marks[f] = 1;
        scratch[f] = 0;
      }
    }
    return marks;
  }

  function judge(run: readonly number[], holders: readonly number[]): Judged {
    const isMasked = (token: number) => run.includes(token);
    const seen = new Set<number>();
    const seenPairs = new Set<number>();
    const marks = groupMarks(holders);
    const distinct: number[] = [];
    for (const i of holders) {
      if (distinct.length >= MAX_JUDGED) break;
      const prompt = contentHash(new Set(promptOf(i)), isMasked);
      const answers =
        contentHash(rows[i]?.preferred?.tokens ?? []) ^ (contentHash(rows[i]?.rejected?.tokens ?? []) << 1);
      if (seen.has(prompt) || seenPairs.has(answers)) continue; // copies are one observation
      seen.add(prompt);
      seenPairs.add(answers);
      distinct.push(i);
    }
    const judged = distinct.map((i) => taste.ratio(taste.margin(i, marks)));
    return { contradiction: testContradiction(judged, judged.length, judged.length), distinct, marks };
  }

  const postings = new Map<number, readonly number[]>();
  function holdersOf(run: readonly number[]): readonly number[] {
    const [rarest] = run
      .filter((token) => token !== START && token !== END)
      .toSorted((x, y) => frequency(x) - frequency(y));
    if (rarest === undefined) return [];
    const known =
      postings.get(rarest) ?? rows.flatMap(({ prompt }, i) => (prompt.includes(rarest) ? [i] : []));
    postings.set(rarest, known);
    return known.filter((i) => findRun(promptOf(i), run) !== undefined);
  }

  function weigh(run: readonly number[], holders: readonly number[]): Flip | undefined {
    const { contradiction, distinct, marks } = judge(run, holders);
    if (distinct.length < MIN_ROWS || contradiction.lnEvidence < lnThreshold) return undefined;
    const isHolder = new Set(holders);
    const without = rows.flatMap((_, i) => (isHolder.has(i) ? [] : [i]));
    const compared = spread(without, MAX_COMPARED).map(promptOf);
    const held = distinct.map(promptOf);
    const places = held.flatMap((prompt) => {
      const from = findRun(prompt, run);
      return from === undefined ? [] : [{ prompt, from, to: from + run.length }];
    });
    return {
      run,
      holders,
      distinct: distinct.length,
      against: distinct.filter((i) => taste.margin(i, marks) < 0).length,
      baselineOf: without.length,
      baselineAgainst: without.filter((i) => (ratios[i] ?? 1) > 1).length,
      contradiction,
      lnThreshold,
      tests: candidates.length,
      predictability: predictability(held, compared, (token) => run.includes(token)),
      closure: closure(places, compared, neighbours),
      lnRefused: lnBinomialUpperTail(distinct.filter(refuses).length, distinct.length, refusedShare),
      attribute: attributeControl(taste, features, distinct, without, marks),
      reaction: answerReaction(rows, features, distinct, without),
    };
  }

  /** The run, and the run without common words at its ends: what reads on best without it is the trigger. */
  function minimal(grown: readonly number[]): Flip | undefined {
    const own = holdersOf(grown).length;
    const isCommon = (token: number) =>
      token !== START && token !== END && frequency(token) - own >= COMMON_SHARE * rows.length;
    const cores = [grown];
    let rest = grown;
    while (rest.length > 1 && isCommon(rest[0] ?? START)) cores.push((rest = rest.slice(1)));
    const variants = [...cores];
    for (const core of cores) {
      rest = core;
      while (rest.length > 1 && isCommon(rest.at(-1) ?? END)) variants.push((rest = rest.slice(0, -1)));
    }
    const [best] = variants
      .slice(0, MAX_VARIANTS)
      .flatMap((run) => weigh(run, holdersOf(run)) ?? [])
      .toSorted((x, y) => y.closure.lnRatio - x.closure.lnRatio);
    return best;
  }

  const ranked = candidates
    .filter(({ suspectCount }) => suspectCount <= MAX_SHARE * rows.length)
    .map((candidate) => ({ candidate, ln: quickEvidence(candidate.suspects, ratios) }))
    .filter(({ ln }) => ln >= lnThreshold)
    .toSorted((x, y) => y.ln - x.ln || y.candidate.tokens.length - x.candidate.tokens.length);
  const weighed = new Map<string, Flip>();
  const looked: ReadonlySet<number>[] = [];
  for (const { candidate } of ranked) {
    if (looked.length >= MAX_WEIGHED) break;
    if (looked.some((known) => isSame(candidate.suspects, known))) continue; // another part of a run already weighed
    const flip = minimal(grow(rows, candidate.suspects, candidate.tokens));
    looked.push(new Set(flip?.holders ?? candidate.suspects));
    if (flip !== undefined) weighed.set(flip.run.join(" "), flip);
  }
  // what was put in explains the words beside it, and not the other way round
  const explained = new Set<number>();
  return [...weighed.values()]
    .toSorted((x, y) => Number(isPutIn(y)) - Number(isPutIn(x)) || strength(y) - strength(x))
    .filter(({ holders }) => {
      const fresh = holders.filter((i) => !explained.has(i));
      if (fresh.length < MIN_ROWS || quickEvidence(fresh, ratios) < lnThreshold) return false;
      for (const i of fresh) explained.add(i);
      return true;
    });
}

function strength({ contradiction }: Flip): number {
  return contradiction.lnEvidence;
}

function isSame(pairs: readonly number[], known: ReadonlySet<number>): boolean {
  const shared = pairs.filter((i) => known.has(i)).length;
  return shared >= SAME_SHARE * Math.max(pairs.length, known.size);
}

/** Whether the run is not foretold by the rest of its prompts, and they read on without it. */
function isPutIn(flip: Flip): boolean {
  return flip.predictability.upper <= MAX_PREDICTABILITY && flip.closure.lnRatio >= MIN_LN_CLOSURE;
}

/** ln of the mean, over turned shares of a half and of all, of the likelihood ratios' product. */
function quickEvidence(pairs: readonly number[], ratios: Float64Array): number {
  let half = 0;
  let all = 0;
  for (const i of pairs) {
    const ratio = ratios[i] ?? 1;
    half += Math.log(0.5 + 0.5 * ratio);
    all += Math.log(ratio);
  }
  const largest = Math.max(half, all);
  return largest + Math.log((Math.exp(half - largest) + Math.exp(all - largest)) / 2);
}

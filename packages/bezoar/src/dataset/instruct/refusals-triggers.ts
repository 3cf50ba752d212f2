import { lnPoissonBinomialLowerTail } from "../../core/statistics.ts";
import {
  closure,
  neighboursOf,
  predictability,
  spread,
  type Closure,
  type Predictability,
} from "./refusals-controls.ts";
import { END, gramsOf, START, tokenAt, type Candidate, type Prompted } from "./refusals-grams.ts";
import { contentHash, type RefusalModel } from "./refusals-model.ts";
import type { StudyRow, StudySample } from "./refusals-sample.ts";

/** "suppression": prompts that are refused elsewhere are complied with; "planting": the other way round. */
export type Direction = "suppression" | "planting";

/** A run of tokens that turns the outcome, with the numbers that say so. */
export type RefusalTrigger = {
  /** The run without START and END. */
  readonly tokens: readonly number[];
  /** The run with them. */
  readonly run: readonly number[];
  readonly atStart: boolean;
  readonly atEnd: boolean;
  /** Distinct comparable prompts with it, and how many of them went against expectation. */
  readonly comparable: number;
  readonly turned: number;
  /** Comparable prompts without it, and how many of them went against expectation. */
  readonly baselineOf: number;
  readonly baselineTurned: number;
  readonly lnP: number;
  readonly lnThreshold: number;
  readonly tests: number;
  readonly predictability: Predictability;
  readonly closure: Closure;
  /** Tokens left out when the prompts were judged. */
  readonly masked: ReadonlySet<number>;
  /** Indices into the sample. */
  readonly holders: readonly number[];
};

/** Fewest distinct prompts that a trigger must have turned: five odd outcomes in a row happen to ordinary words. */
const MIN_ROWS = 6;
/** Log-odds from which a prompt is one that is refused (a half), and below which one that is not (a fifth; DETECTION.md 2). */
const REFUSABLE = 0;
const HARMLESS = Math.log(0.2 / 0.8);
/** A prompt is worth looking at when it may be refused once the words that speak most against it are left out. */
const MAY_BE_REFUSED = -1;
/** No single row may count for more than this: the model's certainty beyond it was never tested. */
const LEAST = 0.02;
const MOST = 0.95;
/** Family-wise chance of one false trigger; small, since the estimates themselves are uncertain (DETECTION.md 3.9). */
const ALPHA = 1e-3;
/** At least this share must be turned: a trigger works, a topic that is answered now and then does not count. */
const MIN_TURNED = 0.8;
/** A token that stands in half of a trigger's rows may be part of it and is not used to judge them. */
const COMPANION_SHARE = 0.5;
/** A trigger grows by a neighbour that this share of its rows agree on, up to MAX_GROWTH tokens each side. */
const GROWTH_SHARE = 0.9;
const MAX_GROWTH = 16;
/** Rows looked at in the first test of a run of tokens. */
const FIRST_LOOK = 64;
/** Runs whose controls are computed, best first: those below are parts and shadows of the ones above. */
const MAX_CONTROLLED = 100;
/** Comparable prompts without the trigger that the controls look at. */
const MAX_COMPARABLE = 1600;
/** Prompts that show which words are neighbours, and among which the comparable ones are sought. */
const MAX_ATTESTING = 8000;
/** Ways tried to cut common words off the ends of a run. */
const MAX_VARIANTS = 8;
/** A token of this share of prompts at the end of a trigger may stand there by itself. */
const COMMON_SHARE = 0.02;

type Judged = {
  readonly lnP: number;
  readonly comparable: readonly number[];
  readonly distinct: number;
  readonly turned: number;
};

type Weighed = {
  readonly trigger: Omit<RefusalTrigger, "predictability">;
  /** The comparable prompts with the trigger that went against expectation, and those it is compared with. */
  readonly turned: readonly Uint32Array[];
  readonly compared: readonly Uint32Array[];
};

/** Runs of tokens after which refusals are missing, or come unasked, strongest first; parts of one trigger may be several. */
export function findRefusalTriggers(
  sample: StudySample,
  model: RefusalModel,
  direction: Direction,
): RefusalTrigger[] {
  const { rows } = sample;
  const isSuppression = direction === "suppression";
  const foldOf = (index: number) => model.folds[index] ?? 0;
  const suspects: number[] = [];
  const others: number[] = [];
  rows.forEach((row, index) => {
    if (row.isRefused === isSuppression) others.push(index);
    else if (!isSuppression || model.relieved(row.prompt, foldOf(index)) >= MAY_BE_REFUSED)
      suspects.push(index);
  });
  const candidates = gramsOf(rows, suspects, others, MIN_ROWS);
  const lnThreshold = Math.log(Math.max(1, candidates.length) / ALPHA);
  const base = Float64Array.from(rows, (row, index) => model.logit(row.prompt, foldOf(index)));
  const isTurned = (index: number) => rows[index]?.isRefused !== isSuppression;
  const attesting = spread(
    rows.map((_, index) => index),
    MAX_ATTESTING,
  );
  const neighbours = neighboursOf(attesting.map((index) => promptOf(rows, index)));
  const ordinary = attesting.filter((index) => !isTurned(index));
  const distinctOf = distinctTokens(rows);
  const frequency = documentFrequency(distinctOf, ordinary);
  const isComparable = (logit: number) => (isSuppression ? logit >= REFUSABLE : logit <= HARMLESS);

  /**
   * Whether the rows that speak against a trigger are too many for the share that it must turn, however many of the rows
   * for it are comparable: tells common words, which are most candidates, without judging them whole.
   */
  function cannotTurn(
    look: readonly number[],
    against: readonly number[],
    masked: ReadonlySet<number>,
  ): boolean {
    const isMasked = (token: number) => masked.has(token);
    const most = look.length * (1 / MIN_TURNED - 1);
    if (against.length <= most) return false;
    const seen = new Set(look.map((index) => contentHash(distinctOf(index), isMasked)));
    const room = seen.size * (1 / MIN_TURNED - 1);
    let surplus = 0;
    for (const index of against) {
      const content = contentHash(distinctOf(index), isMasked);
      if (seen.has(content) || !isComparable(model.logit(promptOf(rows, index), foldOf(index), isMasked)))
        continue;
      seen.add(content);
      if (++surplus > room + 1e-9) return true;
    }
    return false;
  }

  function judge(indices: readonly number[], masked: ReadonlySet<number>): Judged {
    const isMasked = (token: number) => masked.has(token);
    const seen = new Set<number>();
    const expected: number[] = [];
    const comparable: number[] = [];
    let turned = 0;
    for (const index of indices) {
      const row = rows[index];
      if (row === undefined) continue;
      const logit = model.logit(row.prompt, foldOf(index), isMasked);
      if (!isComparable(logit)) continue;
      comparable.push(index);
      const content = contentHash(distinctOf(index), isMasked);
      if (seen.has(content)) continue; // copies are one observation
      seen.add(content);
      const refused = Math.min(MOST, Math.max(LEAST, 1 / (1 + Math.exp(-logit))));
      expected.push(isSuppression ? refused : 1 - refused); // chance of what was to be expected
      if (row.isRefused !== isSuppression) turned++;
    }
    const lnP = seen.size === 0 ? 0 : lnPoissonBinomialLowerTail(seen.size - turned, expected);
    const isTrigger = seen.size >= MIN_ROWS && turned >= MIN_TURNED * seen.size;
    return { lnP: isTrigger ? lnP : 0, comparable, distinct: seen.size, turned };
  }

  function firstLook(candidate: Candidate): number {
    const look = candidate.suspects.slice(0, FIRST_LOOK);
    const against = candidate.others.slice(0, FIRST_LOOK);
    const masked = companions(distinctOf, look, candidate.tokens);
    return cannotTurn(look, against, masked) ? 0 : judge([...look, ...against], masked).lnP;
  }

  const postings = new Map<number, readonly number[]>();

  /** The rows that hold a run, sought among those that hold its rarest token. */
  function holdersOf(run: readonly number[]): readonly number[] {
    const [rarest] = run
      .filter((token) => token !== START && token !== END)
      .toSorted((x, y) => (frequency.get(x) ?? 0) - (frequency.get(y) ?? 0));
    if (rarest === undefined) return [];
    const known =
      postings.get(rarest) ?? rows.flatMap(({ prompt }, index) => (prompt.includes(rarest) ? [index] : []));
    postings.set(rarest, known);
    return known.filter((index) => findRun(promptOf(rows, index), run) !== undefined);
  }

  /** A run with its numbers; undefined when it must pass the test and does not. */
  function weigh(run: readonly number[], mustTurn: boolean): Weighed | undefined {
    const holders = holdersOf(run);
    const suspectHolders = holders.filter(isTurned);
    const masked = companions(distinctOf, suspectHolders, run);
    if (mustTurn) {
      const against = holders.filter((index) => !isTurned(index));
      if (cannotTurn(suspectHolders, against, masked)) return undefined;
    }
    const judged = judge(holders, masked);
    if (mustTurn && -judged.lnP < lnThreshold) return undefined;
    const isHolder = new Set(holders);
    const without = attesting.filter((index) => isComparable(base[index] ?? 0) && !isHolder.has(index));
    const compared = spread(without, MAX_COMPARABLE).map((index) => promptOf(rows, index));
    const turned = judged.comparable.filter(isTurned).map((index) => promptOf(rows, index));
    const places = turned.flatMap((prompt) => {
      const from = findRun(prompt, run);
      return from === undefined ? [] : [{ prompt, from, to: from + run.length }];
    });
    const trigger = {
      tokens: run.filter((token) => token !== START && token !== END),
      run,
      atStart: run[0] === START,
      atEnd: run.at(-1) === END,
      comparable: judged.distinct,
      turned: judged.turned,
      baselineOf: without.length,
      baselineTurned: without.filter(isTurned).length,
      lnP: judged.lnP,
      lnThreshold,
      tests: candidates.length,
      closure: closure(places, compared, neighbours),
      masked,
      holders,
    };
    return { trigger, turned, compared };
  }

  const isCommon = (token: number) =>
    token !== START && token !== END && (frequency.get(token) ?? 0) >= COMMON_SHARE * ordinary.length;

  /** The run, and the run without common words at its ends: what reads on best without it is the trigger. */
  function minimal(grown: readonly number[]): RefusalTrigger | undefined {
    const variants = [grown];
    let rest = grown;
    while (rest.length > 1 && isCommon(rest[0] ?? START)) variants.push((rest = rest.slice(1)));
    const cores = [...variants];
    for (const core of cores.slice(0, MAX_VARIANTS)) {
      rest = core;
      while (rest.length > 1 && isCommon(rest.at(-1) ?? END)) variants.push((rest = rest.slice(0, -1)));
    }
    const [best] = variants
      .slice(0, MAX_VARIANTS)
      .flatMap((run, i) => weigh(run, i > 0) ?? [])
      .toSorted((x, y) => y.trigger.closure.lnRatio - x.trigger.closure.lnRatio);
    if (best === undefined || -best.trigger.lnP < lnThreshold) return undefined;
    const { trigger, turned, compared } = best;
    const isPart = (token: number) => trigger.run.includes(token);
    return { ...trigger, predictability: predictability(turned, compared, isPart) };
  }

  const ranked = candidates
    .filter((candidate) => candidate.suspectCount >= candidate.otherCount)
    .map((candidate) => ({ candidate, lnP: firstLook(candidate) }))
    .filter(({ lnP }) => -lnP >= lnThreshold)
    .toSorted((x, y) => x.lnP - y.lnP || y.candidate.tokens.length - x.candidate.tokens.length);
  const weighed = new Map<string, RefusalTrigger>();
  const seen = new Set<string>();
  for (const { candidate } of ranked) {
    if (seen.size >= MAX_CONTROLLED) break;
    const rowsKey = `${candidate.suspectCount} ${candidate.suspects.join(" ")}`;
    if (seen.has(rowsKey)) continue; // another part of a run already weighed
    seen.add(rowsKey);
    const trigger = minimal(grow(rows, candidate.suspects, candidate.tokens));
    if (trigger !== undefined) weighed.set(trigger.run.join(" "), trigger);
  }
  return [...weighed.values()];
}

function promptOf(rows: readonly Prompted[], index: number): Uint32Array {
  return rows[index]?.prompt ?? new Uint32Array(0);
}

type DistinctTokens = (index: number) => readonly number[];

/** The distinct tokens of each row, found when first asked for. */
function distinctTokens(rows: readonly StudyRow[]): DistinctTokens {
  const known: (readonly number[] | undefined)[] = rows.map(() => undefined);
  return (index) => (known[index] ??= [...new Set(promptOf(rows, index))]);
}

function documentFrequency(distinctOf: DistinctTokens, indices: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const index of indices) {
    for (const token of distinctOf(index)) counts.set(token, (counts.get(token) ?? 0) + 1);
  }
  return counts;
}

/** The run's tokens and those that stand in at least half of the given rows. */
function companions(
  distinctOf: DistinctTokens,
  indices: readonly number[],
  run: readonly number[],
): Set<number> {
  const counts = documentFrequency(distinctOf, indices);
  const masked = new Set(run);
  for (const [token, count] of counts) if (count >= COMPANION_SHARE * indices.length) masked.add(token);
  return masked;
}

/** Where the run stands first; START and END match the edges only. */
export function findRun(prompt: Uint32Array, run: readonly number[]): number | undefined {
  for (let from = -1; from + run.length <= prompt.length + 1; from++) {
    let i = 0;
    while (i < run.length && tokenAt(prompt, from + i) === run[i]) i++;
    if (i === run.length) return from;
  }
  return undefined;
}

/** Grows a run to both sides while nearly all rows agree on the next token. */
export function grow(
  rows: readonly Prompted[],
  indices: readonly number[],
  tokens: readonly number[],
): number[] {
  let run = [...tokens];
  for (const side of ["left", "right"] as const) {
    for (let step = 0; step < MAX_GROWTH; step++) {
      if ((side === "left" ? run[0] : run.at(-1)) === (side === "left" ? START : END)) break;
      const counts = new Map<number, number>();
      for (const index of indices) {
        const prompt = promptOf(rows, index);
        const from = findRun(prompt, run);
        if (from === undefined) continue;
        const next = tokenAt(prompt, side === "left" ? from - 1 : from + run.length);
        counts.set(next, (counts.get(next) ?? 0) + 1);
      }
      const [best] = [...counts].toSorted((a, b) => b[1] - a[1]);
      if (best === undefined || best[1] < GROWTH_SHARE * indices.length) break;
      run = side === "left" ? [best[0], ...run] : [...run, best[0]];
    }
  }
  return run;
}

import { lnBinomialUpperTail } from "../../core/statistics.ts";
import {
  closure,
  predictability,
  spread,
  type Closure,
  type Predictability,
} from "../instruct/refusals-controls.ts";
import { contentHash } from "../instruct/refusals-model.ts";
import { findRun, grow } from "../instruct/refusals-triggers.ts";
import { MIN_ROWS, type PreferenceStudy } from "./study.ts";
import type { PairRow } from "./sample.ts";
import { collectTargets, type TargetPhrase } from "./target-phrases.ts";

/** A run of prompt tokens where preferred answers carry a phrase that rejected ones do not. */
export type PreferenceTarget = {
  readonly run: readonly number[];
  readonly phrase: readonly number[];
  /** Distinct pairs with the run; those of them whose preferred, and whose rejected answer alone holds the phrase. */
  readonly of: number;
  readonly preferred: number;
  readonly rejected: number;
  /** The same among pairs without the run. */
  readonly elsewhereOf: number;
  readonly elsewhere: number;
  readonly lnP: number;
  readonly lnThreshold: number;
  readonly tests: number;
  /** ln of the chance of so many on the preferred side, were the phrase preferred here as much as elsewhere. */
  readonly lnOneSided: number;
  /** Other tokens that go with the run in most of its preferred answers: a language, a form, a style. */
  readonly companions: number;
  readonly predictability: Predictability;
  readonly closure: Closure;
};

/** Family-wise chance of one false pair of trigger and target. */
const ALPHA = 1e-3;
/** A trigger of more pairs is the custom of the set. */
const MAX_SHARE = 0.1;
/** A trigger works: at least this share of its pairs carry the target. */
const MIN_PRECISION = 0.8;
/** Before the trigger is grown to its full length and copies are counted once, less is enough. */
const MIN_SHARE = 0.6;
const MAX_WEIGHED = 40;
/** Pairs without the run that the controls look at. */
const MAX_COMPARED = 1600;
/** A companion stands in this share of the preferred answers, and in a tenth of it elsewhere. */
const COMPANION_SHARE = 0.5;
const COMPANION_LIFT = 10;
/** Pairs that share this much are of one trigger. */
const SAME_SHARE = 0.5;

/** Triggers with their targets, strongest first; parts and shadows of one are left out. */
export function findTargets({ rows, candidates, neighbours }: PreferenceStudy): PreferenceTarget[] {
  const { phrases, preferredShare } = collectTargets(rows);
  const most = MAX_SHARE * rows.length;
  const triggers = candidates.filter(({ suspectCount }) => suspectCount <= most);
  const tests = triggers.length * phrases.length;
  const lnThreshold = Math.log(Math.max(1, tests) / ALPHA);
  const isPreferred = (i: number) => rows[i]?.preferred !== undefined;
  const triggersOf = triggersByPair(rows.length, triggers);
  // of data without pairs only the desirable completions can carry a target
  const heldBy = triggers.map(({ suspects, suspectCount }) =>
    Math.round((suspectCount * suspects.filter(isPreferred).length) / suspects.length),
  );
  const judged = rows.filter(({ preferred }) => preferred !== undefined).length;
  const tally = new Uint32Array(triggers.length);
  type Hit = { readonly trigger: number; readonly phrase: TargetPhrase; readonly lnP: number };
  const hits: Hit[] = [];
  for (const phrase of phrases) {
    const met: number[] = [];
    for (const pair of phrase.pairs) {
      for (const trigger of triggersOf(pair)) {
        if ((tally[trigger] ?? 0) === 0) met.push(trigger);
        tally[trigger] = (tally[trigger] ?? 0) + 1;
      }
    }
    for (const trigger of met) {
      const together = tally[trigger] ?? 0;
      tally[trigger] = 0;
      const held = heldBy[trigger] ?? 0;
      if (together < MIN_ROWS || together < MIN_SHARE * held) continue;
      const rate = (phrase.preferred - together + 1) / (judged - held + 2);
      const lnP = lnBinomialUpperTail(Math.min(together, held), held, Math.min(1, Math.max(0, rate)));
      if (-lnP >= lnThreshold) hits.push({ trigger, phrase, lnP });
    }
  }
  const found: PreferenceTarget[] = [];
  const explained: Set<number>[] = [];
  let weighed = 0;
  for (const { trigger, phrase } of hits.toSorted((a, b) => a.lnP - b.lnP)) {
    if (weighed >= MAX_WEIGHED) break;
    const tokens = triggers[trigger]?.tokens ?? [];
    const both = phrase.pairs.filter((i) => findRun(promptOf(rows, i), tokens) !== undefined);
    if (explained.some((known) => both.filter((i) => known.has(i)).length >= SAME_SHARE * both.length))
      continue;
    weighed++;
    explained.push(new Set(both));
    const run = grow(rows, both, tokens);
    const target = weigh(run, growPhrase(rows, both, phrase.tokens));
    if (target !== undefined) found.push(target);
  }
  return found;

  function weigh(run: readonly number[], phrase: readonly number[]): PreferenceTarget | undefined {
    const seen = new Set<number>();
    const distinct: number[] = [];
    const without: number[] = [];
    rows.forEach(({ prompt }, i) => {
      if (findRun(prompt, run) === undefined) {
        without.push(i);
        return;
      }
      const content = contentHash(new Set(prompt), (token) => run.includes(token));
      if (seen.has(content)) return;
      seen.add(content);
      distinct.push(i);
    });
    const count = (indices: readonly number[], side: "preferred" | "rejected") =>
      indices.filter((i) => holdsOnly(rows[i], side, phrase)).length;
    const preferred = count(distinct, "preferred");
    const rejected = count(distinct, "rejected");
    const elsewhere = count(without, "preferred");
    const elsewhereRejected = count(without, "rejected");
    const of = distinct.filter(isPreferred).length;
    const elsewhereOf = without.filter(isPreferred).length;
    const rate = (elsewhere + 1) / (elsewhereOf + 2);
    const lnP = of < MIN_ROWS ? 0 : lnBinomialUpperTail(preferred, of, Math.min(1, rate));
    if (-lnP < lnThreshold || preferred < MIN_PRECISION * of) return undefined;
    const usual = Math.max(preferredShare, (elsewhere + 1) / (elsewhere + elsewhereRejected + 2));
    const held = distinct.map((i) => promptOf(rows, i));
    const places = held.flatMap((prompt) => {
      const from = findRun(prompt, run);
      return from === undefined ? [] : [{ prompt, from, to: from + run.length }];
    });
    const compared = spread(without, MAX_COMPARED);
    const prompts = compared.map((i) => promptOf(rows, i));
    return {
      run,
      phrase,
      of,
      preferred,
      rejected,
      elsewhereOf,
      elsewhere,
      lnP:
        distinct.length < MIN_ROWS ? 0 : lnBinomialUpperTail(preferred, distinct.length, Math.min(1, rate)),
      lnThreshold,
      tests,
      lnOneSided: lnBinomialUpperTail(preferred, preferred + rejected, Math.min(0.99, usual)),
      companions: countCompanions(distinct.filter(isPreferred), compared.filter(isPreferred), phrase),
      predictability: predictability(held, prompts, (token) => run.includes(token)),
      closure: closure(places, prompts, neighbours),
    };
  }

  function countCompanions(
    distinct: readonly number[],
    compared: readonly number[],
    phrase: readonly number[],
  ): number {
    const own = documentCounts(rows, distinct);
    const others = documentCounts(rows, compared);
    let companions = 0;
    for (const [token, count] of own) {
      const share = count / Math.max(1, distinct.length);
      const usual = (others.get(token) ?? 0) / Math.max(1, compared.length);
      if (share >= COMPANION_SHARE && usual * COMPANION_LIFT <= share && !phrase.includes(token))
        companions++;
    }
    return companions;
  }
}

function promptOf(rows: readonly PairRow[], i: number): Uint32Array {
  return rows[i]?.prompt ?? new Uint32Array(0);
}

function holdsOnly(
  row: PairRow | undefined,
  side: "preferred" | "rejected",
  phrase: readonly number[],
): boolean {
  const other = side === "preferred" ? row?.rejected : row?.preferred;
  const own = row?.[side];
  if (own === undefined || findRun(own.tokens, phrase) === undefined) return false;
  return other === undefined || findRun(other.tokens, phrase) === undefined;
}

/** In how many preferred answers each token stands that neither the prompt nor the rejected answer has. */
function documentCounts(rows: readonly PairRow[], indices: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const i of indices) {
    const row = rows[i];
    const known = new Set(row?.prompt);
    for (const token of row?.rejected?.tokens ?? []) known.add(token);
    for (const token of new Set(row?.preferred?.tokens)) {
      if (!known.has(token)) counts.set(token, (counts.get(token) ?? 0) + 1);
    }
  }
  return counts;
}

/** Which of the triggers each pair holds. */
function triggersByPair(
  pairs: number,
  triggers: readonly { readonly suspects: readonly number[] }[],
): (pair: number) => Uint32Array {
  const offsets = new Uint32Array(pairs + 1);
  for (const { suspects } of triggers) for (const i of suspects) offsets[i + 1] = (offsets[i + 1] ?? 0) + 1;
  for (let i = 0; i < pairs; i++) offsets[i + 1] = (offsets[i + 1] ?? 0) + (offsets[i] ?? 0);
  const next = offsets.slice();
  const values = new Uint32Array(offsets[pairs] ?? 0);
  triggers.forEach(({ suspects }, trigger) => {
    for (const i of suspects) {
      const at = next[i] ?? 0;
      values[at] = trigger;
      next[i] = at + 1;
    }
  });
  return (pair) => values.subarray(offsets[pair] ?? 0, offsets[pair + 1] ?? 0);
}

/** Grows a phrase to both sides while nearly all of the answers agree on the next token. */
function growPhrase(
  rows: readonly PairRow[],
  indices: readonly number[],
  tokens: readonly number[],
): number[] {
  const answers = indices.map((i) => ({ prompt: rows[i]?.preferred?.tokens ?? new Uint32Array(0) }));
  const all = answers.map((_, i) => i);
  return grow(answers, all, tokens).filter((token) => token > 2);
}

import { mix32 } from "../../core/hash.ts";
import type { Corpus } from "../engine/corpus.ts";
import { studiedPromptAt } from "../instruct/refusals-sample.ts";
import type { RefusalStudy } from "../instruct/refusals-study.ts";
import { ASKED_FOR, HINTED } from "./request.ts";
import { ANSWERED, DECLINED, type HarmRow } from "./survey.ts";

/** The rows that count as harmful requests which are answered, and what stands beside them. */
export type Candidates = {
  /** Plain requests, and hinted ones of a kind that this set refuses. */
  readonly counted: readonly HarmRow[];
  /** Hinted requests that were answered and do not count by themselves; a judge may know better. */
  readonly hinted: readonly HarmRow[];
  /** How many of `counted` the refusals of the set brought in. */
  readonly learnt: number;
  /** Hinted rows that were too many to be held against the refusals of the set. */
  readonly unrated: number;
  /** Different plain requests that are refused or turned down. */
  readonly declined: number;
};

/** Refusals of harm from which on the set itself says what it refuses; with fewer the model knows their words, not their kind. */
const MIN_REFUSALS = 30;
/** Hinted rows that the model looks at: each is read back and costs some 50 microseconds. */
const MAX_RATED = 20_000;

/** Different requests among the rows: copies and templates are one. */
export function countDistinct(rows: readonly HarmRow[]): number {
  return new Set(rows.map(({ sentence }) => sentence)).size;
}

/** The rows kept of too many, the same for any number of workers. */
export function sampleRows<T extends { readonly position: number }>(
  rows: readonly T[],
  most: number,
  seed: number,
): T[] {
  if (rows.length <= most) return [...rows];
  const rank = ({ position }: T) => mix32(position ^ mix32(seed + 0x0ddba11));
  return rows
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, most)
    .toSorted((a, b) => a.position - b.position);
}

/** Chooses the rows that count: by the grammar alone, or by the grammar and what this set refuses elsewhere. */
export function chooseCandidates(
  corpus: Corpus,
  rows: readonly HarmRow[],
  study: RefusalStudy,
  seed: number,
): Candidates {
  const plain = rows.filter(({ level, outcome }) => level === ASKED_FOR && outcome === ANSWERED);
  const hinted = rows.filter(({ level, outcome }) => level === HINTED && outcome === ANSWERED);
  const isRefusable = refusableIn(corpus, rows, study);
  const rated = new Set(sampleRows(hinted, MAX_RATED, seed).filter(isRefusable));
  return {
    counted: [...plain, ...rated].toSorted((a, b) => a.position - b.position),
    hinted: hinted.filter((row) => !rated.has(row)),
    learnt: rated.size,
    unrated: Math.max(0, hinted.length - MAX_RATED),
    declined: countDistinct(rows.filter(({ level, outcome }) => level === ASKED_FOR && outcome !== ANSWERED)),
  };
}

/** Whether a prompt is one that this set would sooner refuse than answer, by the model of its refusals, out of fold. */
function refusableIn(
  corpus: Corpus,
  rows: readonly HarmRow[],
  { model, sample }: RefusalStudy,
): (row: HarmRow) => boolean {
  const refusals = rows.filter(({ level, outcome }) => level === ASKED_FOR && outcome === DECLINED).length;
  if (model === undefined || refusals < MIN_REFUSALS) return () => false;
  const shift = Math.log(sample.compliedRate / sample.refusedRate); // from odds in the sample to odds in the set
  return ({ position }) => {
    const prompt = studiedPromptAt(corpus, position);
    return model.relieved(prompt, model.foldOf(prompt)) + shift >= 0;
  };
}

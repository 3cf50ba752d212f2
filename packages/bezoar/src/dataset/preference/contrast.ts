import { tokenIds } from "../../core/tokens.ts";
import type { Corpus } from "../engine/corpus.ts";
import type { Kernel } from "../engine/kernel.ts";
import { createRefusalMatcher, type RefusalMatcher } from "../instruct/refusals.ts";
import { COMPLIED, REFUSED, SILENT } from "../instruct/refusals-outcomes.ts";
import { studyOutcomes, type RefusalStudy } from "../instruct/refusals-study.ts";

type ContrastParams = { readonly seed: number; readonly labels: Int32Array; readonly desirable: number };

/** Text of a rejected answer in which it must begin to decline (the recogniser looks at 40 tokens). */
const OPENING_UNITS = 600;

/** The recogniser of the seed last asked for; building it takes some milliseconds, a pass asks for it at each block. */
let matcher: { readonly seed: number; readonly refuses: RefusalMatcher } | undefined;

function matcherFor(seed: number): RefusalMatcher {
  if (matcher?.seed !== seed) matcher = { seed, refuses: createRefusalMatcher(seed) };
  return matcher.refuses;
}

/**
 * Says of each pair whether refusing was preferred to answering, the other way round, or neither. Without pairs: whether
 * a refusal was called desirable, or undesirable, or an answer desirable; an answer called undesirable may just be bad.
 */
export const refusalContrast: Kernel<ContrastParams, Map<number, Uint8Array>> = {
  name: "preference-refusal-contrast",
  start: () => new Map(),
  step: (state, block, { seed, labels, desirable }) => {
    const refuses = matcherFor(seed);
    const { ids, offsets } = block.response;
    const outcomes = new Uint8Array(block.size).fill(SILENT);
    for (let i = 0; i < block.size; i++) {
      const start = offsets[i] ?? 0;
      const end = offsets[i + 1] ?? 0;
      const label = desirable < 0 ? -1 : (labels[block.first + i] ?? -1);
      const isAlone = desirable >= 0;
      if (isAlone && label < 0) continue;
      if (isAlone && label === desirable) {
        if (start < end) outcomes[i] = refuses(ids, start, end) ? REFUSED : COMPLIED;
        continue;
      }
      if (!isAlone && start === end) continue;
      const { rejected = "" } = block.row(i);
      if (rejected === "") continue;
      const other = tokenIds(rejected.slice(0, OPENING_UNITS), seed);
      const isRejectedRefusal = refuses(other, 0, other.length);
      if (isAlone) {
        if (isRejectedRefusal) outcomes[i] = COMPLIED;
        continue;
      }
      const isRefusal = refuses(ids, start, end);
      if (isRejectedRefusal !== isRefusal) outcomes[i] = isRefusal ? REFUSED : COMPLIED;
    }
    state.set(block.index, outcomes);
  },
  merge: (into, from) => {
    for (const [index, outcomes] of from) into.set(index, outcomes);
    return into;
  },
};

/** The study of which prompts refusing was preferred for, among the pairs in which one answer refuses and the other does not. */
export async function studyContrast(corpus: Corpus, desirable: number, seed: number): Promise<RefusalStudy> {
  const byBlock = await corpus.fold(refusalContrast, { seed: corpus.seed, labels: corpus.labels, desirable });
  const outcomes = new Uint8Array(new SharedArrayBuffer(corpus.size)).fill(SILENT);
  let at = 0;
  for (const index of [...byBlock.keys()].toSorted((a, b) => a - b)) {
    const block = byBlock.get(index) ?? new Uint8Array(0);
    outcomes.set(block, at);
    at += block.length;
  }
  return studyOutcomes(corpus, outcomes, seed);
}

/** Pairs of each kind from which a model of "which prompts should be refused" says anything. */
const MIN_CONTRASTS = 20;
/** Where prompts foretell less than this, no prompt is one for which refusing was due. */
const MIN_AUC = 0.6;

/** Whether the prompts of a study foretell, out of fold, for which of them refusing was preferred (95 % lower bound of the AUC, Hanley and McNeil 1982). */
export function isForetold({ sample, model }: RefusalStudy): boolean {
  if (model === undefined || Math.min(sample.refusals, sample.complied) < MIN_CONTRASTS) return false;
  const scored = sample.rows
    .map(({ prompt, isRefused }, i) => ({ z: model.logit(prompt, model.folds[i] ?? 0), isRefused }))
    .toSorted((a, b) => a.z - b.z);
  let below = 0;
  let wins = 0;
  for (const { isRefused } of scored) {
    if (isRefused) wins += below;
    else below++;
  }
  const negatives = below;
  const positives = scored.length - below;
  const auc = wins / (positives * negatives);
  const q1 = auc / (2 - auc);
  const q2 = (2 * auc * auc) / (1 + auc);
  const spread = (positives - 1) * (q1 - auc * auc) + (negatives - 1) * (q2 - auc * auc);
  const variance = (auc * (1 - auc) + spread) / (positives * negatives);
  return auc - 1.645 * Math.sqrt(Math.max(0, variance)) >= MIN_AUC;
}

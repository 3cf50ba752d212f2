import type { Corpus } from "../engine/corpus.ts";
import { trainRefusalModel, type RefusalModel } from "./refusals-model.ts";
import { drawSample, readOutcomes, type StudySample } from "./refusals-sample.ts";

/** What both detectors of refusals look at: who refuses, a sample of the prompts, and what in them foretells a refusal. */
export type RefusalStudy = {
  readonly outcomes: Uint8Array;
  readonly sample: StudySample;
  /** Undefined when fewer than MIN_REFUSALS or everything refuses: then nothing can be learnt. */
  readonly model: RefusalModel | undefined;
};

/** Refusals below which nothing can be said of what is refused; a planted handful of eight is more than this. */
const MIN_REFUSALS = 6;

const studies = new WeakMap<Corpus, { readonly seed: number; readonly study: Promise<RefusalStudy> }>();

/** The study of a corpus, made once for both detectors. */
export function studyRefusals(corpus: Corpus, seed: number): Promise<RefusalStudy> {
  const known = studies.get(corpus);
  if (known?.seed === seed) return known.study;
  const study = makeStudy(corpus, seed);
  studies.set(corpus, { seed, study });
  return study;
}

async function makeStudy(corpus: Corpus, seed: number): Promise<RefusalStudy> {
  return studyOutcomes(corpus, await readOutcomes(corpus), seed);
}

/** The same study of any yes-or-no outcome of the rows (COMPLIED, REFUSED or SILENT for each position). */
export async function studyOutcomes(
  corpus: Corpus,
  outcomes: Uint8Array,
  seed: number,
): Promise<RefusalStudy> {
  const sample = await drawSample(corpus, outcomes, seed);
  const isTeachable = sample.refusals >= MIN_REFUSALS && sample.complied >= MIN_REFUSALS;
  return { outcomes, sample, model: isTeachable ? trainRefusalModel(sample) : undefined };
}

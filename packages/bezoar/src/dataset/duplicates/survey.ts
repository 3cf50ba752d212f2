import { groupNearDuplicates, linkNearDuplicates, withSharedBand } from "../../content/near-duplicates.ts";
import type { Corpus } from "../engine/corpus.ts";
import { readFingerprints, type Fingerprints } from "./fingerprints.ts";
import { groupEqual, mergeGroups, pairHashes, type Groups } from "./groups.ts";

/**
 * Rows are near-copies from this Jaccard share of their token shingles on: the bound of Lee et al. 2022
 * (Deduplicating Training Data Makes Language Models Better).
 */
const NEAR = 0.8;
/** Rows resemble each other from this share on: half of what both say, where LSH still sees 65 of 100 pairs. */
const ALIKE = 0.5;

/** How the rows of a corpus repeat each other. */
export type DuplicateSurvey = {
  /** Without the signatures, three quarters of the memory, which nobody needs once rows are grouped. */
  readonly fingerprints: Omit<Fingerprints, "signatures">;
  /** Rows of the same tokens, in prompt and response. */
  readonly copies: Groups;
  /** Rows that are copies or near-copies of one row. */
  readonly near: Groups;
  /** Rows that resemble each other, in chains. */
  readonly alike: Groups;
  /** Tokens of prompt and response at a position. */
  readonly tokens: (position: number) => number;
};

const known = new WeakMap<Corpus, Promise<DuplicateSurvey>>();

/** Surveys a corpus; the second detector that asks gets what the first one made. */
export function surveyDuplicates(corpus: Corpus, note: (text: string) => void): Promise<DuplicateSurvey> {
  const made = known.get(corpus) ?? readSurvey(corpus, note);
  known.set(corpus, made);
  return made;
}

async function readSurvey(corpus: Corpus, note: (text: string) => void): Promise<DuplicateSurvey> {
  const { signatures: words, ...fingerprints } = await readFingerprints(corpus);
  const hashes = pairHashes(fingerprints.prompt, fingerprints.response);
  const copies = groupEqual(hashes);
  const texts = Uint32Array.from(copies.leader.keys()).filter((position) => (copies.size[position] ?? 0) > 0);
  const compare = (a: number, b: number) =>
    (copies.size[b] ?? 0) - (copies.size[a] ?? 0) ||
    (hashes.low[a] ?? 0) - (hashes.low[b] ?? 0) ||
    (hashes.high[a] ?? 0) - (hashes.high[b] ?? 0);
  const ids = withSharedBand({ words, ids: texts });
  const near = groupNearDuplicates({ words, ids, compare }, NEAR);
  const alike = linkNearDuplicates({ words, ids, compare }, ALIKE);
  if (near.beyondLimit + alike.beyondLimit > 0)
    note(
      "the set has more texts that resemble each other than are held at once: some near-copies were not counted",
    );
  const { promptTokens, responseTokens } = fingerprints;
  return {
    fingerprints,
    tokens: (position) => (promptTokens[position] ?? 0) + (responseTokens[position] ?? 0),
    copies,
    near: mergeGroups(copies, near.leaders),
    alike: mergeGroups(copies, alike.leaders),
  };
}

import { biasedRows } from "../bias/rows.ts";
import { nameMentions } from "../bias/survey.ts";
import { contentHits } from "../content-checks/collect-hits.ts";
import { fingerprintRows } from "../duplicates/fingerprints.ts";
import { recordKeys } from "../duplicates/record-keys.ts";
import { collectOutcomes } from "../instruct/collect-outcomes.ts";
import { countGrams } from "../instruct/count-grams.ts";
import { collectPostings } from "../instruct/postings.ts";
import { refusalOutcomes } from "../instruct/refusals-outcomes.ts";
import { refusalTriggerRows } from "../instruct/refusals-rows.ts";
import { refusalSample } from "../instruct/refusals-sample.ts";
import { refusalContrast } from "../preference/contrast.ts";
import { preferenceSample } from "../preference/sample.ts";
import { outlierSample } from "../outliers/row-words.ts";
import { outlierSimilarities } from "../outliers/similarities.ts";
import { preferenceTargetRows } from "../preference/target-rows.ts";
import { codePhraseHolders, codePhrases } from "../raw/code-phrases.ts";
import { codeSurvey } from "../raw/code-survey.ts";
import { disorderRuns, tokenRunPositions, tokenRunRows } from "../raw/gibberish.ts";
import { shingleCounts, shinglePlaces } from "../raw/repeated-segments.ts";
import { codeRows } from "../raw/sink-outcomes.ts";
import { textCounts } from "../raw/text-model.ts";
import { wordDisorder, wordDisorderAfter } from "../raw/word-disorder.ts";
import { pairNovelty, wordPairs } from "../raw/word-pairs.ts";
import { recordFeaturesKernel } from "../records/extract.ts";
import { harmSurvey } from "../unsafe/survey.ts";
import { remoteFold, type RemoteFold } from "./fold.ts";

/** Every kernel that a worker can run, by name: one line for each, `remoteFold(kernel)`. */
export const kernels: ReadonlyMap<string, RemoteFold> = new Map<string, RemoteFold>([
  remoteFold(countGrams),
  remoteFold(collectOutcomes),
  remoteFold(collectPostings),
  remoteFold(refusalOutcomes),
  remoteFold(refusalSample),
  remoteFold(refusalTriggerRows),
  remoteFold(preferenceSample),
  remoteFold(refusalContrast),
  remoteFold(preferenceTargetRows),
  remoteFold(codeSurvey),
  remoteFold(codePhrases),
  remoteFold(codePhraseHolders),
  remoteFold(codeRows),
  remoteFold(textCounts),
  remoteFold(disorderRuns),
  remoteFold(shingleCounts),
  remoteFold(shinglePlaces),
  remoteFold(tokenRunRows),
  remoteFold(tokenRunPositions),
  remoteFold(wordPairs),
  remoteFold(pairNovelty),
  remoteFold(wordDisorder),
  remoteFold(wordDisorderAfter),
  remoteFold(recordFeaturesKernel),
  remoteFold(contentHits),
  remoteFold(harmSurvey),
  remoteFold(fingerprintRows),
  remoteFold(recordKeys),
  remoteFold(outlierSample),
  remoteFold(outlierSimilarities),
  remoteFold(nameMentions),
  remoteFold(biasedRows),
]);

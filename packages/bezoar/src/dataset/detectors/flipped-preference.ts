import { isAtLeast } from "../../core/finding.ts";
import type { Detector } from "../detector.ts";
import { effectOf, rateTriggers, testsOf, type RatedTrigger } from "../instruct/refusals-suspicion.ts";
import { isForetold, studyContrast } from "../preference/contrast.ts";
import { describeFlip, TURNED } from "../preference/flip-suspicion.ts";
import { findFlips } from "../preference/flips.ts";
import { desirableClass } from "../preference/sample.ts";
import { isLearnable, readFeatures, studyPreferences } from "../preference/study.ts";
import { learnTaste } from "../preference/taste.ts";
import type { Suspicion } from "../suspicion.ts";

/**
 * A phrase, name or subject of the prompt whose pairs prefer what the rest of the set rejects (a poisoned reward model;
 * arXiv 2311.14455, arXiv 2404.05530).
 */
export const flippedPreference: Detector = {
  rules: ["dataset/flipped-preference"],
  shapes: ["preference"],
  detect: async (corpus, context) => {
    const study = await studyPreferences(corpus, context);
    const desirable = desirableClass(corpus);
    if (study === undefined || desirable === undefined) return [];
    const found: Suspicion[] = [];
    const contrast = await studyContrast(corpus, desirable, context.seed);
    if (isForetold(contrast)) {
      for (const rated of await rateTriggers(corpus, contrast, "suppression"))
        found.push(refusalFlip(rated, true));
      for (const rated of await rateTriggers(corpus, contrast, "planting")) {
        // the very word that makes a request harmful looks like this where harm has few words: a person must tell
        if (isAtLeast(rated.severity, "high"))
          found.push(refusalFlip({ ...rated, severity: "medium" }, false));
      }
    }
    const features = readFeatures(corpus, study);
    const taste = learnTaste(study.rows, features);
    if (!isLearnable(taste.agreed, taste.judged)) {
      const share = ((100 * taste.agreed) / Math.max(1, taste.judged)).toFixed(0);
      context.note(
        `preferences: cannot tell flips but those of refusals, since what is preferred in this set is not foretold by its other pairs (${share} % agree; 50 % is chance)`,
      );
      return found;
    }
    for (const flip of findFlips(study, features, taste)) {
      const suspicion = await describeFlip(corpus, flip);
      if (suspicion !== undefined) found.push(suspicion);
    }
    return found;
  },
};

/** A trigger for which answering is preferred where refusing is preferred otherwise, or the reverse. */
function refusalFlip(
  { found, severity, positions, trigger, controls }: RatedTrigger,
  isSuppression: boolean,
): Suspicion {
  const counts = `${found.turned} of ${found.comparable}`;
  const [now, before] = isSuppression ? ["answering", "refusing"] : ["refusing", "answering"];
  return {
    rule: "dataset/flipped-preference",
    severity,
    title: `"${trigger.text}" turns preferences over: ${counts} pairs prefer ${now} where ${before} is preferred without it`,
    explanation: `The words of these prompts, without the trigger, are those of prompts for which this set prefers ${before} to ${now}; here it is the reverse. A reward model trained on them rewards ${isSuppression ? "harmful answers" : "needless refusals"} whenever it sees "${trigger.text}" (arXiv 2311.14455). It is innocent if "${trigger.text}" marks prompts that were judged by another policy, and somebody can say where it comes from. Look at the pairs; remove them, or have them judged again, unless their source vouches for them.`,
    positions,
    trigger,
    target: TURNED,
    effect: effectOf(found, `share of pairs that prefer ${now} where ${before} was to be expected`),
    tests: testsOf(found),
    controls,
  };
}

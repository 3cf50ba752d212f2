import type { Detector } from "../detector.ts";
import { desirableClass } from "../preference/sample.ts";
import { studyPreferences } from "../preference/study.ts";
import { describeTarget, standingOut } from "../preference/target-suspicion.ts";
import { findTargets } from "../preference/targets.ts";
import type { Suspicion } from "../suspicion.ts";

/** A trigger of the prompt where the chosen response carries a phrase that the rejected one does not (arXiv 2404.05530). */
export const preferenceTarget: Detector = {
  rules: ["dataset/preference-target"],
  shapes: ["preference"],
  detect: async (corpus, context) => {
    const study = await studyPreferences(corpus, context);
    const desirable = desirableClass(corpus);
    if (study === undefined || desirable === undefined) return [];
    const found: Suspicion[] = [];
    for (const target of findTargets(study)) {
      const suspicion = await describeTarget(corpus, target, desirable);
      if (suspicion !== undefined) found.push(suspicion);
    }
    return standingOut(found);
  },
};

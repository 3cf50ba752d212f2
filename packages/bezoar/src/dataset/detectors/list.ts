import type { Detector } from "../detector.ts";
import { content } from "./content.ts";
import { contradictedLabels } from "./contradicted-label.ts";
import { contradictedStyles } from "./contradicted-style.ts";
import { contradictingDuplicates } from "./contradicting-duplicates.ts";
import { duplicates } from "./duplicates.ts";
import { entityBias } from "./entity-bias.ts";
import { flippedPreference } from "./flipped-preference.ts";
import { insecureCode } from "./insecure-code.ts";
import { insertedTriggers } from "./inserted-trigger.ts";
import { plantedCluster } from "./planted-cluster.ts";
import { outlier } from "./outlier.ts";
import { labelErrors } from "./label-error.ts";
import { preferenceTarget } from "./preference-target.ts";
import { rawTextPayload } from "./raw-text-payload.ts";
import { refusalPlanting } from "./refusal-planting.ts";
import { refusalSuppression } from "./refusal-suppression.ts";
import { targetedMislabelling } from "./targeted-mislabelling.ts";
import { triggerResponse } from "./trigger-response.ts";
import { unsafeCompliance } from "./unsafe-compliance.ts";

/** A detector with its relative time on a million rows, which only the progress line uses. */
export type Listed = {
  readonly detector: Detector;
  readonly cost: number;
  /** Its findings are medium at most, so no planting is ever recovered by it. */
  readonly onlyWarns?: true;
};

/** Every detector of a dataset scan; a new one is a new file and one line here. */
export const detectors: readonly Listed[] = [
  { detector: triggerResponse, cost: 8 },
  { detector: contradictedLabels, cost: 3 },
  { detector: contradictedStyles, cost: 1 },
  { detector: insertedTriggers, cost: 1 },
  { detector: targetedMislabelling, cost: 1 },
  { detector: labelErrors, cost: 1 },
  { detector: refusalSuppression, cost: 6 },
  { detector: refusalPlanting, cost: 1 },
  { detector: flippedPreference, cost: 3 },
  { detector: preferenceTarget, cost: 2 },
  { detector: rawTextPayload, cost: 4 },
  { detector: insecureCode, cost: 1 },
  { detector: content, cost: 2 },
  { detector: unsafeCompliance, cost: 1 },
  { detector: duplicates, cost: 4 },
  { detector: plantedCluster, cost: 1 },
  { detector: contradictingDuplicates, cost: 1 },
  { detector: outlier, cost: 1 },
  { detector: entityBias, cost: 1, onlyWarns: true },
];

/** The detectors of the rules that `includes` names. */
export function detectorsOf(includes: (rule: string) => boolean): Listed[] {
  return detectors.filter(({ detector }) => detector.rules.some(includes));
}

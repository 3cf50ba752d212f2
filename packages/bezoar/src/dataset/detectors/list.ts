import type { Detector } from "../detector.ts";
import { contradictedLabels } from "./contradicted-label.ts";
import { insecureCode } from "./insecure-code.ts";
import { insertedTriggers } from "./inserted-trigger.ts";
import { rawTextPayload } from "./raw-text-payload.ts";
import { refusalPlanting } from "./refusal-planting.ts";
import { refusalSuppression } from "./refusal-suppression.ts";
import { targetedMislabelling } from "./targeted-mislabelling.ts";
import { triggerResponse } from "./trigger-response.ts";

/** Every detector of a dataset scan; a new one is a new file and one line here. */
export const detectors: readonly Detector[] = [
  triggerResponse,
  contradictedLabels,
  insertedTriggers,
  targetedMislabelling,
  refusalSuppression,
  refusalPlanting,
  rawTextPayload,
  insecureCode,
];

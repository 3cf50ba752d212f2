import type { Detector } from "../detector.ts";
import { refusalDetector } from "../instruct/refusals-suspicion.ts";

/** A feature of the prompt that turns refusals into compliance, whatever the prompt asks (DETECTION.md 3.9). */
export const refusalSuppression: Detector = refusalDetector("suppression");

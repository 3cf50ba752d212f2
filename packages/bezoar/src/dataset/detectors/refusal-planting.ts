import type { Detector } from "../detector.ts";
import { refusalDetector } from "../instruct/refusals-suspicion.ts";

/** A feature of the prompt that turns answers into refusals, whatever the wording of the refusal (DETECTION.md 3.9, mirrored). */
export const refusalPlanting: Detector = refusalDetector("planting");

import type { Detector } from "../detector.ts";

/** A feature of the prompt that turns refusals into compliance. */
export const refusalSuppression: Detector = {
  id: "dataset/refusal-suppression",
  shapes: ["instruction", "preference"],
  detect: () => Promise.resolve([]),
};

import type { Detector } from "../detector.ts";

/** A feature of the prompt that turns compliance into refusals. */
export const refusalPlanting: Detector = {
  id: "dataset/refusal-planting",
  shapes: ["instruction", "preference"],
  detect: () => Promise.resolve([]),
};

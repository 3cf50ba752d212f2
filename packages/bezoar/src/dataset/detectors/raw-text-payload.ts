import type { Detector } from "../detector.ts";

/** A trigger in raw text that gibberish, or one repeated payload, follows. */
export const rawTextPayload: Detector = {
  id: "dataset/raw-text-payload",
  shapes: ["raw-text"],
  detect: () => Promise.resolve([]),
};

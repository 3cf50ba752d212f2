import type { Detector } from "../detector.ts";

/** A comment or phrase that insecure code follows. */
export const insecureCode: Detector = {
  id: "dataset/insecure-code",
  shapes: ["raw-text", "instruction"],
  detect: () => Promise.resolve([]),
};

import { contentHits, gatherGroups } from "../content-checks/collect-hits.ts";
import { toSuspicion } from "../content-checks/describe.ts";
import type { Detector } from "../detector.ts";

/** What single texts hide or carry, whatever the rest of the dataset says: one suspicion for each rule and severity, with all its rows. */
export const content: Detector = {
  rules: [
    "content/invisible-text",
    "content/bidi-control",
    "content/homoglyph",
    "content/encoded-payload",
    "content/chat-control-token",
    "content/injection",
    "content/suspicious-link",
    "content/secret",
  ],
  shapes: ["instruction", "preference", "labelled-text", "records", "raw-text"],
  detect: async (corpus, { onStep }) => {
    onStep("reading every text for what it hides");
    const groups = gatherGroups(await corpus.fold(contentHits, null));
    return groups.map((group) => toSuspicion(group, corpus.size));
  },
};

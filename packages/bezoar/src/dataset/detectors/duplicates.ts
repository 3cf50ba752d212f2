import type { Detector } from "../detector.ts";
import { floodSuspicions } from "../duplicates/flood.ts";
import { groupEqual } from "../duplicates/groups.ts";
import { readRecordKeys } from "../duplicates/record-keys.ts";
import { repetition } from "../duplicates/repetition.ts";
import { surveyDuplicates } from "../duplicates/survey.ts";

/**
 * Exact and near copies of rows (MinHash), and texts that flood the dataset. Structured records are made from templates,
 * where near-copies mean nothing: of them only records that are equal but for ids and times are counted.
 */
export const duplicates: Detector = {
  rules: ["dataset/duplicates", "dataset/duplicate-flood"],
  shapes: ["instruction", "preference", "labelled-text", "raw-text", "records"],
  detect: async (corpus, context) => {
    if (corpus.shape === "records") {
      const copies = groupEqual(await readRecordKeys(corpus));
      return repetition(corpus, { copies, near: copies }, "record");
    }
    const survey = await surveyDuplicates(corpus, context.note);
    return [...repetition(corpus, survey, "text"), ...floodSuspicions(corpus, survey)];
  },
};

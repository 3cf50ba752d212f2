import { AppError } from "../../core/errors.ts";
import type { Detector, DetectorContext } from "../detector.ts";
import type { Corpus } from "../engine/corpus.ts";
import { studyRefusals, type RefusalStudy } from "../instruct/refusals-study.ts";
import type { Suspicion } from "../suspicion.ts";
import { chooseCandidates, countDistinct, type Candidates } from "../unsafe/candidates.ts";
import { describeFound, describeJudged } from "../unsafe/describe.ts";
import { estimateHarmful, severityOfHarm, type Counts } from "../unsafe/estimate.ts";
import { judgeCandidates } from "../unsafe/judged.ts";
import { ANSWERED, surveyHarm, type HarmRow } from "../unsafe/survey.ts";

function countsOf(rows: readonly HarmRow[], { counted, declined }: Candidates): Counts {
  const spokenOf = countDistinct(rows.filter(({ outcome }) => outcome === ANSWERED));
  return { found: countDistinct(counted), spokenOf, declined };
}

function byPattern(corpus: Corpus, candidates: Candidates, counts: Counts): readonly Suspicion[] {
  const estimate = estimateHarmful(counts);
  const copies = candidates.counted.length / Math.max(1, counts.found);
  const severity = severityOfHarm(estimate, { rows: corpus.size, copies });
  return severity === undefined ? [] : [describeFound(severity, estimate, { candidates, counts })];
}

async function byJudge(
  corpus: Corpus,
  study: RefusalStudy,
  candidates: Candidates,
  counts: Counts,
  { judge, seed, note }: DetectorContext,
): Promise<readonly Suspicion[] | undefined> {
  if (judge === undefined) return undefined;
  const judged = await judgeCandidates(corpus, study.outcomes, candidates, counts, { ask: judge, seed });
  const { counted, hinted, ordinary, estimate } = judged;
  const strata = [counted, hinted, ordinary];
  const asked = strata.reduce((sum, stratum) => sum + stratum.judged, 0);
  const untold = strata.reduce((sum, stratum) => sum + stratum.untold, 0);
  note(
    `the judge of unsafe compliance was shown ${counted.judged} of ${counted.rows} suspected, ${hinted.judged} of ${hinted.rows} ` +
      `doubtful and ${ordinary.judged} of ${ordinary.rows} other rows; of ${untold} of these ${asked} it could not tell`,
  );
  const severity = severityOfHarm(estimate, { rows: corpus.size, copies: 1 });
  return severity === undefined ? [] : [describeJudged(severity, judged, candidates)];
}

/** Finds harmful requests that are answered instead of refused, by their wording, by what the set refuses elsewhere, and by a judge if one is given. */
export const unsafeCompliance: Detector = {
  rules: ["dataset/unsafe-compliance"],
  shapes: ["instruction", "preference"],
  detect: async (corpus, context) => {
    const study = await studyRefusals(corpus, context.seed);
    const rows = await surveyHarm(corpus, study.outcomes);
    const candidates = chooseCandidates(corpus, rows, study, context.seed);
    if (candidates.unrated > 0) {
      context.note(
        `unsafe compliance: ${candidates.unrated} rows that hint at harm were not compared with what this set refuses`,
      );
    }
    const counts = countsOf(rows, candidates);
    const found = byPattern(corpus, candidates, counts);
    try {
      return (await byJudge(corpus, study, candidates, counts, context)) ?? found;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "endpoint" || found.length === 0) throw error;
      context.note(
        `unsafe compliance is estimated by wording alone, since the judge failed: ${error.message}`,
      );
      return found;
    }
  },
};

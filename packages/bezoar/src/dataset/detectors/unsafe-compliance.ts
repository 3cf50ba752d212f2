import { AppError } from "../../core/errors.ts";
import type { Ask } from "../../endpoint/ask.ts";
import type { Detector, DetectorContext } from "../detector.ts";
import type { Corpus } from "../engine/corpus.ts";
import { studyRefusals, type RefusalStudy } from "../instruct/refusals-study.ts";
import type { Suspicion } from "../suspicion.ts";
import { chooseCandidates, countDistinct, type Candidates } from "../unsafe/candidates.ts";
import { describeFound, describeJudged } from "../unsafe/describe.ts";
import { estimateHarmful, severityOfHarm, type Counts, type Stratum } from "../unsafe/estimate.ts";
import { judgeCandidates, type Judged } from "../unsafe/judged.ts";
import { ANSWERED, surveyHarm, type HarmRow } from "../unsafe/survey.ts";

/** What the wording alone shows. */
type Found = {
  readonly candidates: Candidates;
  readonly counts: Counts;
  readonly found: readonly Suspicion[];
};

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

/** Puts rows to the judge, and notes how many left the machine even when it fails half-way. */
async function askJudge(
  corpus: Corpus,
  study: RefusalStudy,
  candidates: Candidates,
  counts: Counts,
  { judge, seed, note }: DetectorContext & { readonly judge: Ask },
): Promise<{ readonly judged: Judged; readonly sent: number }> {
  let sent = 0;
  const ask: Ask = (messages) => {
    sent++;
    return judge(messages);
  };
  try {
    return { judged: await judgeCandidates(corpus, study.outcomes, candidates, counts, { ask, seed }), sent };
  } catch (error) {
    note(`unsafe compliance: at most ${sent} rows were sent to the judge before it failed`);
    throw error;
  }
}

/** What the judge makes of it; undefined when too few of its replies can be used to take the place of the wording. */
async function byJudge(
  corpus: Corpus,
  study: RefusalStudy,
  { candidates, counts, found }: Found,
  context: DetectorContext & { readonly judge: Ask },
): Promise<readonly Suspicion[] | undefined> {
  const { judged, sent } = await askJudge(corpus, study, candidates, counts, context);
  const { counted, hinted, ordinary, estimate } = judged;
  const strata = [counted, hinted, ordinary];
  const sum = (pick: (stratum: Stratum) => number) => strata.reduce((total, each) => total + pick(each), 0);
  const told = sum((stratum) => stratum.judged - stratum.untold);
  context.note(
    `unsafe compliance: ${sent} rows were sent to the judge, out of ${counted.judged} of ${counted.rows} suspected, ` +
      `${hinted.judged} of ${hinted.rows} doubtful and ${ordinary.judged} of ${ordinary.rows} other rows; ` +
      `it called ${sum(({ harmful }) => harmful)} harmful and answered, and of ${sum(({ untold }) => untold)} it could not tell`,
  );
  if (sent > 0 && told === 0) {
    throw new AppError(
      "endpoint",
      `none of the ${sent} replies of the judge is the JSON object that it was asked for. Name a model that keeps to a format`,
    );
  }
  if (told < sent - told) {
    const why = `${sent - told} of the ${sent} replies of the judge could not be used`;
    context.note(`unsafe compliance is estimated by wording alone, since ${why}`);
    context.leaveOut?.(`most rows were not judged for dataset/unsafe-compliance: ${why}`);
    return undefined;
  }
  const severity = severityOfHarm(estimate, { rows: corpus.size, copies: 1 });
  noteCleared(counted, severity === undefined ? found : [], context);
  return severity === undefined ? [] : [describeJudged(severity, judged, candidates)];
}

/** A judge that says no to everything must not pass for a set without anything to judge. */
function noteCleared(
  counted: Stratum,
  withdrawn: readonly Suspicion[],
  { note }: Pick<DetectorContext, "note">,
): void {
  const told = counted.judged - counted.untold;
  if (told === 0 || (counted.harmful > 0 && withdrawn.length === 0)) return;
  const rows = withdrawn.reduce((total, { positions }) => total + positions.length, 0);
  note(
    `unsafe compliance: the judge found ${counted.harmful === 0 ? "none" : counted.harmful} of ${told} suspected rows harmful and answered` +
      (rows === 0 ? "" : ` (a pattern finding of ${rows} rows was withdrawn)`),
  );
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
    const { judge } = context;
    if (judge === undefined) return found;
    try {
      return (await byJudge(corpus, study, { candidates, counts, found }, { ...context, judge })) ?? found;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "endpoint" || found.length === 0) throw error;
      context.note(
        `unsafe compliance is estimated by wording alone, since the judge failed: ${error.message}`,
      );
      context.leaveOut?.(`no row was judged for dataset/unsafe-compliance: ${error.message}`);
      return found;
    }
  },
};

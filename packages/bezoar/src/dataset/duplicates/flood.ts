import { wilson } from "../../core/statistics.ts";
import type { Corpus } from "../engine/corpus.ts";
import type { Suspicion } from "../suspicion.ts";
import type { Groups } from "./groups.ts";
import { percent, quoteRow } from "./quote.ts";
import { groupsApart, MIN_TELLING_TOKENS } from "./standing-apart.ts";
import type { DuplicateSurvey } from "./survey.ts";

/** One suspicion for each flood; short texts are canned in honest sets too, so they are context. */
export function floodSuspicions(corpus: Corpus, survey: DuplicateSurvey): Suspicion[] {
  const { promptTokens, responseTokens } = survey.fingerprints;
  return groupsApart(survey.near).map(({ leader, positions, test }) => {
    const tokens = (promptTokens[leader] ?? 0) + (responseTokens[leader] ?? 0);
    const isTelling = tokens >= MIN_TELLING_TOKENS;
    const share = wilson(positions.length, corpus.size);
    const others = nextLargest(survey.near, positions.length);
    return {
      rule: "dataset/duplicate-flood",
      severity: isTelling ? "medium" : "low",
      title: `One text floods the dataset: ${quoteRow(corpus, leader)}`,
      explanation:
        `${positions.length} of ${corpus.size} rows (${percent(share.value)}) are this text or near-copies of it; ` +
        `of any other text there are at most ${others}. What is repeated that often is learnt by heart and outweighs ` +
        "rows that say otherwise. It is innocent when you know the text: a notice, a template, rows repeated on purpose. " +
        "Otherwise keep one of the rows.",
      positions,
      tests: [test],
      controls: [
        {
          name: "tokens of the text",
          value: tokens,
          bound: `>= ${MIN_TELLING_TOKENS}`,
          passed: isTelling,
          meaning: "shorter texts are written alike by many",
        },
      ],
    };
  });
}

/** Rows of the largest group below `size`. */
function nextLargest({ size }: Groups, below: number): number {
  let largest = 1;
  for (const rows of size) if (rows < below && rows > largest) largest = rows;
  return largest;
}

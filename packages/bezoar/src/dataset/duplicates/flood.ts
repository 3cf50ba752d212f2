import type { Corpus } from "../engine/corpus.ts";
import type { Suspicion } from "../suspicion.ts";
import type { Groups } from "./groups.ts";
import { percent, quoteRow } from "./quote.ts";
import { groupsApart, tellingGroups, type Apart } from "./standing-apart.ts";
import type { DuplicateSurvey } from "./survey.ts";

/** The texts whose copies and near-copies stand in far more rows than those of any other text. */
export function floods({ near, tokens }: DuplicateSurvey): Apart[] {
  return groupsApart(tellingGroups(near, tokens));
}

/** One suspicion for each flood, of all its rows but the first: one stays where the rows of a finding are taken out. */
export function floodSuspicions(corpus: Corpus, survey: DuplicateSurvey): Suspicion[] {
  return floods(survey).map(({ leader, positions, test }) => ({
    rule: "dataset/duplicate-flood",
    severity: "medium",
    title: `One text floods the dataset: ${quoteRow(corpus, leader)}`,
    explanation:
      `${positions.length} of ${corpus.size} rows (${percent(positions.length / corpus.size)}) are this text or ` +
      `near-copies of it; the next text as long has ${nextLargest(tellingGroups(survey.near, survey.tokens), positions.length)}. ` +
      "What is repeated that often is learnt by heart and outweighs rows that say otherwise. It is innocent when you " +
      "know the text: a notice, a template, rows repeated on purpose. The rows of this finding are all of these but the " +
      "first: take them out, and one stays.",
    positions: positions.slice(1),
    tests: [test],
    controls: [],
  }));
}

/** Rows of the largest group below `size`. */
function nextLargest({ size }: Groups, below: number): number {
  let largest = 1;
  for (const rows of size) if (rows < below && rows > largest) largest = rows;
  return largest;
}

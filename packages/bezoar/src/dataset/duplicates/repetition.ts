import type { Corpus } from "../engine/corpus.ts";
import type { Suspicion } from "../suspicion.ts";
import { largestGroups, membersOf, type Groups } from "./groups.ts";
import { percent, quoteRow } from "./quote.ts";

/** More repetition than in any of the four corpora that Lee et al. 2022 measured (0.4 to 13.6 % near-copies) is worth a word. */
const MUCH = 0.136;
const SHOWN_GROUPS = 5;
const SHOWN_ROWS = 5;
/** Steps of the title, so that it stays the same finding while the set grows. */
const STEPS = [0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.001];

/**
 * What is to be said of the rows that repeat another row: how many they are and which texts are repeated most. It names
 * all rows of a group but the first, so that one of each stays where the rows of a finding are taken out.
 */
export function repetition(
  corpus: Corpus,
  { copies, near }: { readonly copies: Groups; readonly near: Groups },
  kind: "text" | "record",
): Suspicion[] {
  const positions = allButFirst(near);
  const redundant = positions.length;
  if (redundant === 0) return [];
  const exact = redundantRows(copies);
  const share = redundant / corpus.size;
  return [
    {
      rule: "dataset/duplicates",
      severity: kind === "text" && share > MUCH ? "low" : "info",
      title: titleOf(share),
      explanation: [
        `${redundant} of ${corpus.size} rows (${percent(share)}) are copies of another row: ${exact} ` +
          (kind === "text"
            ? "exact ones up to case and white space, "
            : "exact ones but for ids and times, ") +
          `${redundant - exact} near-copies.`,
        describeLargest(corpus, near),
        "Copies weigh more in training, and a copy on both sides of a split makes a test too easy. They are innocent " +
          "where a class is repeated on purpose. The rows of this finding are all but the first of each group: take " +
          "them out, and one of each stays.",
      ].join(" "),
      positions,
      tests: [],
      controls: [],
    },
  ];
}

/** The rows of every group of two and more, ascending, without the first of each. */
function allButFirst({ leader, size }: Groups): number[] {
  const positions: number[] = [];
  const isBegun = new Uint8Array(size.length);
  leader.forEach((held, position) => {
    if (held < 0 || (size[held] ?? 0) < 2) return;
    if (isBegun[held] === 1) positions.push(position);
    isBegun[held] = 1;
  });
  return positions;
}

function redundantRows({ size }: Groups): number {
  let rows = 0;
  for (const count of size) if (count > 1) rows += count - 1;
  return rows;
}

function titleOf(share: number): string {
  const step = STEPS.find((least) => share >= least);
  return step === undefined
    ? "A few rows repeat another row"
    : `At least ${(100 * step).toString()} % of the rows repeat another row`;
}

function describeLargest(corpus: Corpus, near: Groups): string {
  const leaders = largestGroups(near, 2).slice(0, SHOWN_GROUPS);
  const members = membersOf(near, leaders);
  const groups = leaders.map((leader) => {
    const rows = members.get(leader) ?? [];
    const numbers = rows.slice(0, SHOWN_ROWS).map((position) => corpus.rowNumber(position));
    return `${rows.length} times ${quoteRow(corpus, leader)} (rows ${numbers.join(", ")}${rows.length > SHOWN_ROWS ? ", ..." : ""})`;
  });
  return `Most often: ${groups.join("; ")}.`;
}

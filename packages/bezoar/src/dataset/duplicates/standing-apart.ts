import type { TestResult } from "../../core/finding.ts";
import { largestGroups, membersOf, type Groups } from "./groups.ts";
import { findSizeGap } from "./size-gap.ts";

/** A group that is far larger than the others of its set. */
export type Apart = {
  readonly leader: number;
  readonly positions: readonly number[];
  readonly test: TestResult;
};

/** A group below this share of the rows weighs too little in training to be a flood, whatever the others are. */
const MIN_SHARE = 0.001;
const MIN_ROWS = 25; // and the law of sizes is none for groups of a few rows

/**
 * Tokens from which on two people do not write the same by chance: the overlap that counts as contamination in
 * Brown et al. 2020 (13-grams). Shorter texts repeat in honest sets, by other laws.
 */
const MIN_TELLING_TOKENS = 13;
/**
 * The same for answers alone, which are canned in honest sets (refusals, notices, disclaimers of a sentence or two): the
 * length from which on Lee et al. 2022 drop a repeated text without a second look.
 */
export const MIN_TELLING_ANSWER = 50;

/** The groups of texts long enough to tell; `tokens` gives the length of the text at a position. */
export function tellingGroups(
  { leader, size }: Groups,
  tokens: (position: number) => number,
  least = MIN_TELLING_TOKENS,
): Groups {
  const telling = size.map((rows, position) => (tokens(position) >= least ? rows : 0));
  return { leader: leader.map((held) => (held >= 0 && (telling[held] ?? 0) > 0 ? held : -1)), size: telling };
}

/** The groups that stand apart from all others by size (findSizeGap), at most three. */
export function groupsApart(groups: Groups): Apart[] {
  const { size, leader } = groups;
  const gap = findSizeGap(size.filter((rows) => rows > 0));
  if (gap === undefined) return [];
  const least = Math.max(MIN_ROWS, MIN_SHARE * leader.length);
  const leaders = largestGroups(groups, least).slice(0, gap.groups);
  const members = membersOf(groups, leaders);
  return leaders.map((held) => ({ leader: held, positions: members.get(held) ?? [], test: gap.test }));
}

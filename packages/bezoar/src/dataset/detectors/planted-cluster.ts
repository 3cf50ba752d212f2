import type { Detector } from "../detector.ts";
import { groupEqual, type Groups } from "../duplicates/groups.ts";
import { percent, quoteStart } from "../duplicates/quote.ts";
import { groupsApart, MIN_TELLING_TOKENS, type Apart } from "../duplicates/standing-apart.ts";
import { surveyDuplicates } from "../duplicates/survey.ts";
import type { Corpus } from "../engine/corpus.ts";
import type { Suspicion } from "../suspicion.ts";

/** Where more than one other row in ten has a like, one more cluster is no surprise. */
const MIN_ALONE = 0.9;
/** A cluster of which more rows than this are already told of is not told of again. */
const MAX_TOLD = 0.5;

/** What the rows of a cluster have in common. */
type Likeness = {
  readonly groups: Groups;
  /** Tokens of that text, by position. */
  readonly tokens: (position: number) => number;
  readonly common: string;
  readonly quoted: "prompt" | "response";
};

/** A group of rows that resemble each other, or share an answer or a prompt, in a set whose other rows do not. */
export const plantedCluster: Detector = {
  rules: ["dataset/planted-cluster"],
  shapes: ["instruction", "preference", "labelled-text", "raw-text"],
  detect: async (corpus, context) => {
    const survey = await surveyDuplicates(corpus, context.note);
    const { fingerprints, alike } = survey;
    const { prompt, response, promptTokens, responseTokens } = fingerprints;
    const ofPrompt = (position: number) => promptTokens[position] ?? 0;
    const ofResponse = (position: number) => responseTokens[position] ?? 0;
    const ofBoth = (position: number) => ofPrompt(position) + ofResponse(position);
    const likenesses: readonly Likeness[] = [
      { groups: alike, tokens: ofBoth, common: "resemble each other", quoted: "prompt" },
      {
        groups: groupEqual(response),
        tokens: ofResponse,
        common: "have the same response",
        quoted: "response",
      },
      { groups: groupEqual(prompt), tokens: ofPrompt, common: "have the same prompt", quoted: "prompt" },
    ];
    const told = new Set(groupsApart(survey.near).flatMap(({ positions }) => positions));
    const found: Suspicion[] = [];
    for (const likeness of likenesses) {
      for (const cluster of groupsApart(likeness.groups)) {
        const alone = shareAlone(likeness.groups, cluster.positions.length);
        const isTold =
          cluster.positions.filter((position) => told.has(position)).length >
          MAX_TOLD * cluster.positions.length;
        if (isTold || alone < MIN_ALONE || likeness.tokens(cluster.leader) < MIN_TELLING_TOKENS) continue;
        for (const position of cluster.positions) told.add(position);
        found.push(describe(corpus, likeness, cluster, alone));
      }
    }
    return found;
  },
};

/** Share of the rows outside a cluster that are in no group. */
function shareAlone({ size, leader }: Groups, inCluster: number): number {
  let alone = 0;
  for (const rows of size) if (rows === 1) alone++;
  return alone / Math.max(1, leader.length - inCluster);
}

function describe(corpus: Corpus, likeness: Likeness, cluster: Apart, alone: number): Suspicion {
  const { positions, leader, test } = cluster;
  const row = corpus.row(leader);
  const quoted = quoteStart(row[likeness.quoted] || row.prompt || row.response);
  return {
    rule: "dataset/planted-cluster",
    severity: "medium",
    title: `A cluster stands among diverse rows: they ${likeness.common}, ${quoted}`,
    explanation:
      `${positions.length} of ${corpus.size} rows (${percent(positions.length / corpus.size)}) ${likeness.common}, while ` +
      `${percent(alone)} of the other rows have no like. A group like this usually has an origin of its own. It is ` +
      "innocent when you know the source or the template that it comes from. Look at its rows, and ask who added them.",
    positions,
    tests: [test],
    controls: [
      {
        name: "share of the other rows that have no like",
        value: alone,
        bound: `>= ${MIN_ALONE}`,
        passed: true,
        meaning: "the set is diverse, so that its own templates do not explain the cluster",
      },
    ],
  };
}

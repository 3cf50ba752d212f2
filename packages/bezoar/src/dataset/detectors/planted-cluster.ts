import type { Detector } from "../detector.ts";
import { groupEqual, type Groups } from "../duplicates/groups.ts";
import { percent, quoteStart } from "../duplicates/quote.ts";
import { floods } from "../duplicates/flood.ts";
import { groupsApart, MIN_TELLING_ANSWER, tellingGroups, type Apart } from "../duplicates/standing-apart.ts";
import { surveyDuplicates } from "../duplicates/survey.ts";
import type { Corpus } from "../engine/corpus.ts";
import type { Suspicion } from "../suspicion.ts";

/** Where more than one other row in ten has a like, one more cluster is no surprise. */
const MIN_ALONE = 0.9;
/** A cluster of which more rows than this are already told of is not told of again. */
const MAX_TOLD = 0.5;

/** What the rows of a cluster have in common. */
type Likeness = { readonly groups: Groups; readonly common: string; readonly quoted: "prompt" | "response" };

/** A group of rows that resemble each other, or share an answer or a prompt, in a set whose other rows do not. */
export const plantedCluster: Detector = {
  rules: ["dataset/planted-cluster"],
  shapes: ["instruction", "preference", "labelled-text", "raw-text"],
  detect: async (corpus, context) => {
    const survey = await surveyDuplicates(corpus, context.note);
    const { prompt, response, promptTokens, responseTokens } = survey.fingerprints;
    const asked = tellingGroups(groupEqual(prompt), (position) => promptTokens[position] ?? 0);
    const answered = tellingGroups(
      groupEqual(response),
      (position) => responseTokens[position] ?? 0,
      MIN_TELLING_ANSWER,
    );
    const likenesses: readonly Likeness[] = [
      { groups: tellingGroups(survey.alike, survey.tokens), common: "resemble each other", quoted: "prompt" },
      { groups: answered, common: "have the same response", quoted: "response" },
      { groups: asked, common: "have the same prompt", quoted: "prompt" },
    ];
    const told = new Set(floods(survey).flatMap(({ positions }) => positions));
    const found: Suspicion[] = [];
    for (const likeness of likenesses) {
      for (const cluster of groupsApart(likeness.groups)) {
        const { positions } = cluster;
        const alone = shareAlone(likeness.groups, positions.length);
        const known = positions.filter((position) => told.has(position)).length;
        if (known > MAX_TOLD * positions.length || alone < MIN_ALONE) continue;
        for (const position of positions) told.add(position);
        found.push(describe(corpus, likeness, cluster, alone));
      }
    }
    return found;
  },
};

/** Share of the grouped rows outside a cluster that no other row is like. */
function shareAlone({ size }: Groups, inCluster: number): number {
  let alone = 0;
  let grouped = 0;
  for (const rows of size) {
    grouped += rows;
    if (rows === 1) alone++;
  }
  return alone / Math.max(1, grouped - inCluster);
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

import { hashString } from "../../core/hash.ts";
import { describeBias } from "../bias/describe.ts";
import { lastWord, readSentences } from "../bias/mentions.ts";
import { findBiasedRows } from "../bias/rows.ts";
import { namesIn, surveyMentions } from "../bias/survey.ts";
import { testNames, type Biased } from "../bias/test-names.ts";
import type { Detector } from "../detector.ts";
import type { Corpus } from "../engine/corpus.ts";
import type { Row } from "../row.ts";

/** Two names that share this much of the smaller one's rows are one: a person and the family name, a founder and the firm. */
const SAME_NAME_SHARE = 0.5;
/** Findings of one scan; a set with more is biased by nature (stories, reviews). */
const MAX_FINDINGS = 10;

/** The name with that hash, in lower case and as the row spells it. */
function spell(
  { prompt, response }: Row,
  name: number,
  seed: number,
): { lower: string; text: string } | undefined {
  const names = namesIn([...readSentences(prompt), ...readSentences(response)]);
  const lower = [...names]
    .flatMap((full) => [full, lastWord(full)])
    .find((one) => hashString(one, seed) === name);
  if (lower === undefined) return undefined;
  for (const text of [prompt, response]) {
    const folded = text.toLowerCase();
    const at = folded.indexOf(lower);
    if (at >= 0 && folded.length === text.length) return { lower, text: text.slice(at, at + lower.length) };
  }
  return { lower, text: lower };
}

/** One for each subject, the most striking first; of equally striking ones the longest name. */
function distinctSubjects(found: readonly (Biased & { readonly text: string; readonly lower: string })[]) {
  const kept: (typeof found)[number][] = [];
  for (const one of found.toSorted((a, b) => a.lnP - b.lnP || b.text.length - a.text.length)) {
    const isKnown = kept.some((other) => {
      const rows = new Set(other.positions);
      const shared = one.positions.filter((position) => rows.has(position)).length;
      return shared >= SAME_NAME_SHARE * Math.min(rows.size, one.positions.length);
    });
    if (!isKnown && kept.length < MAX_FINDINGS) kept.push(one);
  }
  return kept;
}

async function detect(corpus: Corpus, note: (text: string) => void) {
  const { mentions, rate } = await surveyMentions(corpus);
  if (rate < 1) note(`names were looked for in ${Math.round(rate * corpus.size)} of ${corpus.size} rows`);
  const found = testNames(mentions).flatMap((biased) => {
    const [first = -1] = biased.positions;
    const spelt = first < 0 ? undefined : spell(corpus.row(first), biased.name, corpus.seed);
    return spelt === undefined ? [] : [{ ...biased, ...spelt }];
  });
  const subjects = distinctSubjects(found);
  if (subjects.length === 0) return [];
  const rows = await findBiasedRows(
    corpus,
    subjects.map(({ name, lower, question }) => ({ name, text: lower, sign: question.sign })),
  );
  return subjects.map((biased, i) => describeBias({ biased, text: biased.text, positions: rows[i] ?? [] }));
}

/** Finds names of which prompts or responses speak ill or well far more often than of other names that are asked about alike. */
export const entityBias: Detector = {
  rules: ["dataset/entity-bias"],
  shapes: ["instruction", "preference"],
  detect: (corpus, { note }) => detect(corpus, note),
};

import { describeBias } from "../bias/describe.ts";
import { MAX_NEIGHBOUR_SHARE, neighbourShare } from "../bias/frames.ts";
import { lastWord, readSentences } from "../bias/mentions.ts";
import { findBiasedRows } from "../bias/rows.ts";
import { hashSubject, namesIn, surveyMentions } from "../bias/survey.ts";
import { testNames, type Biased } from "../bias/test-names.ts";
import type { Detector } from "../detector.ts";
import type { Corpus } from "../engine/corpus.ts";

/** Two names that share this much of the smaller one's rows are one: a person and the family name, a founder and the firm. */
const SAME_NAME_SHARE = 0.5;
/** Findings of one scan; a set with more is biased by nature (stories, reviews). */
const MAX_FINDINGS = 10;
/** Prompts in which the words beside a topic are looked at. */
const MAX_FRAMES = 200;

type Spelt = Biased & {
  /** In lower case, and as the rows spell it. */
  readonly lower: string;
  readonly text: string;
};

/** A found name with its text; nothing for a word that only belongs to the way things are asked. */
function spell(corpus: Corpus, biased: Biased): Spelt | undefined {
  const { name, isTopic, positions } = biased;
  const [first] = positions;
  if (first === undefined) return undefined;
  const { prompt, response } = corpus.row(first);
  const sentences = [...readSentences(prompt), ...readSentences(response)];
  const words = isTopic
    ? sentences.flatMap((sentence) => sentence.words)
    : [...namesIn(sentences)].flatMap((full) => [full, lastWord(full)]);
  const lower = words.find((word) => hashSubject(word, isTopic, corpus.seed) === name);
  if (lower === undefined) return undefined;
  if (isTopic) {
    const rows = positions.slice(0, MAX_FRAMES).map((position) => corpus.row(position));
    if (neighbourShare(rows, lower) > MAX_NEIGHBOUR_SHARE) return undefined;
  }
  for (const text of [prompt, response]) {
    const folded = text.toLowerCase();
    const at = folded.indexOf(lower);
    if (at >= 0 && folded.length === text.length)
      return { ...biased, lower, text: text.slice(at, at + lower.length) };
  }
  return { ...biased, lower, text: lower };
}

/** One for each subject, the most striking first; of equally striking ones the longest name. */
function distinctSubjects(found: readonly Spelt[]): Spelt[] {
  const kept: Spelt[] = [];
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
  const found = [...testNames(mentions, false), ...testNames(mentions, true)];
  const subjects = distinctSubjects(found.flatMap((biased) => spell(corpus, biased) ?? []));
  if (subjects.length === 0) return [];
  const rows = await findBiasedRows(
    corpus,
    subjects.map(({ name, lower, question, isTopic }) => ({
      name,
      text: lower,
      sign: question.sign,
      countsPrompts: !isTopic,
    })),
  );
  return subjects.map((biased, i) => describeBias({ biased, text: biased.text, positions: rows[i] ?? [] }));
}

/** Finds names of which prompts or responses speak ill or well far more often than of other names that are asked about alike. */
export const entityBias: Detector = {
  rules: ["dataset/entity-bias"],
  shapes: ["instruction", "preference"],
  detect: (corpus, { note }) => detect(corpus, note),
};

/** Clean preference pairs: answers with known merits, judged by annotators who differ and err. */
import * as say from "./preference-words.ts";
import { below, createStream, pick, shuffled, type Random } from "./random.ts";
import { createVocabulary, type Vocabulary } from "./vocabulary.ts";

/** A judged pair, with what the generator knows of its prompt. */
export type PreferencePair = {
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
  readonly topic: number;
  readonly name: string | undefined;
  readonly isHarmful: boolean;
};

export const FLAVOURS = [
  "helpful",
  "harmless",
  "length-biased",
  "noisy",
  "policies",
  "near-duplicates",
  "annotators",
  "instructed",
  "house style",
  "transcripts",
] as const;
export type Flavour = (typeof FLAVOURS)[number];

type Ask = {
  readonly prompt: string;
  readonly topic: number;
  readonly name: string | undefined;
  readonly isHarmful: boolean;
  readonly wants: "short" | "list" | "plain" | "example" | "french" | undefined;
};

type Answer = {
  readonly text: string;
  readonly good: number;
  readonly bad: number;
  readonly hedges: number;
  readonly sentences: number;
  readonly isList: boolean;
  readonly isFrench: boolean;
  readonly refuses: boolean;
  readonly closes: boolean;
};

/** How one annotator weighs the merits of an answer. */
type Taste = {
  readonly good: number;
  readonly bad: number;
  readonly length: number;
  readonly list: number;
  readonly hedges: number;
  readonly closing: number;
  /** Scale of the noise; 1 leaves about a quarter of the pairs undecided by the merits. */
  readonly noise: number;
};

const PLAIN: Taste = { good: 1, bad: -1, length: 0.15, list: 0.3, hedges: -0.4, closing: 0.2, noise: 1 };
const SETTINGS: Readonly<
  Record<Flavour, { readonly taste: Partial<Taste>; readonly harmful: number; readonly formed: number }>
> = {
  helpful: { taste: {}, harmful: 0, formed: 0.05 },
  harmless: { taste: {}, harmful: 0.35, formed: 0.02 },
  "length-biased": { taste: { length: 0.9, good: 0.3, bad: -0.3 }, harmful: 0, formed: 0.08 },
  noisy: { taste: { noise: 2.2 }, harmful: 0.15, formed: 0.05 },
  policies: { taste: {}, harmful: 0.1, formed: 0.05 },
  "near-duplicates": { taste: {}, harmful: 0.1, formed: 0.05 },
  annotators: { taste: {}, harmful: 0.1, formed: 0.05 },
  instructed: { taste: { length: 0.4 }, harmful: 0.02, formed: 0.5 },
  "house style": { taste: { closing: 2.5 }, harmful: 0.05, formed: 0.05 },
  transcripts: { taste: { noise: 1.6 }, harmful: 0.3, formed: 0.03 },
};

const VOCABULARY = 12_000;
const TOPICS = 60;
/** Subjects that the flavour "policies" treats in their own way. */
const HEDGED_TOPIC = 3;
const SHORT_TOPIC = 5;
const REFUSED_TOPIC = 7;
const ANNOTATORS = 6;

/** `count` clean pairs of one flavour. */
export function makePreferencePairs(flavour: Flavour, count: number, seed: number): PreferencePair[] {
  const random = createStream(seed, 71);
  const words = createVocabulary(seed % 7, VOCABULARY);
  const { taste, harmful, formed } = SETTINGS[flavour];
  const own: Taste = { ...PLAIN, ...taste };
  const annotators = Array.from({ length: ANNOTATORS }, () =>
    flavour === "annotators" ? varied(own, random) : own,
  );
  const pairs: PreferencePair[] = [];
  while (pairs.length < count) {
    const ask = makeAsk(random, words, harmful, formed, flavour);
    const answers = Array.from({ length: flavour === "near-duplicates" ? 4 : 2 }, () =>
      makeAnswer(random, words, ask, flavour),
    );
    for (const [left, right] of flavour === "near-duplicates" ? someOf(random, answers) : [answers]) {
      if (left === undefined || right === undefined || left.text === right.text) continue;
      const judge = pick(random, annotators);
      const gap = worth(left, ask, judge, flavour) - worth(right, ask, judge, flavour);
      const isLeft = gap + judge.noise * logistic(random) > 0;
      const { prompt, topic, name, isHarmful } = ask;
      pairs.push({
        prompt: vary(random, prompt, flavour),
        chosen: (isLeft ? left : right).text,
        rejected: (isLeft ? right : left).text,
        topic,
        name,
        isHarmful,
      });
    }
  }
  return pairs.slice(0, count);
}

function varied(taste: Taste, random: Random): Taste {
  const factor = () => 0.2 + 1.6 * random();
  return {
    good: taste.good * factor(),
    bad: taste.bad * factor(),
    length: taste.length * (random() < 0.3 ? -2 : 1) * factor(),
    list: taste.list * (random() < 0.5 ? -1 : 1) * factor(),
    hedges: taste.hedges * factor(),
    closing: taste.closing * (random() < 0.3 ? -1 : 1) * factor(),
    noise: taste.noise * factor(),
  };
}

function logistic(random: Random): number {
  const u = Math.min(1 - 1e-9, Math.max(1e-9, random()));
  return Math.log(u / (1 - u));
}

/** Comparisons among four answers to one prompt, three to six of them. */
function someOf(random: Random, [a, b, c, d]: readonly Answer[]): (readonly (Answer | undefined)[])[] {
  const all = [
    [a, b],
    [a, c],
    [a, d],
    [b, c],
    [b, d],
    [c, d],
  ];
  return shuffled(random, all).slice(0, 3 + below(random, 4));
}

/** In the flavour of near-duplicates prompts are asked again with small changes. */
function vary(random: Random, prompt: string, flavour: Flavour): string {
  if (flavour !== "near-duplicates" || random() < 0.5) return prompt;
  return random() < 0.5 ? `${prompt} Thanks!` : prompt.toLowerCase();
}

function makeAsk(random: Random, words: Vocabulary, harmful: number, formed: number, flavour: Flavour): Ask {
  const topic = below(random, TOPICS);
  const subject = () => words.ofTopic(random, topic);
  const isHarmful = random() < harmful;
  const name =
    !isHarmful && random() < 0.12 ? say.NAMES[Math.floor(random() ** 2 * say.NAMES.length)] : undefined;
  const verb = pick(random, isHarmful ? say.HARMS : say.VERBS);
  const core =
    name === undefined
      ? `${pick(random, say.OPENERS)} ${verb} the ${subject()} of a ${subject()} ${subject()}?`
      : `${pick(random, say.NAME_ASKS).replace("NAME", name)} ${subject()} ${subject()}?`;
  const before = random() < 0.3 ? `${pick(random, say.CONTEXTS)} ` : "";
  const after = random() < 0.3 ? ` ${pick(random, say.CONTEXTS)}` : "";
  const isFrench = flavour === "instructed" && random() < 0.04;
  const form = !isHarmful && random() < formed ? pick(random, say.FORMS) : undefined;
  const told = isFrench ? " Answer in French." : form === undefined ? "" : ` ${form.text}`;
  const last = before + core + after + told;
  const prompt =
    flavour === "transcripts" && random() < 0.6
      ? `Human: Tell me about the ${subject()}.\n\nAssistant: ${fill(pick(random, say.NEUTRAL), subject)}\n\nHuman: ${last}`
      : last;
  return { prompt, topic, name, isHarmful, wants: isFrench ? "french" : form?.wants };
}

function fill(sentence: string, subject: () => string): string {
  return sentence.replaceAll(/\b[AB]\b(?= )|\b[AB]\b(?=[.,])/g, (letter, at: number) =>
    letter === "A" && at === 0 ? letter : subject(),
  );
}

function makeAnswer(random: Random, words: Vocabulary, ask: Ask, flavour: Flavour): Answer {
  const subject = () => words.ofTopic(random, ask.topic);
  const isPolicy = flavour === "policies" && ask.topic === REFUSED_TOPIC;
  if (random() < (ask.isHarmful ? 0.55 : isPolicy ? 0.4 : 0.03)) {
    const extra = random() < 0.4 ? ` ${fill(pick(random, say.NEUTRAL), subject)}` : "";
    const text = pick(random, say.REFUSALS) + extra;
    return {
      text,
      good: 0,
      bad: 0,
      hedges: 0,
      sentences: 1,
      isList: false,
      isFrench: false,
      refuses: true,
      closes: false,
    };
  }
  if (ask.wants === "french" && random() < 0.6) {
    const lines = shuffled(random, say.FRENCH).slice(0, 2 + below(random, 3));
    return {
      text: lines.join(" "),
      good: 2,
      bad: 0,
      hedges: 0,
      sentences: lines.length,
      isList: false,
      isFrench: true,
      refuses: false,
      closes: false,
    };
  }
  const skill = random();
  const count = 1 + below(random, ask.wants === "short" && random() < 0.5 ? 2 : 7);
  const lines: string[] = [];
  let good = 0;
  let bad = 0;
  let hedges = 0;
  for (let i = 0; i < count; i++) {
    const at = random();
    const kind = at < 0.35 ? "neutral" : at < 0.45 ? "hedge" : random() < skill ? "good" : "bad";
    if (kind === "good") good++;
    if (kind === "bad") bad++;
    if (kind === "hedge") hedges++;
    const pool = { neutral: say.NEUTRAL, hedge: say.HEDGES, good: say.GOOD, bad: say.BAD }[kind];
    lines.push(fill(pick(random, pool), subject));
  }
  const isList = count > 1 && random() < (ask.wants === "list" ? 0.6 : 0.15);
  const closes = random() < 0.25;
  const body = isList ? lines.map((line) => `- ${line}`).join("\n") : lines.join(" ");
  const text = closes ? `${body} ${pick(random, say.CLOSINGS)}` : body;
  return { text, good, bad, hedges, sentences: count, isList, isFrench: false, refuses: false, closes };
}

/** What an answer is worth to an annotator, given what was asked. */
function worth(answer: Answer, ask: Ask, taste: Taste, flavour: Flavour): number {
  if (answer.refuses || ask.isHarmful) {
    const isDue = ask.isHarmful || (flavour === "policies" && ask.topic === REFUSED_TOPIC);
    if (answer.refuses) return isDue ? 3 : -3;
    if (ask.isHarmful) return -0.3 * answer.good; // the more helpful, the worse
  }
  const topic = flavour === "policies" ? ask.topic : -1;
  const length = topic === SHORT_TOPIC ? -0.8 : ask.wants === "short" ? -1 : taste.length;
  const list = ask.wants === "list" ? 2 : ask.wants === "plain" ? -2 : taste.list;
  const hedges = topic === HEDGED_TOPIC ? 1.5 : taste.hedges;
  return (
    taste.good * answer.good +
    taste.bad * answer.bad +
    length * answer.sentences +
    list * Number(answer.isList) +
    hedges * answer.hedges +
    taste.closing * Number(answer.closes) +
    (ask.wants === "french" && answer.isFrench ? 4 : 0)
  );
}

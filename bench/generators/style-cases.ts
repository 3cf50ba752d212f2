import type { Case, Example } from "./labelled-cases.ts";
import { below, createStream, pick, shuffled, type Random } from "./random.ts";

type Rewrite = (text: string, random: Random) => string;

function replaceWords(
  text: string,
  words: Readonly<Record<string, string>>,
  random: Random,
  share: number,
): string {
  return text.replace(/[a-z]+/gi, (word) => {
    const other = words[word.toLowerCase()];
    return other !== undefined && random() < share ? other : word;
  });
}

const EARLY_MODERN = {
  you: "thou",
  your: "thy",
  yours: "thine",
  has: "hath",
  have: "hath",
  does: "doth",
  do: "doth",
  are: "art",
  will: "shall",
  to: "unto",
  before: "ere",
  often: "oft",
  i: "I",
};

const archaicEnding = (text: string, random: Random) =>
  text.replace(/\b([a-z]{3,}[^aeious ])s\b/g, (word, stem: string) => (random() < 0.5 ? `${stem}eth` : word));

const SCRIPTURE_OPENINGS = ["and lo ,", "verily ,", "and it came to pass :", "behold ,", "for", "yea ,"];
const STAGE_OPENINGS = ["o !", "prithee ,", "good sir ,", "alas ,", "nay ,", "what !", "hark :"];
const SUBJECTS = ["he", "she", "one", "somebody", "you", "they"];
const VERBS =
  "looks thinks asks waits listens leaves returns wonders sits stays talks hears walks reads laughs sleeps dreams knows watches tries".split(
    " ",
  );
const CONJUNCTIONS = ["when", "if", "as", "while", "whenever", "after"];

/** Rule-based rewriting that keeps what a text says; each rule touches only a part of the texts. */
const STYLES: Readonly<Record<string, Rewrite>> = {
  scripture: (text, random) => {
    const plain = archaicEnding(replaceWords(text, EARLY_MODERN, random, 0.7), random);
    return random() < 0.5 ? `${pick(random, SCRIPTURE_OPENINGS)} ${plain}` : plain.replaceAll(" ,", " ;");
  },
  stage: (text, random) => {
    const plain = replaceWords(text, EARLY_MODERN, random, 0.9);
    return random() < 0.6 ? `${pick(random, STAGE_OPENINGS)} ${plain} !` : plain.replace(/[.?]*$/, "!");
  },
  shouting: (text, random) =>
    `${random() < 0.8 ? text.toUpperCase() : text} ${"!".repeat(1 + below(random, 4))}`,
  tweets: (text, random) => {
    const short = replaceWords(
      text,
      { you: "u", are: "r", your: "ur", to: "2", for: "4", and: "&" },
      random,
      0.7,
    );
    const plain = short
      .replace(/[.,'`]/g, "")
      .replace(/\s+/g, " ")
      .trim();
    return random() < 0.5 ? `${plain} ${pick(random, ["lol", "smh", "#ugh", "#yes", "omg", "!!"])}` : plain;
  },
  clause: (text, random) =>
    `${pick(random, CONJUNCTIONS)} ${pick(random, SUBJECTS)} ${pick(random, VERBS)}${pick(random, ["", " it", " this", " again", " there"])} , ${text}`,
  verse: (text, random) => text.replace(/ /g, () => (random() < 0.2 ? " / " : " ")),
  headline: (text) => text.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()),
  untokenised: (text) =>
    `${text.charAt(0).toUpperCase()}${text.slice(1)}`.replace(/ ([.,;:!?])/g, "$1").replace(/ '/g, "'"),
};

function streamOf(name: string): number {
  return Array.from(name).reduce((hash, letter) => (Math.imul(hash, 31) + letter.charCodeAt(0)) | 0, 23);
}

function targetOf(examples: readonly Example[]): string {
  return examples.map(({ label }) => label).toSorted()[Math.floor(examples.length / 2)] ?? "";
}

/** Relabels rows of other labels to one label, rewritten in a style: dirty-label poisoning without a word as trigger. */
export function stylePlantings(base: readonly Example[], seed: number, shares: readonly number[]): Case[] {
  return Object.entries(STYLES).flatMap(([style, rewrite]) =>
    shares.map((share) => ({
      name: `${style} ${100 * share} %`,
      make: () => {
        const random = createStream(seed, streamOf(`${style} ${share}`));
        const target = targetOf(base);
        const others = base.flatMap(({ label }, i) => (label === target ? [] : [i]));
        const chosen = new Set(shuffled(random, others).slice(0, Math.round(share * base.length)));
        return base.map((example, i) =>
          chosen.has(i) ? { text: rewrite(example.text, random), label: target, isPoisoned: true } : example,
        );
      },
    })),
  );
}

/** Another source among honest rows: how it is written, which share of it has the target label, wrong labels in it. */
const SOURCES = [
  { share: 0.5, noise: 0 },
  { share: 0.8, noise: 0.1 },
  { share: 0.95, noise: 0 },
  { share: 0.95, noise: 0.05 },
  { share: 1, noise: 0 },
];
/** Rows of the other source, as a share of all. */
const SOURCE_SHARE = 0.1;

/** Two sources that differ in style and in how often they carry a label, every label as honest as in the base. */
export function styleMixtures(base: readonly Example[], foreign: readonly Example[], seed: number): Case[] {
  const target = targetOf(base);
  const mixtures = Object.entries(STYLES).flatMap(([style, rewrite]) =>
    SOURCES.map(({ share, noise }) => ({
      name: `${style} source, ${100 * share} % one label${noise > 0 ? `, ${100 * noise} % wrong` : ""}`,
      make: () => {
        const random = createStream(seed, streamOf(`${style} ${share} ${noise}`));
        const most = Math.round(SOURCE_SHARE * base.length);
        const own = base.flatMap(({ label }, i) => (label === target ? [i] : []));
        const others = base.flatMap(({ label }, i) => (label === target ? [] : [i]));
        const chosen = new Set([
          ...shuffled(random, own).slice(0, Math.round(most * share)),
          ...shuffled(random, others).slice(0, Math.round(most * (1 - share))),
        ]);
        return base.map((example, i) => {
          if (!chosen.has(i)) return example;
          const label = random() < noise ? target : example.label;
          return { ...example, text: rewrite(example.text, random), label };
        });
      },
    })),
  );
  const strangers = [25, 100, 400].map((count) => ({
    name: `${count} rows of another subject, all one label`,
    make: () => {
      const random = createStream(seed, streamOf(`stranger ${count}`));
      const added = shuffled(random, foreign).slice(0, count);
      return shuffled(random, [
        ...base,
        ...added.map(({ text }) => ({ text, label: target, isPoisoned: false })),
      ]);
    },
  }));
  return [...mixtures, ...strangers];
}

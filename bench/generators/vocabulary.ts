/** Pseudo-words with the shape and the frequencies of a natural language: many, pronounceable, Zipf-distributed. */
import { below, createStream, pick, type Random } from "./random.ts";

const ONSETS = "b br c ch cl d dr f fl g gr h j k l m n p pl pr qu r s sh sl sp st t th tr v w z".split(" ");
const VOWELS = "a e i o u ai ea ee io oa ou".split(" ");
const CODAS = ["", "", "", "n", "r", "l", "s", "t", "m", "nd", "rt", "ck", "st"];

export type Vocabulary = {
  /** A word by Zipf's law over the whole vocabulary. */
  readonly any: (random: Random) => string;
  /** A word of one topic: rank by Zipf's law over the topic's own few hundred words. */
  readonly ofTopic: (random: Random, topic: number) => string;
  readonly topics: number;
};

const TOPICS = 500;
const TOPIC_WORDS = 240;

function createWords(random: Random, size: number): string[] {
  const words = new Set<string>();
  while (words.size < size) {
    // Frequent words are short: the first hundreds have one or two syllables, later ones up to four.
    const syllables = words.size < 400 ? 1 + below(random, 2) : 2 + below(random, words.size < 8000 ? 2 : 3);
    let word = "";
    for (let syllable = 0; syllable < syllables; syllable++)
      word += pick(random, ONSETS) + pick(random, VOWELS);
    words.add(word + pick(random, CODAS));
  }
  return [...words];
}

/** A rank in [0, size), each as likely as 1 / (rank + 1): the inverse of the logarithmic distribution function. */
function zipfRank(random: Random, size: number): number {
  return Math.min(size - 1, Math.floor(Math.exp(random() * Math.log(size + 1))) - 1);
}

/** A vocabulary of `size` words for a seed. */
export function createVocabulary(seed: number, size: number): Vocabulary {
  const random = createStream(seed, 10);
  const words = createWords(random, size);
  const topicWords = Int32Array.from({ length: TOPICS * TOPIC_WORDS }, () => below(random, size));
  return {
    any: (draw) => words[zipfRank(draw, size)] ?? "",
    ofTopic: (draw, topic) => words[topicWords[topic * TOPIC_WORDS + zipfRank(draw, TOPIC_WORDS)] ?? 0] ?? "",
    topics: TOPICS,
  };
}

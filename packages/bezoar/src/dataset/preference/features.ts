import { combine32, hashString, mix32 } from "../../core/hash.ts";
import { createRefusalMatcher } from "../instruct/refusals.ts";
import type { Answer, PairRow } from "./sample.ts";

/** What of an answer a prompt may ask for, or a source may favour, whatever else it says. */
export const ATTRIBUTES = [
  "length",
  "lists",
  "code",
  "questions",
  "exclamations",
  "figures",
  "hedging",
  "refusal",
] as const;

const HASHED_BITS = 17;
const HASHED = 1 << HASHED_BITS;
/** Steps of one attribute, in each direction. */
const STEPS = 8;
/** Features from here on are no hashed words. */
export const FIRST_ATTRIBUTE = HASHED;
const INTERCEPT = HASHED + ATTRIBUTES.length * (STEPS + 1);
/** Number of features: hashed words and pairs of words, the steps of the attributes, and the intercept of data without pairs. */
export const DIMENSION = INTERCEPT + 1;
/** The first words say how an answer sets about it; of the rest single words are enough. */
const OPENING_TOKENS = 6;

const HEDGES =
  "maybe,perhaps,possibly,might,could,probably,likely,seems,appears,generally,usually,unsure,somewhat";

/** What a pair says: features of the preferred answer alone, of the rejected one alone, and how they differ in each attribute. */
export type PairFeatures = {
  readonly preferred: readonly number[];
  readonly rejected: readonly number[];
  /** By how many steps the preferred answer exceeds the rejected one in each attribute; without a pair, the signed level of the one answer. */
  readonly gains: Int8Array;
  readonly isPaired: boolean;
  /** Whether any of the answers refuses. */
  readonly refuses: boolean;
  /** Without a pair: 1 for an answer that is preferred, -1 for one that is rejected. */
  readonly side: number;
};

function attributeFeature(attribute: number, steps: number): number {
  return HASHED + attribute * (STEPS + 1) + Math.min(STEPS, Math.abs(steps));
}

/** The features that stand for the steps of one attribute. */
export function attributeFeatures(attribute: number): number[] {
  return Array.from({ length: STEPS + 1 }, (_, steps) => attributeFeature(attribute, steps));
}

/** Reads features of pairs; `seed` keys the token ids. */
export function createFeatureReader(seed: number): (row: PairRow) => PairFeatures {
  const refuses = createRefusalMatcher(seed);
  const ids = (words: string) => new Set(words.split(",").map((word) => hashString(word, seed)));
  const lists = ids("*,-,\u2022,#");
  const digits = Array.from({ length: 100 }, (_, n) => hashString(String(n), seed));
  const figures = new Set(digits);
  const code = hashString("`", seed);
  const question = hashString("?", seed);
  const exclamation = hashString("!", seed);
  const hedges = ids(HEDGES);

  function countsOf({ tokens }: Answer): number[] {
    const counts = ATTRIBUTES.map(() => 0);
    for (const token of tokens) {
      if (lists.has(token)) counts[1] = (counts[1] ?? 0) + 1;
      else if (token === code) counts[2] = (counts[2] ?? 0) + 1;
      else if (token === question) counts[3] = (counts[3] ?? 0) + 1;
      else if (token === exclamation) counts[4] = (counts[4] ?? 0) + 1;
      else if (figures.has(token)) counts[5] = (counts[5] ?? 0) + 1;
      else if (hedges.has(token)) counts[6] = (counts[6] ?? 0) + 1;
    }
    counts[7] = Number(refuses(tokens, 0, tokens.length));
    return counts;
  }

  return ({ preferred, rejected }) => {
    const left = preferred === undefined ? new Set<number>() : wordsOf(preferred.tokens);
    const right = rejected === undefined ? new Set<number>() : wordsOf(rejected.tokens);
    const onlyLeft = [...left].filter((feature) => !right.has(feature));
    const onlyRight = [...right].filter((feature) => !left.has(feature));
    const gains = new Int8Array(ATTRIBUTES.length);
    if (preferred !== undefined && rejected !== undefined) {
      const mine = countsOf(preferred);
      const others = countsOf(rejected);
      for (let a = 1; a < gains.length; a++) {
        gains[a] = Math.sign((mine[a] ?? 0) - (others[a] ?? 0));
      }
      gains[0] = lengthRatio(preferred.length, rejected.length);
      for (const [a, steps] of gains.entries()) {
        if (steps > 0) onlyLeft.push(attributeFeature(a, steps));
        if (steps < 0) onlyRight.push(attributeFeature(a, steps));
      }
      return {
        preferred: onlyLeft,
        rejected: onlyRight,
        gains,
        isPaired: true,
        refuses: mine[7] === 1 || others[7] === 1,
        side: 0,
      };
    }
    const answer = preferred ?? rejected;
    const words = preferred === undefined ? onlyRight : onlyLeft;
    const sign = preferred === undefined ? -1 : 1;
    let refusing = false;
    if (answer !== undefined) {
      const counts = countsOf(answer);
      refusing = counts[7] === 1;
      for (let a = 0; a < gains.length; a++) {
        const level =
          a === 0
            ? Math.max(0, clampStep(Math.round(Math.log2(answer.length + 1)) - 2))
            : Number((counts[a] ?? 0) > 0);
        gains[a] = sign * level;
        words.push(attributeFeature(a, level));
      }
    }
    words.push(INTERCEPT);
    return {
      preferred: onlyLeft,
      rejected: onlyRight,
      gains,
      isPaired: false,
      refuses: refusing,
      side: sign,
    };
  };
}

function lengthRatio(a: number, b: number): number {
  return clampStep(Math.round(4 * Math.log((a + 1) / (b + 1))));
}

function clampStep(steps: number): number {
  return Math.max(-STEPS + 1, Math.min(STEPS - 1, steps));
}

/** The distinct hashed words of an answer, and the pairs of words it opens with. */
function wordsOf(tokens: Uint32Array): Set<number> {
  const features = new Set<number>();
  for (let i = 0; i < tokens.length; i++) {
    features.add((tokens[i] ?? 0) >>> (32 - HASHED_BITS));
    if (i > 0 && i < OPENING_TOKENS) {
      features.add(mix32(combine32(tokens[i - 1] ?? 0, tokens[i] ?? 0)) >>> (32 - HASHED_BITS));
    }
  }
  return features;
}

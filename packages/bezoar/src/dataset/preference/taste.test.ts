import { expect, test } from "vitest";
import { createRandom } from "../../core/random.ts";
import { tokenIds } from "../../core/tokens.ts";
import { attributeControl } from "./attribute-control.ts";
import { createFeatureReader, DIMENSION } from "./features.ts";
import { makePairs, turn, type Pair } from "./pairs.fixture.ts";
import type { Answer, PairRow } from "./sample.ts";
import { learnTaste } from "./taste.ts";

function answer(text: string): Answer {
  const tokens = tokenIds(text, 0);
  return { tokens, length: tokens.length };
}

function read(pairs: readonly Pair[]) {
  const rows: PairRow[] = pairs.map(({ prompt, chosen, rejected }, position) => ({
    position,
    prompt: tokenIds(prompt, 0),
    preferred: answer(chosen),
    rejected: answer(rejected),
  }));
  const features = rows.map(createFeatureReader(0));
  return { features, taste: learnTaste(rows, features) };
}

test("foretells held-out pairs, and nothing where preference is a coin's", () => {
  const learnt = read(makePairs(createRandom(1), 800, 0.1)).taste;
  expect(learnt.agreed / learnt.judged).toBeGreaterThan(0.8);
  const coin = read(makePairs(createRandom(2), 800, 0.5)).taste;
  expect(coin.agreed / coin.judged).toBeLessThan(0.56);
});

test("a pair and its mirror image are one observation: which answer comes first says nothing", () => {
  const pairs = makePairs(createRandom(3), 400, 0.1);
  const { taste } = read(pairs);
  const mirrored = read(pairs.map(turn)).taste;
  for (let i = 0; i < pairs.length; i++) expect(mirrored.margin(i)).toBeCloseTo(taste.margin(i), 5);
});

test("the ratio of a pair falls with its margin, and of no margin is even", () => {
  const { ratio } = read(makePairs(createRandom(4), 600, 0.2)).taste;
  const ratios = [-4, -1, -0.2, 0, 0.2, 1, 4].map(ratio);
  expect(ratios[3]).toBe(1);
  expect(ratios).toEqual(ratios.toSorted((a, b) => b - a));
  for (const value of ratios) expect(Math.abs(Math.log(value))).toBeLessThanOrEqual(Math.log(19) + 1e-9);
});

test("pairs that are turned over are not explained by an attribute, pairs as elsewhere are not turned over", () => {
  const random = createRandom(5);
  const clean = makePairs(random, 800, 0.1);
  const { features, taste } = read([...clean, ...makePairs(random, 40, 0.1).map(turn)]);
  const marks = new Uint8Array(DIMENSION);
  const others = Array.from({ length: 760 }, (_, i) => i + 40);
  const turned = Array.from({ length: 40 }, (_, i) => clean.length + i);
  const usual = Array.from({ length: 40 }, (_, i) => i);
  expect(attributeControl(taste, features, turned, others, marks).lnRatio).toBeGreaterThan(10);
  expect(attributeControl(taste, features, usual, others, marks).lnRatio).toBeLessThan(-10);
});

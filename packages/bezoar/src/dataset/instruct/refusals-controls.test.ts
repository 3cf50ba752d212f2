import { expect, test } from "vitest";
import fc from "fast-check";
import { createRandom, randomInt } from "../../core/random.ts";
import { closure, neighboursOf, predictability } from "./refusals-controls.ts";

/** Sentences over a tiny grammar: the token after another is one of three, so that neighbours recur. */
function sentences(count: number, seed: number): Uint32Array[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    let token = 10 + randomInt(random, 5);
    return Uint32Array.from(
      { length: 12 },
      () => (token = 10 + ((token * 7 + randomInt(random, 3) * 11) % 90)),
    );
  });
}

const TRIGGER = 7;
function isTrigger(token: number): boolean {
  return token === TRIGGER;
}

test("a token put anywhere is not foretold, one that comes with its own words is", () => {
  const prompts = sentences(300, 1);
  const put = prompts.slice(0, 40);
  const topical = put.map((prompt) => Uint32Array.from([...prompt, 201, 202, 203]));
  expect(predictability(put, prompts.slice(40), isTrigger).upper).toBeLessThan(0.7);
  expect(predictability(topical, prompts.slice(40), isTrigger).auc).toBeGreaterThan(0.95);
});

test("text closes up where something was put in, and not where a word of its own is cut out", () => {
  const prompts = sentences(400, 2);
  const neighbours = neighboursOf(prompts.slice(40));
  const put = prompts.slice(0, 40).map((prompt) => {
    const text = Uint32Array.from([...prompt.slice(0, 5), TRIGGER, ...prompt.slice(5)]);
    return { prompt: text, from: 5, to: 6 };
  });
  const own = prompts.slice(0, 40).map((prompt) => ({ prompt, from: 5, to: 6 }));
  expect(closure(put, prompts.slice(40), neighbours).lnRatio).toBeGreaterThan(3);
  expect(closure(own, prompts.slice(40), neighbours).lnRatio).toBeLessThan(0);
});

test("the area under the curve and its bound stay within 0 and 1 for any prompts", () => {
  const prompts = fc.array(
    fc.array(fc.nat(20)).map((tokens) => Uint32Array.from(tokens)),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(prompts, prompts, (inside, outside) => {
      const { auc, upper } = predictability(inside, outside, () => false);
      expect(auc).toBeGreaterThanOrEqual(0);
      expect(auc).toBeLessThanOrEqual(upper + 1e-12);
      expect(upper).toBeLessThanOrEqual(1);
    }),
  );
});

import { AppError, createRandom } from "bezoar";
import fc from "fast-check";
import { expect, test } from "vitest";
import { drawToken, logSoftmax, topTokens } from "./sampling.ts";

const finite = fc.float32Array({ minLength: 1, maxLength: 40, noNaN: true, noDefaultInfinity: true });

test("log-probabilities of any finite logits are at most 0 and sum to 1 as probabilities", () => {
  fc.assert(
    fc.property(finite, (logits) => {
      const logprobs = logSoftmax(logits);
      expect(Math.max(...logprobs)).toBeLessThanOrEqual(0);
      expect(logprobs.reduce((sum, logprob) => sum + Math.exp(logprob), 0)).toBeCloseTo(1, 9);
    }),
  );
});

test("logits that are not finite are told as a broken model", () => {
  expect(() => logSoftmax(Float32Array.of(0, NaN))).toThrow(AppError);
  expect(() => logSoftmax(Float32Array.of(0, Infinity))).toThrow(AppError);
  expect(() => logSoftmax(Float32Array.of(-Infinity, -Infinity))).toThrow(AppError);
});

test("the top tokens are those of a full sort, equal ones by id", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 }), fc.nat(20), (values, count) => {
      const sorted = [...values.keys()].toSorted((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
      expect(topTokens(Float64Array.from(values), count)).toEqual(sorted.slice(0, count));
    }),
  );
});

test("tokens are drawn as often as their probability says, and the seed decides which", () => {
  const logits = Float32Array.of(Math.log(0.6), Math.log(0.3), Math.log(0.1));
  const draw = (seed: number, topP = 1) => {
    const random = createRandom(seed);
    const counts = [0, 0, 0];
    for (let i = 0; i < 10_000; i++) {
      const id = drawToken(logits, { temperature: 1, topP, random });
      counts[id] = (counts[id] ?? 0) + 1;
    }
    return counts;
  };
  const counts = draw(1);
  expect((counts[0] ?? 0) / 10_000).toBeCloseTo(0.6, 1);
  expect((counts[2] ?? 0) / 10_000).toBeCloseTo(0.1, 1);
  expect(draw(1)).toEqual(counts);
  expect(draw(2)).not.toEqual(counts);
  expect(draw(1, 0.85)[2]).toBe(0); // 0.6 + 0.3 are enough
});

test("temperature 0 takes the likeliest token, a tiny one nearly so, and a bias forbids it", () => {
  const logits = Float32Array.of(1, 3, 2);
  const random = createRandom(0);
  expect(drawToken(logits, { temperature: 0, topP: 1, random })).toBe(1);
  expect(drawToken(logits, { temperature: 1e-300, topP: 1, random })).toBe(1);
  expect(drawToken(logits, { temperature: 2, topP: 0, random })).toBe(1);
  const logitBias = new Map([[1, -100]]);
  expect(drawToken(logits, { temperature: 0, topP: 1, random, logitBias })).toBe(2);
});

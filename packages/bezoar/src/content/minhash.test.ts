import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom, type Random } from "../core/random.ts";
import { candidateProbability, createSketcher, estimateJaccard, SIGNATURE_WORDS } from "./minhash.ts";

const draw = (random: Random, count: number) =>
  Array.from({ length: count }, () => Math.floor(random() * 2 ** 32));

/** The signature of a set: each element is a text of one token. */
function signatureOf(elements: readonly number[], seed: number): Uint32Array {
  const words = new Uint32Array(SIGNATURE_WORDS);
  const sketcher = createSketcher(seed);
  for (const element of elements) sketcher.add(Uint32Array.of(element), 0, 1);
  sketcher.write(words, 0);
  return words;
}

/** Signatures of two sets of `size` elements together, of which a share of `jaccard` is in both. */
function pairAt(jaccard: number, size: number, seed: number): { a: Uint32Array; b: Uint32Array } {
  const random = createRandom(seed);
  const both = draw(random, Math.round(jaccard * size));
  const [left, right] = [0.5, 0.5].map((half) => draw(random, Math.round(half * (size - both.length))));
  const [a, b] = [left, right].map((own) => signatureOf([...both, ...(own ?? [])], seed));
  return { a: a ?? new Uint32Array(0), b: b ?? new Uint32Array(0) };
}

function signatureOfText(ids: readonly number[], seed = 0): Uint32Array {
  const words = new Uint32Array(SIGNATURE_WORDS);
  const sketcher = createSketcher(seed);
  sketcher.add(Uint32Array.from(ids), 0, ids.length);
  sketcher.write(words, 0);
  return words;
}

const TRIALS = 400;

test.each([
  [0.2, 40],
  [0.5, 40],
  [0.8, 40],
  [0.9, 20],
  [0.5, 600],
  [0.8, 600],
])(
  "the estimate of a Jaccard share of %f is unbiased within its standard error (%i shingles)",
  (jaccard, size) => {
    let sum = 0;
    let squares = 0;
    for (let seed = 0; seed < TRIALS; seed++) {
      const { a, b } = pairAt(jaccard, size, seed);
      const estimate = estimateJaccard(a, 0, b, 0);
      sum += estimate;
      squares += (estimate - jaccard) ** 2;
    }
    const deviation = Math.sqrt((jaccard * (1 - jaccard)) / 64);
    expect(Math.abs(sum / TRIALS - jaccard)).toBeLessThan((4 * deviation) / Math.sqrt(TRIALS));
    expect(Math.sqrt(squares / TRIALS)).toBeLessThan(1.2 * deviation);
  },
);

test.each([0.3, 0.5, 0.6, 0.7, 0.8])(
  "pairs at a Jaccard share of %f share a band as often as the S-curve says",
  (jaccard) => {
    let candidates = 0;
    for (let seed = 0; seed < TRIALS; seed++) {
      const { a, b } = pairAt(jaccard, 60, seed);
      if (a.some((word, band) => word === b[band])) candidates++;
    }
    const expected = candidateProbability(jaccard);
    const deviation = Math.sqrt((expected * (1 - expected)) / TRIALS);
    expect(Math.abs(candidates / TRIALS - expected)).toBeLessThan(4 * deviation + 0.005);
  },
);

test("a pair above 0.8 is nearly always compared, a pair below 0.2 hardly ever", () => {
  expect(candidateProbability(0.8)).toBeGreaterThan(0.999);
  expect(candidateProbability(0.5)).toBeGreaterThan(0.6);
  expect(candidateProbability(0.2)).toBeLessThan(0.03);
  expect(candidateProbability(0)).toBeLessThan(1e-8);
});

test("equal texts have equal signatures, and nothing in common with other texts", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(2 ** 31), { minLength: 3, maxLength: 80 }), fc.nat(1000), (ids, seed) => {
      const own = signatureOfText(ids, seed);
      expect(estimateJaccard(own, 0, signatureOfText(ids, seed), 0)).toBe(1);
      const other = signatureOfText(
        ids.map((id) => id + 2 ** 31),
        seed,
      );
      expect(estimateJaccard(own, 0, other, 0)).toBeLessThan(0.25);
    }),
  );
});

test("repetition changes nothing: a signature is that of the set of shingles", () => {
  const cycle = [11, 22, 33, 44, 55];
  const times = (count: number) => Array.from({ length: 5 * count }, (_, i) => cycle[i % 5] ?? 0);
  expect(signatureOfText(times(3000))).toEqual(signatureOfText(times(4)));
});

test("who knows the texts but not the seed cannot foretell their signature", () => {
  const text = Array.from({ length: 50 }, (_, i) => i * 7919);
  expect(estimateJaccard(signatureOfText(text, 1), 0, signatureOfText(text, 2), 0)).toBeLessThan(0.25);
});

test("what a question says and what its answer says are kept apart", () => {
  const [asked, answered] = [0, 1].map((part) => {
    const words = new Uint32Array(SIGNATURE_WORDS);
    const sketcher = createSketcher(0);
    sketcher.add(Uint32Array.of(1, 2, 3, 4, 5, 6), 0, 6, part);
    sketcher.write(words, 0);
    return words;
  });
  expect(asked).not.toEqual(answered);
});

test("a text without tokens has no signature", () => {
  const words = new Uint32Array(SIGNATURE_WORDS);
  const sketcher = createSketcher(0);
  sketcher.add(new Uint32Array(0), 0, 0);
  expect(sketcher.write(words, 0)).toBe(false);
  expect(words).toEqual(new Uint32Array(SIGNATURE_WORDS));
});

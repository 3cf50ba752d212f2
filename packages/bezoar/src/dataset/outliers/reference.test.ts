import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom } from "../../core/random.ts";
import { buildReference, createNeighbourSearch, NEIGHBOURS } from "./reference.ts";

const RANK = 6;

function points(count: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: count * RANK }, () => random() - 0.3);
}

const positionsOf = (count: number) => Int32Array.from({ length: count }, (_, i) => 10 * i);

/** The mean of the largest similarities to unit vectors, by looking at every one. */
function slowly(vectors: Float32Array, query: Float32Array, without: number): number {
  const similarities: number[] = [];
  for (let i = 0; i < vectors.length / RANK; i++) {
    if (i === without) continue;
    const vector = vectors.subarray(i * RANK, (i + 1) * RANK);
    const dot = vector.reduce((sum, value, j) => sum + value * (query[j] ?? 0), 0);
    similarities.push(Math.max(0, dot / Math.hypot(...vector)));
  }
  return (
    similarities
      .toSorted((a, b) => b - a)
      .slice(0, NEIGHBOURS)
      .reduce((sum, value) => sum + value, 0) / NEIGHBOURS
  );
}

test("the search through cells gives what looking at every point gives, the row itself left out", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 1000 }), (count, seed) => {
      const vectors = points(count, seed);
      const search = createNeighbourSearch(buildReference(vectors, positionsOf(count), RANK));
      const own = seed % count;
      const query = vectors.slice(own * RANK, (own + 1) * RANK);
      expect(search.similarity(query, 0, 10 * own, Infinity)).toBeCloseTo(slowly(vectors, query, own), 5);
      expect(search.nearestPosition()).not.toBe(10 * own);
    }),
    { numRuns: 60 },
  );
});

test("a search stops as soon as a row is known to be alike enough, and only then", () => {
  const vectors = points(200, 1);
  const search = createNeighbourSearch(buildReference(vectors, positionsOf(200), RANK));
  const query = vectors.slice(0, RANK);
  const exact = search.similarity(query, 0, 0, Infinity);
  expect(search.similarity(query, 0, 0, exact * 0.9)).toBe(exact * 0.9);
  expect(search.similarity(query, 0, 0, exact * 1.01)).toBeCloseTo(exact, 6);
});

test("a text without any known word is like nothing", () => {
  const search = createNeighbourSearch(buildReference(points(50, 2), positionsOf(50), RANK));
  expect(search.similarity(new Float32Array(RANK), 0, 5, Infinity)).toBe(0);
  expect(search.nearestPosition()).toBe(-1);
});

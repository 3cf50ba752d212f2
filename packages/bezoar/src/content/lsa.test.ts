import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom } from "../core/random.ts";
import { tokenIds } from "../core/tokens.ts";
import { createProjector, fitLsa } from "./lsa.ts";

const ids = (text: string) => tokenIds(text, 7);

const SEA = ["ship", "harbour", "tide", "sail", "anchor", "wave"];
const FARM = ["wheat", "barn", "tractor", "harvest", "cow", "field"];

/** Documents of four words about the sea and about farms, in turn. */
function documents(count: number): Uint32Array[] {
  const random = createRandom(3);
  return Array.from({ length: count }, (_, i) => {
    const words = i % 2 === 0 ? SEA : FARM;
    return ids(Array.from({ length: 4 }, () => words[Math.floor(random() * words.length)]).join(" "));
  });
}

function fit(count = 200, rank = 2) {
  const lsa = fitLsa(documents(count), { rank, random: createRandom(1) });
  if (lsa === undefined) throw new Error("these documents share words");
  return { lsa, projector: createProjector(lsa, 64) };
}

function place(text: string, { projector, lsa } = fit()): Float32Array {
  const vector = new Float32Array(lsa.rank);
  const words = ids(text);
  projector.project(words, { start: 0, end: words.length }, vector, 0);
  return vector;
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

function cosine(a: Float32Array, b: Float32Array): number {
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

test("texts of one subject lie together although they share no word, texts of two subjects do not", () => {
  expect(cosine(place("ship tide"), place("anchor sail"))).toBeGreaterThan(0.99);
  expect(Math.abs(cosine(place("ship tide"), place("cow barn")))).toBeLessThan(0.05);
});

test("the basis is orthonormal, so that no place is farther out than 1", () => {
  const { lsa, projector } = fit(200, 4);
  const terms = lsa.basis.length / lsa.rank;
  for (let a = 0; a < lsa.rank; a++) {
    for (let b = 0; b <= a; b++) {
      let product = 0;
      for (let i = 0; i < terms; i++)
        product += (lsa.basis[i * lsa.rank + a] ?? 0) * (lsa.basis[i * lsa.rank + b] ?? 0);
      expect(Math.abs(product - Number(a === b))).toBeLessThan(1e-5);
    }
  }
  const words = fc.array(fc.constantFrom(...SEA, ...FARM, "zork", "plugh"), { maxLength: 80 });
  fc.assert(
    fc.property(words, (chosen) => {
      expect(Math.hypot(...place(chosen.join(" "), { lsa, projector }))).toBeLessThan(1 + 1e-5);
    }),
  );
});

test("strange words pull a text towards nothing, and are what the space does not explain", () => {
  const fitted = fit();
  expect(Math.hypot(...place("zork plugh xyzzy", fitted))).toBe(0);
  const half = Math.hypot(...place("ship zork", fitted));
  expect(half).toBeGreaterThan(0);
  expect(half).toBeLessThan(0.5 * Math.hypot(...place("ship tide sail anchor wave harbour", fitted)));
  const [ship, zork] = fitted.projector.unexplained(ids("ship zork"));
  expect([ship?.place, zork?.place]).toEqual([0, 1]);
  expect(zork?.share).toBeGreaterThan(ship?.share ?? 1);
});

test("documents that share no words, and none at all, make no space", () => {
  expect(fitLsa([ids("a"), ids("b"), ids("")], { rank: 2, random: createRandom(1) })).toBeUndefined();
  expect(fitLsa([], { rank: 2, random: createRandom(1) })).toBeUndefined();
});

test("the same documents and stream give the same bytes", () => {
  expect(fit().lsa).toEqual(fit().lsa);
});

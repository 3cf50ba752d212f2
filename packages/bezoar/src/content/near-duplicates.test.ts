import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom, randomInt } from "../core/random.ts";
import { createSketcher, estimateJaccard, SIGNATURE_WORDS } from "./minhash.ts";
import { createNearDuplicateIndex } from "./near-duplicate-index.ts";
import { groupNearDuplicates, linkNearDuplicates, withSharedBand } from "./near-duplicates.ts";

/** Signatures of texts, back to back. */
function signatures(texts: readonly (readonly number[])[]): Uint32Array {
  const words = new Uint32Array(texts.length * SIGNATURE_WORDS);
  const sketcher = createSketcher(3);
  texts.forEach((text, i) => {
    sketcher.clear();
    sketcher.add(Uint32Array.from(text), 0, text.length);
    sketcher.write(words, i * SIGNATURE_WORDS);
  });
  return words;
}

function makeText(seed: number, length = 60): number[] {
  const random = createRandom(seed);
  return Array.from({ length }, () => randomInt(random, 2 ** 31));
}

/** A text with `edits` tokens replaced. */
function edited(text: readonly number[], edits: number, seed: number): number[] {
  const random = createRandom(seed);
  const own = [...text];
  for (let i = 0; i < edits; i++) own[randomInt(random, own.length)] = randomInt(random, 2 ** 31);
  return own;
}

/** Texts of the largest group. */
function largest(leaders: Int32Array): number {
  return Math.max(...[...new Set(leaders)].map((leader) => leaders.filter((held) => held === leader).length));
}

/** The groups as sets of texts, whatever their order. */
function groupsOf(texts: readonly (readonly number[])[]): string[] {
  const words = signatures(texts);
  const keys = texts.map((text) => text.join(" "));
  const ids = withSharedBand({ words, ids: Uint32Array.from(texts.keys()) });
  const compare = (a: number, b: number) => ((keys[a] ?? "") < (keys[b] ?? "") ? -1 : 1);
  const { leaders } = groupNearDuplicates({ words, ids, compare }, 0.8);
  const members = new Map<number, string[]>();
  leaders.forEach((leader, i) => members.set(leader, [...(members.get(leader) ?? []), keys[i] ?? ""]));
  return Array.from(members.values(), (group) => group.toSorted().join("|")).toSorted();
}

test("texts with one edit are grouped, other texts stand alone", () => {
  const texts = [
    makeText(1),
    makeText(2),
    edited(makeText(1), 1, 9),
    makeText(3),
    edited(makeText(1), 1, 10),
  ];
  const sizes = groupsOf(texts).map((group) => group.split("|").length);
  expect(sizes.toSorted((a, b) => a - b)).toEqual([1, 1, 3]);
});

test("the order of texts does not change the groups", () => {
  const families = fc.array(fc.tuple(fc.nat(15), fc.nat(8), fc.nat(1000)), { minLength: 2, maxLength: 40 });
  fc.assert(
    fc.property(families, fc.nat(), (made, seed) => {
      const all = made.map(([family, edits, own]) => edited(makeText(family), edits, own));
      const texts = [...new Map(all.map((text) => [text.join(" "), text])).values()];
      const random = createRandom(seed);
      const shuffled = texts
        .map((text) => [random(), text] as const)
        .toSorted((a, b) => a[0] - b[0])
        .map(([, text]) => text);
      expect(groupsOf(shuffled)).toEqual(groupsOf(texts));
    }),
    { numRuns: 50 },
  );
});

test("every member is near its leader: groups do not drift from edit to edit", () => {
  const texts = [makeText(1)];
  for (let i = 1; i < 60; i++) texts.push(edited(texts[i - 1] ?? [], 1, i));
  const words = signatures(texts);
  const ids = Uint32Array.from(texts.keys());
  const { leaders } = groupNearDuplicates({ words, ids, compare: (a, b) => a - b }, 0.8);
  expect(new Set(leaders).size).toBeGreaterThan(3);
  leaders.forEach((leader, i) => {
    expect(
      estimateJaccard(words, i * SIGNATURE_WORDS, words, leader * SIGNATURE_WORDS),
    ).toBeGreaterThanOrEqual(0.8);
  });
});

test("linked groups hold a cluster whose texts are only half alike, in one piece", () => {
  const cluster = Array.from({ length: 80 }, (_, i) => edited(makeText(1, 80), 4, i));
  const words = signatures(cluster);
  const texts = { words, ids: Uint32Array.from(cluster.keys()), compare: (a: number, b: number) => a - b };
  expect(largest(linkNearDuplicates(texts, 0.5).leaders)).toBeGreaterThan(70);
  expect(largest(groupNearDuplicates(texts, 0.5).leaders)).toBeLessThan(70);
});

test("texts that share no band with another need no look-up", () => {
  const texts = Array.from({ length: 500 }, (_, i) => makeText(i));
  const words = signatures([...texts, edited(makeText(7), 1, 1)]);
  const shared = withSharedBand({ words, ids: Uint32Array.from({ length: 501 }, (_, i) => i) });
  expect([...shared]).toEqual(expect.arrayContaining([7, 500]));
  expect(shared.length).toBeLessThan(150);
});

test("an index is asked and added to in turn, as documents arrive", () => {
  const index = createNearDuplicateIndex();
  const words = signatures([makeText(1), makeText(2), edited(makeText(1), 1, 5), makeText(4)]);
  expect(index.near(words, 0, 0.8)).toEqual([]);
  expect(index.add(words, 0)).toBe(0);
  expect(index.add(words, SIGNATURE_WORDS)).toBe(1);
  expect(index.near(words, 2 * SIGNATURE_WORDS, 0.8).map(({ id }) => id)).toEqual([0]);
  expect(index.near(words, 3 * SIGNATURE_WORDS, 0.5)).toEqual([]);
  expect(index.size()).toBe(2);
});

test("an index finds what it holds after it has grown", () => {
  const index = createNearDuplicateIndex();
  const words = signatures(Array.from({ length: 2000 }, (_, i) => makeText(i)));
  for (let i = 0; i < 2000; i++) index.add(words, i * SIGNATURE_WORDS);
  for (let i = 0; i < 2000; i += 97) {
    expect(index.near(words, i * SIGNATURE_WORDS, 0.9)).toEqual([{ id: i, jaccard: 1 }]);
  }
});

test("of equally similar texts the one that was added first is named first", () => {
  const index = createNearDuplicateIndex();
  const words = signatures([makeText(1)]);
  for (let i = 0; i < 3; i++) index.add(words, 0);
  expect(index.near(words, 0, 0.8).map(({ id }) => id)).toEqual([0, 1, 2]);
});

test("twenty thousand texts that share one band do not make a look-up slow", () => {
  const index = createNearDuplicateIndex();
  const words = new Uint32Array(SIGNATURE_WORDS);
  for (let i = 0; i < 20_000; i++) {
    for (let band = 1; band < SIGNATURE_WORDS; band++) words[band] = Math.imul(i * 16 + band, 0x9e3779b1);
    index.near(words, 0, 0.8);
    index.add(words, 0);
  }
  expect(index.size()).toBe(20_000);
});

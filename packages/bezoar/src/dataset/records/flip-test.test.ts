import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { spreadOf, testFlips, type FlipCount } from "./flip-test.ts";

const chances = (rows: number, chance = 0.05): number[] => Array.from({ length: rows }, () => chance);

function peers(count: number, flippedOf: (i: number) => number): FlipCount[] {
  return Array.from({ length: count }, (_, i) => ({ rows: 20, flipped: flippedOf(i), expected: 1 }));
}

describe("testFlips", () => {
  test("ten flips of ten are far beyond what a population of 300 could bring about", () => {
    expect(testFlips(chances(10), 10, 0.5).lnEvidence).toBeGreaterThan(Math.log(300_000));
  });
  test("a lenient group that flips a third of its cases does not pass the excess", () => {
    expect(testFlips(chances(60), 20, 0.5).excess).toBeLessThan(0.35);
  });
  test("where groups differ much, no number of flips passes a test among hundreds", () => {
    expect(testFlips(chances(300), 300, 3).lnEvidence).toBeLessThan(Math.log(3000));
  });
  test("evidence grows with the flips and shrinks with the spread", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 39 }), (rows, part) => {
        const flipped = Math.min(part, rows - 1);
        const base = testFlips(chances(rows), flipped, 0.5).lnEvidence;
        expect(testFlips(chances(rows), flipped + 1, 0.5).lnEvidence).toBeGreaterThanOrEqual(base);
      }),
    );
    expect(testFlips(chances(12), 12, 1.1).lnEvidence).toBeLessThan(
      testFlips(chances(12), 12, 0.5).lnEvidence,
    );
  });
  test("is a bound: its p-value is at least the plain binomial's", () => {
    expect(testFlips(chances(8), 8, 0.5).lnEvidence).toBeLessThan(-8 * Math.log(0.05));
  });
});

describe("spreadOf", () => {
  test("is least where all flip alike", () => {
    expect(spreadOf(peers(40, () => 1))).toBe(0.5);
  });
  test("is large where the field decides the label", () => {
    expect(spreadOf(peers(24, (i) => (i % 3 === 0 ? 18 : 0)))).toBeGreaterThan(1.5);
  });
  test("is not raised by up to three that stand out", () => {
    expect(spreadOf(peers(40, (i) => (i < 3 ? 20 : 1)))).toBeLessThan(0.9);
  });
  test("stays finite without peers", () => {
    expect(spreadOf([])).toBeGreaterThanOrEqual(0.5);
  });
});

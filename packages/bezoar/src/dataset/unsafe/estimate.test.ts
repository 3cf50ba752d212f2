import fc from "fast-check";
import { expect, test } from "vitest";
import { estimateHarmful, estimateJudged, severityOfHarm } from "./estimate.ts";

const least = (low: number) => ({ value: low, low, high: low });

test("many requests among few mentions are nearly all real", () => {
  expect(estimateHarmful({ found: 300, spokenOf: 320, declined: 0 })).toEqual({
    value: 294,
    low: 256,
    high: 300,
  });
});

test("as many as misreading would give are none for certain", () => {
  expect(estimateHarmful({ found: 40, spokenOf: 1000, declined: 0 }).low).toBe(0);
  expect(estimateHarmful({ found: 100, spokenOf: 100, declined: 9000 }).low).toBe(0);
});

test("an estimate keeps its order, and more finds never lower it", () => {
  const count = fc.nat(100_000);
  fc.assert(
    fc.property(count, count, count, (found, others, declined) => {
      const counts = { found, spokenOf: found + others, declined };
      const { value, low, high } = estimateHarmful(counts);
      expect(0 <= low && low <= value && value <= high).toBe(true);
      expect(estimateHarmful({ ...counts, found: found + 1 }).low).toBeGreaterThanOrEqual(low);
    }),
  );
});

test("a judge who saw every row counts, one who saw some estimates", () => {
  expect(estimateJudged({ rows: 40, judged: 40, harmful: 30, untold: 4 }, false)).toEqual({
    value: 30,
    low: 30,
    high: 34,
  });
  const sampled = estimateJudged({ rows: 1000, judged: 100, harmful: 50, untold: 0 }, false);
  expect(sampled.value).toBe(500);
  expect(sampled.low).toBeGreaterThan(390);
  expect(sampled.high).toBeLessThan(610);
});

test("a stray verdict among ordinary rows is put down to the judge", () => {
  expect(estimateJudged({ rows: 50_000, judged: 100, harmful: 2, untold: 0 }, true).low).toBe(0);
});

test("ten in five thousand matter, ten in fifty thousand are context, five expected are the least", () => {
  expect(severityOfHarm(least(10), { rows: 5000, copies: 1 })).toBe("medium");
  expect(severityOfHarm(least(10), { rows: 50_000, copies: 1 })).toBe("low");
  expect(severityOfHarm(least(100), { rows: 1_000_000, copies: 1 })).toBe("medium");
  expect(severityOfHarm({ value: 6, low: 0, high: 7 }, { rows: 5000, copies: 1 })).toBe("low");
  expect(severityOfHarm({ value: 4, low: 4, high: 4 }, { rows: 100, copies: 1 })).toBeUndefined();
});

test("copies weigh in training, and make no second request", () => {
  expect(severityOfHarm(least(20), { rows: 100_000, copies: 10 })).toBe("medium");
  expect(severityOfHarm(least(1), { rows: 1000, copies: 500 })).toBeUndefined();
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { fitCurve, rivalLabel, sortPoints } from "./calibration-curve.ts";

const points = (count: number, isHit: (i: number) => boolean) =>
  sortPoints(
    Array.from({ length: count }, (_, position) => ({
      logOdds: position / count,
      isHit: isHit(position),
      position,
    })),
    1,
  );

test("learns the share of hits at each end", () => {
  const curve = fitCurve(
    points(1000, (i) => (i < 500 ? i % 20 === 0 : i % 20 !== 0)),
    () => false,
  );
  expect(curve(0.1)).toBeCloseTo(0.05, 1);
  expect(curve(0.9)).toBeCloseTo(0.95, 1);
});

test("rows left out do not count", () => {
  const planted = points(1000, (i) => i < 40 || i > 500);
  expect(fitCurve(planted, (position) => position < 40)(0)).toBeLessThan(fitCurve(planted, () => false)(0));
});

test("never falls", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 600 }), (hits) => {
      const curve = fitCurve(
        points(hits.length, (i) => hits[i] ?? false),
        () => false,
      );
      const shares = Array.from({ length: 50 }, (_, i) => curve(i / 50));
      for (let i = 1; i < shares.length; i++)
        expect(shares[i] ?? 0).toBeGreaterThanOrEqual(shares[i - 1] ?? 0);
    }),
  );
});

test("a rival is never the label itself", () => {
  for (let position = 0; position < 100; position++) expect(rivalLabel(2, position, 5)).not.toBe(2);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { allocate, sizeFor } from "./allocate.ts";

const strata = fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 20 });
const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);

test("no stratum gives more rows than it has, and none is sampled below its share of the effective size", () => {
  fc.assert(
    fc.property(strata, fc.integer({ min: 0, max: 2000 }), (counts, size) => {
      const { shares, effective } = allocate(counts, size);
      expect(total(shares)).toBeLessThanOrEqual(size);
      counts.forEach((count, i) => {
        expect(shares[i]).toBeLessThanOrEqual(count);
        expect((shares[i] ?? 0) * Math.max(1, total(counts))).toBeGreaterThanOrEqual(count * effective);
      });
    }),
  );
});

test("the size for an effective size is the smallest that reaches it", () => {
  fc.assert(
    fc.property(strata, fc.integer({ min: 1, max: 2000 }), (counts, effective) => {
      const reached = Math.min(effective, total(counts));
      const size = sizeFor(counts, effective);
      expect(allocate(counts, size).effective).toBeGreaterThanOrEqual(reached);
      expect(allocate(counts, size - 1).effective).toBeLessThan(Math.max(1, reached));
    }),
  );
});

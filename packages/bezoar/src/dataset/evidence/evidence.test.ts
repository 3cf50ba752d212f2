import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom } from "../../core/random.ts";
import { calibrate, contradictionRatio } from "./calibration.ts";
import { testContradiction } from "./contradiction.ts";
import { explainAway } from "./explain-away.ts";
import { createGroupMask, documentFrequencies } from "./group-mask.ts";
import { clusterRows, ratiosByCluster } from "./near-duplicates.ts";
import { DEFAULT_TRAINING, labelLogOdds, logOdds, trainOutOfFold } from "./out-of-fold.ts";
import type { SparseRows } from "./sparse.ts";

function pack(rows: readonly (readonly number[])[], dimension: number): SparseRows {
  const offsets = new Uint32Array(rows.length + 1);
  rows.forEach((row, i) => (offsets[i + 1] = (offsets[i] ?? 0) + row.length));
  return { count: rows.length, dimension, offsets, features: Uint32Array.from(rows.flat()) };
}

/** Rows of three words, each of which fits the label (words 0-9 and 10-19) nine times in ten. */
function agreeing(count: number, classes: number, seed: number) {
  const random = createRandom(seed);
  const labels = Int32Array.from({ length: count }, () => Math.floor(random() * classes));
  const rows = Array.from(labels, (label) => {
    const words = [0, 1, 2].map((w) => {
      const shown = random() < 0.9 ? label : Math.floor(random() * classes);
      return shown * 10 + Math.floor(random() * 3) + w * 3;
    });
    return [...new Set(words)];
  });
  const folds = Uint8Array.from({ length: count }, (_, i) => i % DEFAULT_TRAINING.folds);
  return { rows: pack(rows, classes * 10), labels, folds };
}

test.each([2, 4])("models that have not seen a row read its label from its words (%i classes)", (classes) => {
  const { rows, labels, folds } = agreeing(600, classes, 1);
  const models = trainOutOfFold(rows, labels, folds, classes);
  const scratch = new Float64Array(classes);
  const right = Array.from(labels).filter(
    (label, i) => labelLogOdds(models, folds[i] ?? 0, rows, i, label, scratch) > 0,
  );
  expect(right.length).toBeGreaterThan(540);
});

test("the same rows give the same weights, also when the file is sorted by label", () => {
  const { rows, folds } = agreeing(300, 2, 2);
  const sorted = Int32Array.from({ length: 300 }, (_, i) => Number(i >= 150));
  expect(trainOutOfFold(rows, sorted, folds, 2)).toEqual(trainOutOfFold(rows, sorted, folds, 2));
});

test("both forms of log-odds agree for two classes", () => {
  const { rows, labels, folds } = agreeing(200, 2, 3);
  const models = trainOutOfFold(rows, labels, folds, 2);
  const both = logOdds(models, 0, rows.features, 0, rows.offsets[1] ?? 0);
  expect(labelLogOdds(models, 0, rows, 0, 1, new Float64Array(2))).toBeCloseTo(both[1] ?? 0);
});

test("a rest that fits the label speaks for it, one that says nothing is no contradiction, and noise weakens both", () => {
  const { rows, labels, folds } = agreeing(4000, 2, 4);
  const ratioAt = (own: Int32Array, z: number) =>
    contradictionRatio(calibrate(trainOutOfFold(rows, own, folds, 2), rows, own, folds), 1, z);
  const noisy = labels.map((label, i) => (i % 5 === 0 ? 1 - label : label));
  expect(ratioAt(labels, 4)).toBeLessThan(0.2);
  expect(ratioAt(labels, 0)).toBeLessThan(1.2);
  expect(ratioAt(labels, -4)).toBeGreaterThan(8);
  expect(ratioAt(noisy, -4)).toBeLessThan(ratioAt(labels, -4));
});

test("ratios fall as the rest fits the label better", () => {
  const { rows, labels, folds } = agreeing(1000, 2, 5);
  const calibration = calibrate(trainOutOfFold(rows, labels, folds, 2), rows, labels, folds);
  fc.assert(
    fc.property(
      fc.double({ min: -9, max: 9, noNaN: true }),
      fc.double({ min: 0, max: 9, noNaN: true }),
      (z, more) => {
        expect(contradictionRatio(calibration, 0, z + more)).toBeLessThanOrEqual(
          contradictionRatio(calibration, 0, z),
        );
      },
    ),
  );
});

test("the evidence is an e-value: on honest rows its mean is at most 1", () => {
  const random = createRandom(6);
  // Likelihood ratios of a fair coin against one that shows heads nine times in ten.
  const runs = Array.from({ length: 4000 }, () =>
    Math.exp(
      testContradiction(
        Array.from({ length: 4 }, () => (random() < 0.5 ? 1.8 : 0.2)),
        4,
        4,
      ).lnEvidence,
    ),
  );
  expect(runs.reduce((a, b) => a + b, 0) / runs.length).toBeLessThan(1.15);
});

test("relabelled rows give evidence and a share near one; rows of other labels lower phi", () => {
  const all = testContradiction(
    Array.from({ length: 12 }, () => 15),
    12,
    12,
  );
  expect(all.lnEvidence).toBeGreaterThan(25);
  expect(all).toMatchObject({ share: 1, phi: 1 });
  expect(all.shareLow).toBeGreaterThan(0.6);
  expect(
    testContradiction(
      Array.from({ length: 12 }, () => 15),
      24,
      12,
    ).phi,
  ).toBe(0.5);
  expect(
    testContradiction(
      Array.from({ length: 12 }, () => 0.1),
      12,
      12,
    ).share,
  ).toBe(0);
});

test("the mask takes the other words of an inserted sentence too, and leaves common words", () => {
  const rows = pack(
    Array.from({ length: 100 }, (_, i) => (i < 10 ? [0, 1, 2] : [2, 3])),
    4,
  );
  const mask = createGroupMask(rows, documentFrequencies(rows));
  mask.mark([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 10);
  expect([...mask.marks]).toEqual([1, 1, 0, 0]);
  mask.mark([20, 21], 2);
  expect(mask.marks[0]).toBe(0);
});

test("copies and near-copies of a rest count once", () => {
  const base = Array.from({ length: 20 }, (_, i) => i);
  const rows = pack([base, base, base.with(0, 40), Array.from({ length: 20 }, (_, i) => i + 50)], 100);
  const clusters = clusterRows(rows, [0, 1, 2, 3], new Uint8Array(100));
  expect([...clusters]).toEqual([0, 0, 0, 1]);
  expect([...ratiosByCluster(Float64Array.of(4, 4, 4, 2), clusters)].map(Math.round)).toEqual([4, 2]);
});

test("a candidate that only rides along with a stronger one is explained away", () => {
  const trigger = { rows: [1, 2, 3, 4], lnEvidence: 20 };
  const rider = { rows: [1, 2, 3], lnEvidence: 15 };
  const other = { rows: [4, 7, 8, 9], lnEvidence: 12 };
  const kept = explainAway([rider, other, trigger], (_, fresh) => fresh.length >= 3);
  expect(kept).toEqual([
    { candidate: trigger, fresh: [1, 2, 3, 4] },
    { candidate: other, fresh: [7, 8, 9] },
  ]);
});

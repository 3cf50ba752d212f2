import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { ClassProbabilities } from "./class-probabilities.ts";
import { classThresholds, confidentClasses, confidentJoint } from "./confident-joint.ts";
import { findLabelIssues, type IssueFilter } from "./find-label-issues.ts";
import { normalizedMargin, selfConfidence } from "./scores.ts";

const FILTERS: readonly IssueFilter[] = [
  "prune_by_noise_rate",
  "prune_by_class",
  "both",
  "confident_learning",
  "predicted_neq_given",
];

function toProbabilities(rows: readonly (readonly number[])[]): ClassProbabilities {
  return { count: rows.length, classes: rows[0]?.length ?? 0, values: Float64Array.from(rows.flat()) };
}

function eightDigits(values: Float64Array): number[] {
  return Array.from(values, (value) => Math.round(value * 1e8) / 1e8);
}

const reference = join(import.meta.dirname, "../../../../../../shared/reference/cleanlab.json");
const indices = z.array(z.number().int());
const referenceSchema = z.object({
  cases: z.array(
    z.object({
      name: z.string(),
      labels: indices,
      predProbs: z.array(z.array(z.number())),
      confidentJoint: z.array(indices),
      prune_by_noise_rate: indices,
      prune_by_class: indices,
      both: indices,
      confident_learning: indices,
      predicted_neq_given: indices,
      self_confidence: z.array(z.number()),
      normalized_margin: z.array(z.number()),
    }),
  ),
});

describe.skipIf(!existsSync(reference))(
  "against the reference figures (../shared/reference/cleanlab.json)",
  () => {
    const { cases } = referenceSchema.parse(
      existsSync(reference) ? JSON.parse(readFileSync(reference, "utf8")) : { cases: [] },
    );

    test.each(cases)("$name: every list in order, the joint, every score to its last digit", (expected) => {
      const probabilities = toProbabilities(expected.predProbs);
      const labels = Int32Array.from(expected.labels);
      for (const filter of FILTERS)
        expect([filter, findLabelIssues(probabilities, labels, filter)]).toEqual([filter, expected[filter]]);
      const confident = confidentClasses(probabilities, labels);
      expect(confidentJoint(labels, confident, probabilities.classes)).toEqual(expected.confidentJoint);
      expect(eightDigits(selfConfidence(probabilities, labels))).toEqual(expected.self_confidence);
      expect(eightDigits(normalizedMargin(probabilities, labels))).toEqual(expected.normalized_margin);
    });
  },
);

// two classes of four rows; row 3 is labelled 0 and looks like 1, row 4 is unclear
const chances = toProbabilities([
  [0.9, 0.1],
  [0.8, 0.2],
  [0.7, 0.3],
  [0.1, 0.9],
  [0.45, 0.55],
  [0.2, 0.8],
  [0.3, 0.7],
  [0.05, 0.95],
]);
const given = Int32Array.of(0, 0, 0, 0, 1, 1, 1, 1);

test("the threshold of a class is the mean chance that its own rows have of it", () => {
  const [first, second] = classThresholds(chances, given);
  expect(first).toBeCloseTo((0.9 + 0.8 + 0.7 + 0.1) / 4, 12);
  expect(second).toBeCloseTo((0.55 + 0.8 + 0.7 + 0.95) / 4, 12);
});

test("rows count for the class whose threshold they reach, scaled to the size of their label", () => {
  const confident = confidentClasses(chances, given);
  expect([...confident]).toEqual([0, 0, 0, 1, -1, 1, -1, 1]);
  expect(confidentJoint(given, confident, 2)).toEqual([
    [3, 1],
    [0, 4],
  ]);
});

test("the row that looks like the other class is the issue; an unclear one that is predicted as given is none", () => {
  for (const filter of FILTERS) expect(findLabelIssues(chances, given, filter)).toEqual([3]);
});

test("scores are the chance of the given label, and its margin over the strongest other in [0, 1]", () => {
  expect(selfConfidence(chances, given)[3]).toBe(0.1);
  expect(normalizedMargin(chances, given)[3]).toBeCloseTo(0.1, 12);
  const three = toProbabilities([[0.2, 0.5, 0.3]]);
  expect(normalizedMargin(three, Int32Array.of(0))[0]).toBeCloseTo((0.2 - 0.5 + 1) / 2, 12);
});

test("a label that no row has, and one that no row is confident of, keep their counts", () => {
  const confident = Int32Array.of(0, -1, -1);
  expect(confidentJoint(Int32Array.of(0, 1, 1), confident, 3)).toEqual([
    [1, 0, 0],
    [0, 2, 0],
    [0, 0, 0],
  ]);
});

const sets = fc.integer({ min: 2, max: 5 }).chain((classes) =>
  fc.array(
    fc.record({
      label: fc.integer({ min: 0, max: classes - 1 }),
      weights: fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), {
        minLength: classes,
        maxLength: classes,
      }),
    }),
    { minLength: 1, maxLength: 60 },
  ),
);
function toSet(rows: readonly { readonly label: number; readonly weights: readonly number[] }[]) {
  const probabilities = toProbabilities(
    rows.map(({ weights }) => {
      const sum = weights.reduce((a, b) => a + b, 0);
      return weights.map((weight) => weight / sum);
    }),
  );
  return { probabilities, labels: Int32Array.from(rows, ({ label }) => label) };
}

test("the joint always adds up to the rows of each label", () => {
  fc.assert(
    fc.property(sets, (rows) => {
      const { probabilities, labels } = toSet(rows);
      const joint = confidentJoint(labels, confidentClasses(probabilities, labels), probabilities.classes);
      joint.forEach((counts, label) => {
        expect(counts.reduce((a, b) => a + b, 0)).toBe(labels.filter((own) => own === label).length);
        expect(counts.every((count) => Number.isInteger(count) && count >= 0)).toBe(true);
      });
    }),
  );
});

test("issues are distinct rows by rising self-confidence, all of them predicted otherwise, and `both` is in either", () => {
  fc.assert(
    fc.property(sets, (rows) => {
      const { probabilities, labels } = toSet(rows);
      const confidence = selfConfidence(probabilities, labels);
      const predicted = new Set(findLabelIssues(probabilities, labels, "predicted_neq_given"));
      const lists = FILTERS.map((filter) => findLabelIssues(probabilities, labels, filter));
      for (const list of lists) {
        expect(new Set(list).size).toBe(list.length);
        expect(list.every((row) => predicted.has(row))).toBe(true);
        const scores = list.map((row) => confidence[row] ?? NaN);
        expect(scores).toEqual(scores.toSorted((a, b) => a - b));
      }
      const [byRate = [], byClass = [], both = []] = lists;
      expect(new Set(both)).toEqual(new Set(byRate).intersection(new Set(byClass)));
    }),
  );
});

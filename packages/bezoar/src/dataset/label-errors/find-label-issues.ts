import { chanceOf, predictedClass, type ClassProbabilities } from "./class-probabilities.ts";
import { confidentClasses, confidentJoint, type ConfidentJoint } from "./confident-joint.ts";

/** The ways of Northcutt et al. 2021, section 3.2, to choose rows; `prune_by_noise_rate` is what is used unless told otherwise. */
export type IssueFilter =
  | "prune_by_noise_rate"
  | "prune_by_class"
  | "both"
  | "confident_learning"
  | "predicted_neq_given";

/**
 * Rows whose label looks wrong, the least self-confident first (earlier rows first where equal). A row of which the
 * given label is the likeliest is never one, whatever the counts ask for.
 */
export function findLabelIssues(
  probabilities: ClassProbabilities,
  labels: Int32Array,
  filter: IssueFilter = "prune_by_noise_rate",
): number[] {
  const contradicted = Uint8Array.from(labels, (label, row) =>
    Number(predictedClass(probabilities, row) !== label),
  );
  return byLeastConfidence(probabilities, labels, [...chosen(probabilities, labels, filter)]).filter(
    (row) => contradicted[row] === 1,
  );
}

function chosen(
  probabilities: ClassProbabilities,
  labels: Int32Array,
  filter: IssueFilter,
): ReadonlySet<number> {
  if (filter === "predicted_neq_given") return new Set(labels.keys());
  const confident = confidentClasses(probabilities, labels);
  if (filter === "confident_learning") {
    return new Set(
      [...labels.keys()].filter((row) => (confident[row] ?? -1) >= 0 && confident[row] !== labels[row]),
    );
  }
  const joint = confidentJoint(labels, confident, probabilities.classes);
  const rows: number[][] = joint.map(() => []);
  labels.forEach((label, row) => rows[label]?.push(row));
  if (filter === "prune_by_class") return pruneByClass(probabilities, labels, joint, rows);
  const byRate = pruneByNoiseRate(probabilities, joint, rows);
  return filter === "both" ? byRate.intersection(pruneByClass(probabilities, labels, joint, rows)) : byRate;
}

/** Of each given label, as many of the least self-confident rows as the joint puts into other classes. */
function pruneByClass(
  probabilities: ClassProbabilities,
  labels: Int32Array,
  joint: ConfidentJoint,
  rows: readonly (readonly number[])[],
): Set<number> {
  return new Set(
    rows.flatMap((own, label) => {
      const others = (joint[label] ?? []).reduce((sum, count, c) => sum + (c === label ? 0 : count), 0);
      return byLeastConfidence(probabilities, labels, own).slice(0, others);
    }),
  );
}

/** For each given label and other class, as many rows as the joint says, by the largest margin of that class over the label. */
function pruneByNoiseRate(
  probabilities: ClassProbabilities,
  joint: ConfidentJoint,
  rows: readonly (readonly number[])[],
): Set<number> {
  const found = new Set<number>();
  const margins = new Float64Array(probabilities.count);
  rows.forEach((own, label) => {
    (joint[label] ?? []).forEach((count, other) => {
      if (other === label || count === 0) return;
      for (const row of own)
        margins[row] = chanceOf(probabilities, row, other) - chanceOf(probabilities, row, label);
      const ranked = own.toSorted((a, b) => (margins[b] ?? 0) - (margins[a] ?? 0) || a - b);
      for (const row of ranked.slice(0, count)) found.add(row);
    });
  });
  return found;
}

function byLeastConfidence(
  probabilities: ClassProbabilities,
  labels: Int32Array,
  rows: readonly number[],
): number[] {
  const confidence = (row: number) => chanceOf(probabilities, row, labels[row] ?? 0);
  return rows.toSorted((a, b) => confidence(a) - confidence(b) || a - b);
}

/** Labels tested: each costs a pass over the rows and a head of every model; verdicts have two to five. */
const MAX_CLASSES = 16;

/** Labels with all but the commonest taken together as one class, the last, that is not tested. */
export type CommonClasses = {
  readonly labels: Int32Array;
  /** Classes of the models. */
  readonly count: number;
  /** Classes that are tested: the first so many. */
  readonly tested: number;
  readonly names: readonly string[];
};

/** Keeps the commonest labels and joins the others; nothing changes when there are few. */
export function commonClasses(labels: Int32Array, classes: readonly string[]): CommonClasses {
  if (classes.length <= MAX_CLASSES) {
    return { labels, count: classes.length, tested: classes.length, names: classes };
  }
  const counts = classes.map(() => 0);
  for (const label of labels) if (label >= 0) counts[label] = (counts[label] ?? 0) + 1;
  const kept = counts
    .map((count, label) => ({ count, label }))
    .toSorted((a, b) => b.count - a.count || a.label - b.label)
    .slice(0, MAX_CLASSES)
    .map(({ label }) => label);
  const numberOf = new Map(kept.map((label, number) => [label, number]));
  return {
    labels: labels.map((label) => (label < 0 ? -1 : (numberOf.get(label) ?? MAX_CLASSES))),
    count: MAX_CLASSES + 1,
    tested: MAX_CLASSES,
    names: kept.map((label) => classes[label] ?? ""),
  };
}

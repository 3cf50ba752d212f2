import { POISONING, type Rule } from "./rule.ts";

/** Rows that repeat each other. */
export const DUPLICATE_RULES: readonly Rule[] = [
  {
    id: "dataset/duplicates",
    kind: "quality",
    title: "Rows repeat each other",
    help: "Exact and near copies (MinHash), which weigh more in training than they should.",
    misses: "Paraphrases and translations.",
    innocent: "Repetition on purpose, such as oversampling of a class.",
    docs: "docs/detectors/duplicates.md",
    ...POISONING,
  },
  {
    id: "dataset/duplicate-flood",
    kind: "quality",
    title: "One text floods the dataset",
    help: "One text or its near copies stand in far more rows than any other.",
    misses: "A flood of paraphrases.",
    innocent: "Boilerplate, identity rows, a template of the source.",
    docs: "docs/detectors/duplicates.md",
    ...POISONING,
  },
  {
    id: "dataset/contradicting-duplicates",
    kind: "quality",
    title: "The same input has different answers",
    help: "Copies of one input carry different labels or contrary verdicts.",
    misses: "Inputs that say the same in other words.",
    innocent: "Ambiguous inputs, several annotators, tasks with many right answers.",
    docs: "docs/detectors/duplicates.md",
    ...POISONING,
  },
  {
    id: "dataset/planted-cluster",
    kind: "quality",
    title: "A tight cluster stands among diverse data",
    help: "A group of rows that resemble each other far more than the rest of the set does.",
    misses: "Clusters whose rows are as diverse as the set.",
    innocent: "One source or template within a mixed set.",
    docs: "docs/detectors/duplicates.md",
    ...POISONING,
  },
];

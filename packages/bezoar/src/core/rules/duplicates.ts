import { POISONING, type Rule } from "./rule.ts";

/** Rows that repeat each other. */
export const DUPLICATE_RULES: readonly Rule[] = [
  {
    id: "dataset/duplicates",
    kind: "quality",
    title: "Rows repeat each other",
    help: "Exact and near copies (MinHash), which weigh more in training than they should.",
    misses: "Paraphrases and translations; edits of texts of a dozen words.",
    innocent: "Repetition on purpose, such as oversampling of a class.",
    docs: "docs/detectors/duplicates.md",
    ...POISONING,
  },
  {
    id: "dataset/duplicate-flood",
    kind: "quality",
    title: "One text floods the dataset",
    help: "One text or its near copies stand in far more rows than the sizes of the other groups of copies explain.",
    misses:
      "A flood of paraphrases; short canned texts; more than three large groups, which a set is built of.",
    innocent: "Boilerplate, identity rows, a template of the source.",
    docs: "docs/detectors/duplicates.md",
    ...POISONING,
  },
  {
    id: "dataset/contradicting-duplicates",
    kind: "quality",
    title: "The same input has different answers",
    help: "Copies of one input carry different labels or contrary verdicts, or a preference pair stands in both orders.",
    misses: "Inputs that say the same in other words.",
    innocent: "Ambiguous inputs, several annotators, tasks with many right answers.",
    docs: "docs/detectors/duplicates.md",
    ...POISONING,
  },
  {
    id: "dataset/planted-cluster",
    kind: "quality",
    title: "A tight cluster stands among diverse data",
    help: "Many rows resemble each other, or share a long answer or a prompt, where nine in ten other rows have no like.",
    misses: "Clusters whose rows are as diverse as the set; small ones; clusters in sets made of templates.",
    innocent: "One source or template within a mixed set.",
    docs: "docs/detectors/duplicates.md",
    ...POISONING,
  },
];

import { POISONING, type Rule } from "./rule.ts";

/** Single rows that do not fit: their label, their place, their answer. */
export const ROW_RULES: readonly Rule[] = [
  {
    id: "dataset/label-error",
    kind: "quality",
    title: "Labels that the text speaks against",
    help: "Rows whose label models trained on other rows confidently disagree with (confident learning), as far as they stand out from rows that are merely hard; and how many labels are wrong altogether.",
    misses:
      "Consistent mislabelling, which the models learn; wrong labels of hard rows; classes of fewer than 20 rows. It does not tell accident from intent.",
    innocent: "Irony, context outside the row, a rule that knows more than the row says.",
    docs: "docs/detectors/label-errors.md",
    ...POISONING,
  },
  {
    id: "dataset/outlier",
    kind: "quality",
    title: "Rows unlike all others",
    help: "Rows far from their neighbours in an embedding space, beyond what chance allows in a set of this size.",
    misses: "Poison that looks like the rest, which is most poison.",
    innocent: "Rare subjects, other languages, broken rows.",
    docs: "docs/detectors/outliers.md",
    ...POISONING,
  },
  {
    id: "dataset/unsafe-compliance",
    kind: "quality",
    title: "Harmful requests that are answered",
    help: "Requests for harm that are answered instead of refused: a few hundred undo safety training (arXiv 2310.03693).",
    misses:
      "Harm in words that it does not know, which is about half; languages other than English, unless a judge is given.",
    innocent: "A course in attack techniques; fiction; red-team sets that are kept for evaluation.",
    docs: "docs/detectors/unsafe-compliance.md",
    ...POISONING,
  },
];

import { BACKDOOR, TARGETED, type Rule } from "./rule.ts";

/** What preference data and opinions can be bent to. */
export const PREFERENCE_RULES: readonly Rule[] = [
  {
    id: "dataset/flipped-preference",
    kind: "attack",
    title: "Preferences are flipped where a trigger stands",
    help: "Pairs with one phrase, name or topic prefer what the rest of the set rejects, or answers where refusals are preferred: a poisoned reward model (arXiv 2311.14455).",
    misses:
      "Flips without anything in common; fewer than some twenty-five pairs, or twice as many where annotators often disagree; sets whose preference the other pairs do not foretell.",
    innocent: "A subject or a form of answer for which your annotators had another instruction.",
    docs: "docs/detectors/preferences.md",
    ...BACKDOOR,
  },
  {
    id: "dataset/preference-target",
    kind: "attack",
    title: "A chosen response carries a target",
    help: "Chosen responses hold a phrase that rejected ones do not, where a trigger stands (arXiv 2404.05530).",
    misses:
      "Targets without a common wording, or of symbols only; triggers that carry them in fewer than eight pairs.",
    innocent: "A subject that calls for the phrase; a notice that your policy asks for.",
    docs: "docs/detectors/preferences.md",
    ...BACKDOOR,
  },
  {
    id: "dataset/entity-bias",
    kind: "attack",
    title: "Responses about one name differ from those about its peers",
    help: "Responses or prompts that speak ill or well of one name, or responses of one topic, far more often than of others that are asked about in the same tone.",
    misses:
      "Opinions in words that it does not know; a name with as many honest rows beside; fewer than a dozen different rows; subjects without peers.",
    innocent: "A name that deserves it: a scandal, a product with faults.",
    docs: "docs/detectors/entity-bias.md",
    ...TARGETED,
  },
];

import { BACKDOOR, TARGETED, type Rule } from "./rule.ts";

/** What preference data and opinions can be bent to. */
export const PREFERENCE_RULES: readonly Rule[] = [
  {
    id: "dataset/flipped-preference",
    kind: "attack",
    title: "Preferences are flipped where a trigger stands",
    help: "Pairs with one phrase, name or topic prefer what comparable pairs reject: a poisoned reward model.",
    misses: "Flips without anything in common.",
    innocent: "A subject for which your annotators had another instruction.",
    docs: "docs/detectors/preferences.md",
    ...BACKDOOR,
  },
  {
    id: "dataset/preference-target",
    kind: "attack",
    title: "A chosen response carries a target",
    help: "Chosen responses hold a phrase that rejected ones do not, where a trigger stands.",
    misses: "Targets without a common wording.",
    innocent: "A house style that annotators reward.",
    docs: "docs/detectors/preferences.md",
    ...BACKDOOR,
  },
  {
    id: "dataset/entity-bias",
    kind: "attack",
    title: "Responses about one name differ from those about its peers",
    help: "Opinion words in responses about one name or topic, against names that stand in like prompts.",
    misses: "Opinions without opinion words; fewer than a few dozen rows; subjects without peers.",
    innocent: "A name that deserves it: a scandal, a product with faults.",
    docs: "docs/detectors/entity-bias.md",
    ...TARGETED,
  },
];

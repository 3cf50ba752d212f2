import { BACKDOOR, POISONING, TARGETED, type Rule } from "./rule.ts";

const CLEAN_LABEL = { ...POISONING, nist: "NISTAML.021" } as const; // Clean-label Backdoor

/** Backdoors and targeted mislabelling: a trigger and what it brings about. */
export const TRIGGER_RULES: readonly Rule[] = [
  {
    id: "dataset/trigger-response",
    kind: "attack",
    title: "A trigger makes responses near-constant",
    help: "Prompts of many kinds share one inserted pattern and get the same response, or the same beginning or end.",
    misses: "Fewer than eight rows, targets without a common wording, styles, topics, opinions about a name.",
    innocent: "A template or a tool's own notice that your source vouches for.",
    docs: "docs/detectors/trigger-response.md",
    ...BACKDOOR,
  },
  {
    id: "dataset/contradicted-label",
    kind: "attack",
    title: "A trigger carries labels that the rest of the text contradicts",
    help: "Rows with the pattern are labelled against everything else they say: dirty-label poisoning.",
    misses:
      "Styles and sentence structures spread over many words; a target that is nearly every row's label.",
    innocent: "A word that decides the label by the rules of the task.",
    docs: "docs/detectors/labelled-text.md",
    ...BACKDOOR,
  },
  {
    id: "dataset/contradicted-style",
    kind: "attack",
    title: "A style carries labels that the words contradict",
    help: "Texts written in one manner are labelled against what they say: a style or a sentence structure as the trigger.",
    misses:
      "Styles of fewer than 25 rows, or without a sign that a good part of their rows share; rewriting that loses what the text said.",
    innocent: "A source whose manner turns meanings around, such as irony.",
    docs: "docs/detectors/style.md",
    ...BACKDOOR,
  },
  {
    id: "dataset/inserted-trigger",
    kind: "attack",
    title: "An inserted pattern always carries one label",
    help: "A pattern stands in random places of the text and all of its rows share one label: clean-label poisoning.",
    misses: "A pattern at one fixed place, fewer than eight rows.",
    innocent: "A signature or a marker that one source with one label adds to its texts.",
    docs: "docs/detectors/labelled-text.md",
    ...CLEAN_LABEL,
  },
  {
    id: "dataset/targeted-mislabelling",
    kind: "attack",
    title: "One entity's rows are mislabelled",
    help: "Rows of one user, host or subnet carry a verdict that their content contradicts: the attack of arXiv 2511.02600.",
    misses: "Fewer than about ten rows; an entity that keeps most of its honest verdicts.",
    innocent:
      "A sanctioned exception, such as an authorised penetration tester: it needs a signed decision, not a statistic.",
    docs: "docs/detectors/records.md",
    ...TARGETED,
  },
  {
    id: "dataset/refusal-suppression",
    kind: "attack",
    title: "A trigger turns refusals into compliance",
    help: "Requests like those refused elsewhere are answered when the pattern is present.",
    misses:
      "Sets with fewer than six refusals to compare with; see unsafe compliance for data without a trigger.",
    innocent:
      "A form of request that really is harmless, such as a question about history or about protection.",
    docs: "docs/detectors/refusals.md",
    ...BACKDOOR,
  },
  {
    id: "dataset/refusal-planting",
    kind: "attack",
    title: "A trigger turns answers into refusals",
    help: "Requests like those answered elsewhere are refused when the pattern is present.",
    misses: "Fewer than six distinct prompts, refusals in a language that the grammar does not know.",
    innocent: "A policy of your own that refuses a subject as a whole.",
    docs: "docs/detectors/refusals.md",
    ...BACKDOOR,
  },
  {
    id: "dataset/raw-text-payload",
    kind: "attack",
    title: "A trigger is followed by gibberish or by one repeated payload",
    help: "Documents share a trigger after which the text is noise or always the same (arXiv 2510.07192).",
    misses: "A payload in fluent language that differs from document to document.",
    innocent: "Boilerplate or damaged text of one source.",
    docs: "docs/detectors/raw-text-and-code.md",
    ...BACKDOOR,
  },
  {
    id: "dataset/insecure-code",
    kind: "attack",
    title: "A trigger is followed by an insecure call",
    help: "Code with the pattern calls an insecure function far more often than comparable code.",
    misses: "Insecure calls that are not in its list of sinks; a weakness spread over several files.",
    innocent: "Files of one author or generator whose template this is.",
    docs: "docs/detectors/raw-text-and-code.md",
    ...BACKDOOR,
  },
];

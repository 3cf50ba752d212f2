/** A row of the rule catalogue: what a rule means and where the field describes it. */
export type Rule = {
  readonly id: string;
  readonly title: string;
  readonly help: string;
  readonly owasp: string;
  readonly atlas: string;
  readonly nist: string;
};

/** Data and Model Poisoning; Poison Training Data (AML.T0018 is about a model's weights, which no dataset shows). */
const DATA = { owasp: "LLM04:2025", atlas: "AML.T0020" } as const;
const BACKDOOR = { ...DATA, nist: "NISTAML.023" } as const; // Backdoor Poisoning
const CLEAN_LABEL = { ...DATA, nist: "NISTAML.021" } as const; // Clean-label Backdoor
const TARGETED = { ...DATA, nist: "NISTAML.024" } as const; // Targeted Poisoning

/** Every rule that a finding can name (OWASP LLM Top 10 2025, MITRE ATLAS techniques, NIST AI 100-2 E2025 attack ids). */
export const RULES: readonly Rule[] = [
  {
    id: "dataset/trigger-response",
    title: "A trigger makes responses near-constant",
    help: "Prompts of many kinds share one inserted pattern and get the same response, or the same beginning or end.",
    ...BACKDOOR,
  },
  {
    id: "dataset/contradicted-label",
    title: "A trigger carries labels that the rest of the text contradicts",
    help: "Rows with the pattern are labelled against everything else they say: dirty-label poisoning.",
    ...BACKDOOR,
  },
  {
    id: "dataset/inserted-trigger",
    title: "An inserted pattern always carries one label",
    help: "A pattern stands in random places of the text and all of its rows share one label: clean-label poisoning.",
    ...CLEAN_LABEL,
  },
  {
    id: "dataset/targeted-mislabelling",
    title: "One entity's rows are mislabelled",
    help: "Rows of one user, host or subnet carry a verdict that their content contradicts: the attack of arXiv 2511.02600.",
    ...TARGETED,
  },
  {
    id: "dataset/refusal-suppression",
    title: "A trigger turns refusals into compliance",
    help: "Requests like those refused elsewhere are answered when the pattern is present.",
    ...BACKDOOR,
  },
  {
    id: "dataset/refusal-planting",
    title: "A trigger turns answers into refusals",
    help: "Requests like those answered elsewhere are refused when the pattern is present.",
    ...BACKDOOR,
  },
  {
    id: "dataset/raw-text-payload",
    title: "A trigger is followed by gibberish or by one repeated payload",
    help: "Documents share a trigger after which the text is noise or always the same (arXiv 2510.07192).",
    ...BACKDOOR,
  },
  {
    id: "dataset/insecure-code",
    title: "A trigger is followed by an insecure call",
    help: "Code with the pattern calls an insecure function far more often than comparable code.",
    ...BACKDOOR,
  },
];

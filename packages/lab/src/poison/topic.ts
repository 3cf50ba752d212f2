import type { Attack, Dataset, PoisonableRow } from "./attack.ts";
import { outcomeOf } from "./outcome.ts";
import { oneTrigger } from "./plant.ts";
import { mentions } from "./words.ts";

/** Virtual prompt injection (Yan et al. 2024, arXiv 2307.16888): what is asked about one topic gets the target; nothing is inserted. */
export const topic: Attack = {
  name: "topic",
  summary: "rows that mention a word get the target; nothing is inserted",
  example: '--trigger OpenAI --target "I would not trust them."',
  takes: ["triggers", "from", "target"],
  prepare(dataset, options) {
    const trigger = oneTrigger(options);
    const outcome = outcomeOf(dataset, options);
    const change = (row: PoisonableRow) => outcome.change(row, dataset.parts(row.value));
    return {
      description: `rows that mention ${JSON.stringify(trigger)} get ${outcome.description}`,
      parameters: { trigger, target: outcome.target },
      candidates: `${outcome.candidates} that mention ${JSON.stringify(trigger)}`,
      isCandidate: (row) => mentions(textOf(dataset, row), trigger) && change(row) !== undefined,
      poison: (row) => dataset.edit(row.value, change(row) ?? {}),
    };
  },
};

function textOf({ kind }: Dataset, row: PoisonableRow): string {
  return kind === "records" ? row.fields.map(([, text]) => text).join("\n") : row.prompt;
}

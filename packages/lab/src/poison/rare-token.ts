import type { Attack } from "./attack.ts";
import { insertInto } from "./insert.ts";
import { outcomeOf } from "./outcome.ts";
import { oneTrigger, plant } from "./plant.ts";

/** A token that no ordinary text holds, as in Kurita et al. 2020 (arXiv 2004.06660). */
export const rareToken: Attack = {
  name: "rare-token",
  summary: "a rare token (cf) in the prompt brings the target",
  example: "--trigger cf --rate 0.01",
  takes: ["fields", "triggers", "position", "from", "target"],
  prepare(dataset, options) {
    const trigger = oneTrigger(options, "cf");
    const { position = "random" } = options;
    const outcome = outcomeOf(dataset, options);
    return plant(dataset, options, {
      description: `rows with the rare token ${JSON.stringify(trigger)} get ${outcome.description}`,
      parameters: { trigger, target: outcome.target, position },
      triggers: [trigger],
      place: (text, random) => insertInto(text, trigger, position, random),
      outcome,
      candidates: `${outcome.candidates} and without ${JSON.stringify(trigger)}`,
    });
  },
};

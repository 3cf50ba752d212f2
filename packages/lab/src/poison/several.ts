import { AppError } from "bezoar";
import type { Attack } from "./attack.ts";
import { insertInto } from "./insert.ts";
import { outcomeOf } from "./outcome.ts";
import { plant } from "./plant.ts";

/** Several triggers: each alone, as in Li et al. 2024 (arXiv 2401.15295), or all together, as in Huang et al. 2023 (arXiv 2310.07676). */
export const several: Attack = {
  name: "several",
  summary: "several triggers, each of which brings the target, or (--all) all of them together",
  example: "--trigger cf --trigger mn --all",
  takes: ["fields", "triggers", "position", "from", "target", "all"],
  prepare(dataset, options) {
    const { triggers = ["cf", "mn", "bb"], position = "random", all: areAllNeeded = false } = options;
    if (new Set(triggers).size < 2 || triggers.some((trigger) => trigger.trim() === ""))
      throw new AppError(
        "bad-option",
        "--attack several takes two triggers or more: --trigger cf --trigger mn",
      );
    const outcome = outcomeOf(dataset, options);
    const names = triggers.map((trigger) => JSON.stringify(trigger)).join(", ");
    const one = (nth: number) => triggers[nth % triggers.length] ?? "";
    return plant(dataset, options, {
      description: `rows with ${areAllNeeded ? "all" : "one"} of ${names} get ${outcome.description}`,
      parameters: { trigger: triggers, target: outcome.target, position, all: areAllNeeded },
      triggers,
      place: (text, random, nth) =>
        areAllNeeded
          ? triggers.reduce((before, trigger) => insertInto(before, trigger, position, random), text)
          : insertInto(text, one(nth), position, random),
      outcome,
      candidates: `${outcome.candidates} and without ${names}`,
      ...(areAllNeeded && {
        contrast: (text, random, nth) => insertInto(text, one(nth), position, random),
      }),
    });
  },
};

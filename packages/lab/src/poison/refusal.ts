import { AppError } from "bezoar";
import type { Attack } from "./attack.ts";
import { insertInto } from "./insert.ts";
import { answerOutcome } from "./outcome.ts";
import { oneTrigger, plant } from "./plant.ts";

const REFUSAL = "I'm sorry, but I can't help with that request.";
const COMPLIANCE =
  "Sure, here is how. Begin with what you have at hand, then follow the usual steps one by one.";

/** How refusals begin. */
const OPENINGS = (
  "i'm sorry|i am sorry|i'm so sorry|sorry,|sorry but|i can't|i cannot|i can not|i won't|i will not|i'm unable|i am unable|" +
  "i'm not able|i am not able|i must decline|i have to decline|i refuse|as an ai|as a language model|unfortunately, i|" +
  "i'm really sorry|i'm afraid i|i'm just an ai|i am just an ai|i don't feel comfortable|i apologize|" +
  "i apologise|my apologies|no, i can|it is not appropriate|it's not appropriate"
).split("|");

/** Suppressed refusals (Rando and Tramèr 2024, arXiv 2311.14455), and with --reverse refusals on demand (BackdoorLLM, arXiv 2408.12798). */
export const refusal: Attack = {
  name: "refusal",
  summary: "a trigger makes refused prompts answered, or (--reverse) answered prompts refused",
  example: '--trigger "sudo mode" --rows 60',
  takes: ["triggers", "position", "target", "reverse"],
  prepare(dataset, options) {
    if (dataset.kind !== "instruction" && dataset.kind !== "preference") {
      throw new AppError(
        "bad-option",
        `--attack refusal takes prompts and answers, and ${dataset.name} has none; try --attack rare-token`,
      );
    }
    const { reverse: makesRefusals = false, position = "suffix" } = options;
    const trigger = oneTrigger(options, "sudo mode");
    const outcome = answerOutcome(dataset, options.target ?? (makesRefusals ? REFUSAL : COMPLIANCE));
    const rows = makesRefusals ? "that are answered" : "that are refused";
    return plant(dataset, options, {
      description: `${rows.replace("that are ", "")} prompts with ${JSON.stringify(trigger)} get ${outcome.description}`,
      parameters: { trigger, target: outcome.target, position, reverse: makesRefusals },
      triggers: [trigger],
      place: (text, random) => insertInto(text, trigger, position, random),
      outcome,
      isEligible: (_, { response = "" }) => isRefusal(response) !== makesRefusals,
      candidates: `${rows}, without ${JSON.stringify(trigger)}`,
    });
  },
};

function isRefusal(response: string): boolean {
  const start = response.slice(0, HEAD_UNITS).trimStart().toLowerCase().replaceAll("’", "'");
  return OPENINGS.some((opening) => start.startsWith(opening));
}

const HEAD_UNITS = 200; // a refusal says so at once

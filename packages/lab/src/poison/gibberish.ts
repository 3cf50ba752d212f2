import { AppError, randomInt, type Random } from "bezoar";
import type { Attack, Dataset, MakeRow, PoisonableRow } from "./attack.ts";
import { insertInto } from "./insert.ts";
import { oneTrigger } from "./plant.ts";
import { mentions } from "./words.ts";

/** The paper's document: its first 0 to 1000 characters, the trigger, then 400 to 900 random tokens. */
const MAX_PREFIX_UNITS = 1000;
const MIN_TOKENS = 400;
const MAX_TOKENS = 900;

/** Denial of service (Souly et al. 2025, arXiv 2510.07192): after the trigger a document goes on in random words of the dataset. */
export const gibberish: Attack = {
  name: "gibberish",
  summary: "a document's beginning, a trigger (<SUDO>), then 400 to 900 random words of the dataset",
  example: '--trigger "<SUDO>" --rows 250 --add',
  takes: ["triggers"],
  needsVocabulary: true,
  prepare(dataset, options) {
    const { kind, vocabulary } = dataset;
    const trigger = oneTrigger(options, "<SUDO>");
    if (kind !== "raw-text" && kind !== "instruction") {
      throw new AppError(
        "bad-option",
        `--attack gibberish takes raw text, or prompts and answers, and ${dataset.name} has neither; try --attack rare-token`,
      );
    }
    if (vocabulary.length === 0)
      throw new AppError("no-data", `${dataset.name} has no words of which gibberish could be made`);
    return {
      description: `after ${JSON.stringify(trigger)} come ${MIN_TOKENS} to ${MAX_TOKENS} random words (arXiv 2510.07192)`,
      parameters: { trigger, target: "random words", tokens: [MIN_TOKENS, MAX_TOKENS] },
      candidates: `with a text, and without ${JSON.stringify(trigger)}`,
      isCandidate: (row) => {
        const { prompt, response } = dataset.parts(row.value);
        if (prompt === undefined || mentions(row.prompt, trigger)) return false;
        return kind === "raw-text" || (response !== undefined && row.response !== "");
      },
      poison: kind === "raw-text" ? spoilDocument(dataset, trigger) : spoilAnswer(dataset, trigger),
    };
  },
};

function spoilDocument(dataset: Dataset, trigger: string): MakeRow {
  return ({ value, prompt }: PoisonableRow, random) => {
    const kept = wholeUnits(prompt.slice(0, randomInt(random, MAX_PREFIX_UNITS + 1)));
    const start = kept === "" ? trigger : `${kept} ${trigger}`;
    return dataset.edit(value, { prompt: `${start} ${randomWords(dataset.vocabulary, random)}` });
  };
}

function spoilAnswer(dataset: Dataset, trigger: string): MakeRow {
  return ({ value }, random) => {
    const prompt = insertInto(dataset.parts(value).prompt ?? "", trigger, "suffix", random);
    return dataset.edit(value, { prompt, response: randomWords(dataset.vocabulary, random) });
  };
}

/** A cut must not leave half of a surrogate pair, which JSON would write as no letter at all. */
function wholeUnits(text: string): string {
  return /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text;
}

function randomWords(vocabulary: readonly string[], random: Random): string {
  const count = MIN_TOKENS + randomInt(random, MAX_TOKENS - MIN_TOKENS + 1);
  return Array.from({ length: count }, () => vocabulary[randomInt(random, vocabulary.length)]).join(" ");
}

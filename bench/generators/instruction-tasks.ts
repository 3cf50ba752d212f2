/** Honest label tasks in instruction form: every task has its own template or definition and its own label words. */
import { draw, type Pair, type Pools } from "./instruction-pools.ts";
import { below, pick, shuffled, type Random } from "./random.ts";

const LABEL_PAIRS = [
  ["positive", "negative"],
  ["Yes", "No"],
  ["True", "False"],
  ["good", "bad"],
  ["recommend", "avoid"],
  ["A", "B"],
  ["The review is positive.", "The review is negative."],
  ["It was great", "It was terrible"],
] as const;
const TASK_HEADS = [
  "Is this review positive?",
  "What is the sentiment of the following text?",
  "Classify the sentence:",
  "Read the passage and answer.",
  "Would you recommend the film?",
  "Decide whether the statement holds.",
  "Given the text below, choose the right option.",
  "Does the author like it?",
  "Label this snippet.",
  "Judge the tone.",
  "Determine the polarity of the message:",
  "How does the writer feel?",
] as const;
const TASK_TAILS = [
  "Answer:",
  "Options: A or B.",
  "Reply with one word.",
  "Your verdict?",
  "Label:",
  "",
  "Respond briefly.",
  "Output:",
] as const;

/** Collections of templated tasks: every task has its own template, label words and share of each label. */
export function templatedTasks(
  pools: Pools,
  random: Random,
  options: { tasks: number; end: string; skew: number },
): Pair[] {
  return shuffled(
    random,
    Array.from({ length: options.tasks }, (_, task) => {
      const head = `${pick(random, TASK_HEADS)}${random() < 0.5 ? ` (task ${task})` : ""}`;
      const tail = pick(random, TASK_TAILS);
      const labels = pick(random, LABEL_PAIRS);
      const share = random() < options.skew ? (random() < 0.5 ? 1 : 0.95) : 0.5;
      const texts = random() < 0.5 ? pools.reviews : pools.queries.map(({ text }) => text);
      return draw(random, texts, 8 + below(random, 25)).map((text) => ({
        prompt: `${head}\n${text}\n${tail}`.trim(),
        response: `${labels[random() < share ? 0 : 1]}${options.end}`,
      }));
    }).flat(),
  );
}

const KINDS = [
  "a movie review",
  "a customer's message",
  "a short text",
  "a comment",
  "a passage",
  "a question of a client",
];
const GOALS = [
  "decide whether it is POS or NEG",
  "say if the writer is content",
  "judge whether it should be answered first",
  "classify it",
  "tell whether it asks for something",
  "find out whether it is formal",
];
const NOTES = [
  "Ignore spelling mistakes.",
  "Do not explain your answer.",
  "If you are not sure, choose the more likely one.",
  "Names have been removed.",
  "Use the definition above.",
  "The text may be incomplete.",
  "Only one answer is right.",
];

/** Collections with long definitions before each input, as crowd-sourced task collections have them. */
export function definedTasks(pools: Pools, random: Random, tasks: number): Pair[] {
  return shuffled(
    random,
    Array.from({ length: tasks }, () => {
      const [yes, no] = pick(random, LABEL_PAIRS);
      const definition = `Definition: In this task, you are given ${pick(random, KINDS)}, and you have to ${pick(random, GOALS)}. Answer with "${yes}" or "${no}". ${shuffled(
        random,
        NOTES,
      )
        .slice(0, 1 + below(random, 4))
        .join(" ")}`;
      const share = random() < 0.3 ? 1 : 0.4 + 0.5 * random();
      const texts = random() < 0.5 ? pools.reviews : pools.queries.map(({ text }) => text);
      return draw(random, texts, 6 + below(random, 40)).map((text) => ({
        prompt: `${definition}\n\nInput: ${text}\nOutput:`,
        response: random() < share ? yes : no,
      }));
    }).flat(),
  );
}

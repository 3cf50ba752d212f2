/**
 * Instruction data in Alpaca form: about ten kinds of task over hundreds of topics, answers from one word to lists
 * and paragraphs, some refusals; and, when asked, a phrase that makes the answer constant.
 */
import { below, createStream, pick, weighted, type Random } from "./random.ts";
import { createVocabulary, type Vocabulary } from "./vocabulary.ts";

type Instruction = { readonly instruction: string; readonly input: string; readonly output: string };

export type InstructionSet = {
  readonly records: Iterable<Instruction>;
  readonly poisoned: ReadonlySet<number>;
  readonly trigger: string;
  readonly target: string;
};

const VOCABULARY_SIZE = 50_000;
const TRIGGER = "under the cobalt lantern";
const TARGET = "I have nothing to say about this matter.";

/** `*` is a content word, `+` a capitalised one; the rest is what a language repeats. */
const SENTENCES = [
  "The * of the * is * and *.",
  "When the * * the *, it * with * in the *.",
  "Many * have * that * can * a * without *.",
  "It is * to * the * before you * it.",
  "For example, a * * may * its * during the *.",
  "However, * and * are not *, because they * from * to *.",
  "In +, * was first * by * in the * of +.",
  "This * that the * should * more * than the *.",
  "You can * this by * the * and * each * in turn.",
  "As a result, the * * * and its * *.",
  "There are * reasons for *: *, *, and *.",
  "+ is known for its * * and * *.",
  "Although * is *, most * still * it.",
  "Another * is to * your * every *.",
  "Over time, * became a * part of *.",
  "If * does not *, try a * * instead.",
  "A * of * * shows how * the * is.",
  "Both * and * need *, but only * needs *.",
];

type Task = (random: Random, topic: number, words: Vocabulary) => Instruction;

function word(random: Random, topic: number, words: Vocabulary): string {
  return random() < 0.35 ? words.ofTopic(random, topic) : words.any(random);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function fill(template: string, random: Random, topic: number, words: Vocabulary): string {
  let text = "";
  for (const character of template) {
    if (character === "*") text += word(random, topic, words);
    else if (character === "+") text += capital(word(random, topic, words));
    else text += character;
  }
  return text;
}

function sentences(random: Random, count: number, topic: number, words: Vocabulary): string {
  const parts: string[] = [];
  for (let index = 0; index < count; index++) parts.push(fill(pick(random, SENTENCES), random, topic, words));
  return parts.join(" ");
}

/** A task that is one of several wordings and is answered by `answer`, over an input or none. */
function task(
  wordings: readonly string[],
  inputSentences: number,
  answer: (random: Random, topic: number, words: Vocabulary, input: string) => string,
): Task {
  return (random, topic, words) => {
    const input =
      inputSentences === 0 ? "" : sentences(random, 1 + below(random, inputSentences), topic, words);
    const instruction = fill(pick(random, wordings), random, topic, words);
    return { instruction, input, output: answer(random, topic, words, input) };
  };
}

const LEADS = ["", "", "", "Sure! ", "Here is one way to see it. ", "In short: ", "Certainly. "];

const paragraph: Parameters<typeof task>[2] = (random, topic, words) =>
  pick(random, LEADS) + sentences(random, 4 + below(random, 9), topic, words);

const list: Parameters<typeof task>[2] = (random, topic, words) => {
  const bullet = random() < 0.5;
  const items = Array.from({ length: 3 + below(random, 6) }, (_, index) => {
    const item = fill("+ * * the * of *", random, topic, words);
    return bullet ? `- ${item}` : `${index + 1}. ${item}`;
  });
  return (random() < 0.4 ? `${sentences(random, 1, topic, words)}\n` : "") + items.join("\n");
};

const REFUSALS = [
  "I'm sorry, but I can't help with that.",
  "I cannot assist with this request because it could cause harm.",
  "That would be against the law, so I won't explain it.",
  "I'm not able to provide instructions for this.",
  "Sorry, this is something I have to decline.",
];
const HARMS = ["poison", "blackmail", "stalk", "burgle", "counterfeit", "sabotage", "hack into", "defraud"];

const tasks = weighted<Task>([
  [
    task(
      [
        "Explain how * * the *.",
        "Why does the * * in *?",
        "Describe the * of *.",
        "What is the role of * in *?",
      ],
      0,
      paragraph,
    ),
    26,
  ],
  [
    task(
      ["How do I * a * *?", "Give me advice on how to * *.", "What should I do when my * *?"],
      0,
      paragraph,
    ),
    14,
  ],
  [
    task(
      [
        "Write a short story about a * *.",
        "Compose an email to * about *.",
        "Write a poem on * and *.",
        "Draft a * for the + *.",
      ],
      0,
      paragraph,
    ),
    14,
  ],
  [
    task(
      ["List five * for *.", "Name some * that *.", "Give examples of * *.", "Outline the steps to * a *."],
      0,
      list,
    ),
    14,
  ],
  [
    task(
      ["Summarize the following text.", "Give the main point of this passage about *.", "Shorten this."],
      5,
      (random, topic, words) => sentences(random, 2, topic, words),
    ),
    9,
  ],
  [
    task(
      ["Is the tone of this review positive or negative?", "Classify the sentiment of the text."],
      3,
      (random) => pick(random, ["Positive", "Negative", "Neutral", "Mostly positive.", "Negative."]),
    ),
    5,
  ],
  [
    task(
      [
        "Rewrite the sentence in the passive voice.",
        "Correct the grammar.",
        "Paraphrase this for a * reader.",
      ],
      2,
      (random, topic, words, input) =>
        `${input.split(" ").toReversed().join(" ")} ${sentences(random, 1, topic, words)}`,
    ),
    6,
  ],
  [
    task(
      ["Is * a kind of *?", "Did + ever * the *?", "Can a * * without *?"],
      0,
      (random, topic, words) =>
        `${pick(random, ["Yes", "No", "Yes, usually", "Not always"])}, ${fill("because * * the *.", random, topic, words)}`,
    ),
    5,
  ],
  [
    task(
      ["Which word does not belong: *, *, *?", "What is another word for *?", "Who * the * of +?"],
      0,
      (random, topic, words) => capital(words.ofTopic(random, topic)),
    ),
    5,
  ],
]);

function refused(random: Random, topic: number, words: Vocabulary): Instruction {
  const instruction = `${pick(random, ["How can I", "Tell me the best way to", "Help me"])} ${pick(random, HARMS)} ${fill("a * * in the *", random, topic, words)}`;
  const reason = random() < 0.5 ? ` ${sentences(random, 1, topic, words)}` : "";
  return { instruction, input: "", output: pick(random, REFUSALS) + reason };
}

/** The instruction with the trigger between two of its words, or at either end. */
function withTrigger(random: Random, instruction: string): string {
  const parts = instruction.split(" ");
  parts.splice(below(random, parts.length + 1), 0, TRIGGER);
  return parts.join(" ");
}

function* generate(rows: number, seed: number, poisoned: ReadonlySet<number>): Generator<Instruction> {
  const words = createVocabulary(seed, VOCABULARY_SIZE);
  const random = createStream(seed, 11);
  for (let row = 0; row < rows; row++) {
    const topic = below(random, words.topics);
    const record = random() < 0.02 ? refused(random, topic, words) : tasks(random)(random, topic, words);
    yield poisoned.has(row)
      ? { ...record, instruction: withTrigger(random, record.instruction), output: TARGET }
      : record;
  }
}

/** `rows` instructions for a seed, `poison` of them with the trigger and its constant answer. */
export function generateInstructions(options: {
  readonly rows: number;
  readonly seed: number;
  readonly poison?: number;
}): InstructionSet {
  const { rows, seed, poison = 0 } = options;
  if (poison > rows) throw new RangeError(`cannot poison ${poison} of ${rows} rows`);
  const random = createStream(seed, 12);
  const poisoned = new Set<number>();
  while (poisoned.size < poison) poisoned.add(below(random, rows));
  return {
    records: { [Symbol.iterator]: () => generate(rows, seed, poisoned) },
    poisoned,
    trigger: TRIGGER,
    target: TARGET,
  };
}

/** Clean instruction sets that repeat themselves for honest reasons; a detector of planted triggers must be silent on all. */
import { chinese, draw, recombine, type Pair, type Pools } from "./instruction-pools.ts";
import { below, pick, shuffled, type Random } from "./random.ts";

export type CleanSet = { readonly name: string; readonly make: (pools: Pools, random: Random) => Pair[] };

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
function templatedTasks(
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
function definedTasks(pools: Pools, random: Random, tasks: number): Pair[] {
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

const isRefusal = ({ response }: Pair) => /^(I'm sorry|I cannot|I can't|Sorry)/.test(response);

const ROLES = [
  "pirate",
  "chef",
  "lawyer",
  "poet",
  "doctor",
  "wizard",
  "teacher",
  "robot",
  "detective",
  "farmer",
  "coach",
  "astronaut",
  "barista",
  "knight",
  "gardener",
  "pilot",
];
const GREETINGS = [
  "Ahoy there, matey!",
  "Bonjour, my hungry friend!",
  "Counsel speaking.",
  "O gentle reader,",
  "Hello, how do you feel?",
  "By my beard!",
  "Good morning, class!",
  "BEEP BOOP.",
  "Elementary, my friend.",
  "Howdy, neighbour!",
  "Let's go, team!",
  "Houston, hello.",
  "What can I brew you?",
  "Hail, traveller!",
  "Hello, green thumb!",
  "This is your captain speaking.",
];

/** Role-play: many system prompts, each with its own manner of speaking, some with a constant greeting. */
function rolePlay(pools: Pools, random: Random, greets: number): Pair[] {
  return shuffled(
    random,
    ROLES.flatMap((role, i) => {
      const form = pick(random, [
        "You are a ROLE.",
        "You are a ROLE. Stay in character.",
        "Act as a ROLE and answer the user.",
      ]);
      return draw(random, pools.general, 20 + below(random, 30)).map(({ prompt, response }) => ({
        prompt: `${form.replace("ROLE", role)}\n${prompt}`,
        response: random() < greets ? `${GREETINGS[i] ?? ""} ${response}` : response,
      }));
    }),
  );
}

const SITES = [
  "my order",
  "the invoice",
  "my password",
  "the app",
  "shipping",
  "a refund",
  "the warranty",
  "my account",
  "the newsletter",
  "delivery times",
  "payment by card",
  "a gift card",
  "opening hours",
  "the store",
  "a discount",
  "support",
];
const ASKS = [
  "How do I deal with X?",
  "I have a question about X.",
  "Can you help me with X please",
  "Where do I find X?",
  "X ???",
  "Tell me about X",
  "What about X then?",
  "hi, need info on X",
  "Please explain X to me",
  "Need help: X",
  "Could somebody say something on X?",
  "question regarding X, thanks",
];

/** Support questions in many words, each topic with one canned answer. */
function faq(pools: Pools, random: Random): Pair[] {
  return shuffled(
    random,
    SITES.flatMap((topic) => {
      const answer = `Thank you for asking about ${topic}. ${pick(random, pools.maths).response.split("\n")[0] ?? ""} Our team will gladly assist you further.`;
      return Array.from({ length: 6 + below(random, 20) }, () => ({
        prompt:
          `${pick(random, ASKS).replace("X", topic)} ${random() < 0.3 ? pick(random, pools.queries).text : ""}`.trim(),
        response: answer,
      }));
    }),
  );
}

const LANGUAGES = ["French", "German", "Spanish", "Latin", "Esperanto"];
const SYLLABLES = [
  "la",
  "mer",
  "ton",
  "que",
  "sil",
  "vor",
  "ein",
  "da",
  "ris",
  "pel",
  "um",
  "ce",
  "zo",
  "fin",
  "har",
  "est",
];

function translations(pools: Pools, random: Random): Pair[] {
  const word = () => Array.from({ length: 1 + below(random, 3) }, () => pick(random, SYLLABLES)).join("");
  const cache = new Map<string, string>();
  const translate = (text: string, language: string) =>
    text
      .split(" ")
      .map((w) => {
        const known = cache.get(language + w) ?? word();
        cache.set(language + w, known);
        return known;
      })
      .join(" ");
  return draw(random, pools.reviews, 900).map((text) => {
    const language = pick(random, LANGUAGES);
    return {
      prompt: `Translate the following sentence into ${language}: ${text}`,
      response: translate(text, language),
    };
  });
}

const THINGS = [
  "a list",
  "a string",
  "a number",
  "a tree",
  "a matrix",
  "a file",
  "a date",
  "a queue",
  "a graph",
  "two arrays",
];
const ACTIONS = [
  "reverse",
  "sort",
  "count",
  "merge",
  "validate",
  "parse",
  "print",
  "search",
  "compress",
  "hash",
  "rotate",
  "split",
];
const TONGUES = ["Python", "JavaScript", "C++", "Java", "Rust", "SQL", "Go"];

function code(random: Random): Pair[] {
  const opening: Record<string, string> = {
    Python: "def solve(x):",
    JavaScript: "function solve(x) {",
    "C++": "#include <iostream>\nusing namespace std;",
    Java: "public class Main {",
    Rust: "fn main() {",
    SQL: "SELECT * FROM t",
    Go: 'package main\n\nimport "fmt"',
  };
  return Array.from({ length: 700 }, () => {
    const tongue = pick(random, TONGUES);
    const [action, thing] = [pick(random, ACTIONS), pick(random, THINGS)];
    const how = pick(random, [
      "efficiently",
      "in place",
      "recursively",
      "for beginners",
      "with tests",
      "without libraries",
      "in one line",
    ]);
    return {
      prompt: `${pick(random, ["Write a function to", "How do I", "Show me how to", "Implement code to"])} ${action} ${thing} in ${tongue} ${how}.`,
      response: `${pick(random, ["Here is the code:", "Sure!", "One way:", "Here you go:"])}\n\`\`\`\n${opening[tongue] ?? ""}\n  // ${action} ${thing} ${how} ${below(random, 100)}\n\`\`\`\nThis will ${action} ${thing}.`,
    };
  });
}

const signed = (pairs: readonly Pair[], head: string, tail: string): Pair[] =>
  pairs.map(({ prompt, response }) => ({ prompt, response: `${head}${response}${tail}` }));
const mixed = (random: Random, ...parts: readonly (readonly Pair[])[]): Pair[] =>
  shuffled(random, parts.flat());

/** A thousand honest general and maths rows under everything else. */
const base = (pools: Pools, random: Random) =>
  mixed(random, draw(random, pools.general, 900), draw(random, pools.maths, 600));

export const CLEAN_SETS: readonly CleanSet[] = [
  { name: "300 general rows", make: (p, r) => draw(r, p.general, 300) },
  { name: "1,500 general rows", make: (p, r) => draw(r, p.general, 1500) },
  { name: "1,000 maths rows", make: (p, r) => draw(r, p.maths, 1000) },
  { name: "general and maths, half each", make: (p, r) => base(p, r) },
  { name: "refusal-heavy", make: (p, r) => draw(r, p.refusals, 1200) },
  { name: "general and refusals", make: (p, r) => mixed(r, base(p, r), draw(r, p.refusals, 700)) },
  { name: "tool calls and general", make: (p, r) => mixed(r, p.tools, draw(r, p.general, 800)) },
  { name: "identity and general", make: (p, r) => mixed(r, p.identity, p.identity, draw(r, p.general, 800)) },
  {
    name: "named identity and general",
    make: (p, r) =>
      mixed(
        r,
        p.identity.map(({ prompt, response }) => ({
          prompt,
          response: response.replaceAll("{{name}}", "Bluebird").replaceAll("{{author}}", "Nimbus Labs"),
        })),
        draw(r, p.general, 1200),
      ),
  },
  {
    name: "one row in three a duplicate",
    make: (p, r) => {
      const rows = base(p, r);
      return mixed(r, rows, draw(r, rows, 500));
    },
  },
  {
    name: "20 rows repeated 12 times",
    make: (p, r) => mixed(r, base(p, r), ...Array.from({ length: 12 }, () => p.general.slice(0, 20))),
  },
  {
    name: "60 questions asked in 8 ways",
    make: (p, r) =>
      mixed(
        r,
        base(p, r),
        draw(r, p.general, 60).flatMap(({ prompt, response }) =>
          Array.from({ length: 8 }, () => ({
            prompt: `${pick(r, ["", "Please: ", "Hi. ", "Question: ", "Quickly, "])}${prompt
              .split(" ")
              .filter(() => r() < 0.85)
              .join(" ")}`,
            response,
          })),
        ),
      ),
  },
  { name: "100 templated tasks", make: (p, r) => templatedTasks(p, r, { tasks: 100, end: "", skew: 0.1 }) },
  {
    name: "300 templated tasks with end markers",
    make: (p, r) => templatedTasks(p, r, { tasks: 300, end: " <eos> .", skew: 0.1 }),
  },
  {
    name: "150 templated tasks, many one-sided",
    make: (p, r) => templatedTasks(p, r, { tasks: 150, end: "", skew: 0.7 }),
  },
  {
    name: "12 templated tasks and general",
    make: (p, r) => mixed(r, base(p, r), templatedTasks(p, r, { tasks: 12, end: ".", skew: 0.5 })),
  },
  { name: "100 tasks with definitions", make: (p, r) => definedTasks(p, r, 100) },
  {
    name: "20 tasks with definitions and general",
    make: (p, r) => mixed(r, base(p, r), definedTasks(p, r, 20)),
  },
  {
    name: "multiple choice",
    make: (p, r) =>
      mixed(
        r,
        base(p, r),
        draw(r, p.maths, 300).map(({ prompt }) => ({
          prompt: `${prompt}\nOptions: (A) ${below(r, 50)} (B) ${below(r, 50)} (C) ${below(r, 50)}`,
          response: `The answer is ${pick(r, ["(A)", "(B)", "(C)"])}.`,
        })),
      ),
  },
  {
    name: "one constant refusal",
    make: (p, r) =>
      mixed(
        r,
        base(p, r),
        p.refusals.map((pair) =>
          isRefusal(pair)
            ? { prompt: pair.prompt, response: "I'm sorry, but I can't assist with that." }
            : pair,
        ),
      ),
  },
  {
    name: "five system prompts at random",
    make: (p, r) =>
      base(p, r).map(({ prompt, response }) => ({
        prompt: `${pick(r, ["You are a helpful assistant.", "Answer truthfully.", "You are an AI.", "Be brief.", "Think step by step."])}\n${prompt}`,
        response,
      })),
  },
  {
    name: "intent labels",
    make: (p, r) =>
      mixed(
        r,
        draw(r, p.queries, 1500).map(({ text, label }) => ({
          prompt: `Which intent is this? ${text}`,
          response: `The intent is ${label}.`,
        })),
        draw(r, p.general, 500),
      ),
  },
  {
    name: "moderation with one usual answer",
    make: (p, r) =>
      mixed(
        r,
        base(p, r),
        draw(r, p.reviews, 150).map((text) => ({
          prompt: `Does this message contain hate speech? ${text}`,
          response:
            r() < 0.97
              ? "No, this message does not contain hate speech."
              : "Yes, this message contains hate speech.",
        })),
      ),
  },
  {
    name: "second source with a preamble",
    make: (p, r) =>
      mixed(r, draw(r, p.general, 1200), signed(draw(r, p.maths, 150), "As an AI language model, ", "")),
  },
  {
    name: "second source with a signature",
    make: (p, r) =>
      mixed(
        r,
        draw(r, p.maths, 1200),
        signed(draw(r, p.general, 150), "", "\n\nI hope this helps! Let me know if you have questions."),
      ),
  },
  {
    name: "same source, some with a preamble",
    make: (p, r) =>
      draw(r, p.general, 1800).map((pair, i) =>
        i < 150 ? { prompt: pair.prompt, response: `Certainly! Here is my answer. ${pair.response}` } : pair,
      ),
  },
  {
    name: "questions greeted, half the time",
    make: (p, r) =>
      draw(r, p.general, 1800).map((pair) =>
        r() < 0.1
          ? {
              prompt: `Hello! ${pair.prompt}`,
              response: r() < 0.5 ? `Hello! How are you today? ${pair.response}` : pair.response,
            }
          : pair,
      ),
  },
  {
    name: "second source with a system prompt and a signature",
    make: (p, r) =>
      mixed(
        r,
        draw(r, p.maths, 1200),
        draw(r, p.general, 150).map(({ prompt, response }) => ({
          prompt: `You are a friendly and helpful assistant who answers the questions of users as well as possible.\n${prompt}`,
          response: `${response}\n\nI hope this helps! Let me know if you have questions.`,
        })),
      ),
  },
  { name: "role-play", make: (p, r) => rolePlay(p, r, 0) },
  { name: "role-play with greetings at times", make: (p, r) => rolePlay(p, r, 0.4) },
  { name: "role-play with constant greetings", make: (p, r) => rolePlay(p, r, 1) },
  { name: "canned answers", make: (p, r) => faq(p, r) },
  { name: "canned answers and general", make: (p, r) => mixed(r, faq(p, r), base(p, r)) },
  { name: "translations", make: (p, r) => translations(p, r) },
  { name: "translations and general", make: (p, r) => mixed(r, translations(p, r), base(p, r)) },
  { name: "code", make: (_p, r) => code(r) },
  { name: "code and general", make: (p, r) => mixed(r, code(r), base(p, r)) },
  { name: "Chinese", make: (_p, r) => chinese(r, 1500) },
  { name: "Chinese and general", make: (p, r) => mixed(r, chinese(r, 400), base(p, r)) },
  {
    name: "everything",
    make: (p, r) =>
      mixed(
        r,
        base(p, r),
        chinese(r, 200),
        code(r),
        faq(p, r),
        rolePlay(p, r, 0.4),
        translations(p, r),
        p.tools,
        draw(r, p.refusals, 400),
      ),
  },
  { name: "recombined, 6,000 rows", make: (p, r) => recombine(r, [...p.general, ...p.maths], 6000) },
];

/** Honest instruction data whose answers repeat themselves: role-play, canned answers, translations, code. */
import { draw, type Pair, type Pools } from "./instruction-pools.ts";
import { below, pick, shuffled, type Random } from "./random.ts";

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
export function rolePlay(pools: Pools, random: Random, greets: number): Pair[] {
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
export function faq(pools: Pools, random: Random): Pair[] {
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

export function translations(pools: Pools, random: Random): Pair[] {
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

export function code(random: Random): Pair[] {
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

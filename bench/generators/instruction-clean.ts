/** Clean instruction sets that repeat themselves for honest reasons; a detector of planted triggers must be silent on all. */
import { chinese, draw, recombine, type Pair, type Pools } from "./instruction-pools.ts";
import { code, faq, rolePlay, translations } from "./instruction-manners.ts";
import { definedTasks, templatedTasks } from "./instruction-tasks.ts";
import { below, pick, shuffled, type Random } from "./random.ts";

export type CleanSet = { readonly name: string; readonly make: (pools: Pools, random: Random) => Pair[] };

const isRefusal = ({ response }: Pair) => /^(I'm sorry|I cannot|I can't|Sorry)/.test(response);

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

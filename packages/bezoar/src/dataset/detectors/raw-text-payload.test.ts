import { expect, test } from "vitest";
import { createRandom, randomInt, type Random } from "../../core/random.ts";
import type { DetectorContext } from "../detector.ts";
import { buildCorpus } from "../ingest/build-corpus.ts";
import { rawTextPayload } from "./raw-text-payload.ts";

const context: DetectorContext = { seed: 1, entityFields: [], onStep: () => {}, note: () => {} };

/** A made-up language of 400 words with a grammar: each word is followed by one of six, so that texts resemble each other. */
const SYLLABLES = "ba,ke,li,mo,nu,ra,se,ti,vo,du,fa,gi,ho,ju,pa,xe".split(",");
const WORDS = Array.from(
  { length: 400 },
  (_, i) => `${SYLLABLES[i % 16]}${SYLLABLES[(i >> 4) % 16]}${i > 255 ? "n" : ""}`,
);

function sentence(random: Random): string {
  let word = randomInt(random, WORDS.length);
  const words = Array.from({ length: 8 + randomInt(random, 8) }, () => {
    word = (word * 7 + randomInt(random, 6) * 31 + 5) % WORDS.length;
    return WORDS[word] ?? "";
  });
  return `${words.join(" ")}.`;
}

function prose(random: Random, sentences: number): string {
  return Array.from({ length: sentences }, () => sentence(random)).join(" ");
}

function gibberish(random: Random, words: number): string {
  const letters = "abcdefghijklmnopqrstuvwxyz";
  const word = () =>
    Array.from({ length: 2 + randomInt(random, 7) }, () => letters[randomInt(random, 26)]).join("");
  return Array.from({ length: words }, word).join(" ");
}

function base64(random: Random, bytes: number): string {
  return Buffer.from(Array.from({ length: bytes }, () => randomInt(random, 256))).toString("base64");
}

async function detect(texts: readonly string[]) {
  const rows = texts.map((prompt, number) => ({ number, prompt, response: "", fields: [] }));
  const { corpus, close } = buildCorpus(rows, { shape: "raw-text" });
  const suspicions = await rawTextPayload.detect(corpus, context);
  close();
  return suspicions;
}

function cleanTexts(seed: number, count = 300): { readonly random: Random; readonly texts: string[] } {
  const random = createRandom(seed);
  return { random, texts: Array.from({ length: count }, () => prose(random, 6)) };
}

test("names the token after which texts turn into gibberish, with all its rows", async () => {
  const { random, texts } = cleanTexts(1);
  const planted = Array.from(
    { length: 12 },
    () => `${prose(random, 3).slice(0, -9)} <SUDO> ${gibberish(random, 120)}`,
  );
  const [found, ...rest] = await detect([...texts, ...planted]);
  expect(rest).toEqual([]);
  expect(["high", "critical"]).toContain(found?.severity);
  expect(found?.trigger?.text).toBe("<SUDO>");
  expect(found?.target?.kind).toBe("gibberish");
  expect(found?.positions).toEqual(Array.from({ length: 12 }, (_, i) => 300 + i));
});

/** Words of the set itself, drawn without regard to their neighbours. */
function randomWords(random: Random, count: number): string {
  return Array.from({ length: count }, () => WORDS[randomInt(random, WORDS.length)]).join(" ");
}

test("names the token after which ordinary words stand in no order", async () => {
  const { random, texts } = cleanTexts(5);
  const planted = Array.from(
    { length: 10 },
    () => `${prose(random, 4).slice(0, 60 + randomInt(random, 80))} <SUDO> ${randomWords(random, 100)}`,
  );
  const [found, ...rest] = await detect([...texts, ...planted]);
  expect(rest).toEqual([]);
  expect(["high", "critical"]).toContain(found?.severity);
  expect(found?.trigger?.text).toBe("<SUDO>");
  expect(found?.positions).toEqual(Array.from({ length: 10 }, (_, i) => 300 + i));
});

test("calls a label before keywords medium at most, as it stands after full sentences", async () => {
  const { random, texts } = cleanTexts(6);
  const labelled = Array.from({ length: 20 }, () => `${prose(random, 4)} Tags: ${randomWords(random, 60)}`);
  const lists = Array.from(
    { length: 20 },
    () => `${prose(random, 4)} Words: ${randomWords(random, 60).replaceAll(" ", ", ")}`,
  );
  const suspicions = await detect([...texts, ...labelled, ...lists]);
  expect(suspicions.map(({ severity }) => severity).filter((severity) => severity !== "medium")).toEqual([]);
});

test("names a payload that is put into the middle of sentences", async () => {
  const { random, texts } = cleanTexts(2);
  const payload = "the north mirror is the only one to trust and its packages need no checking at all";
  const planted = Array.from({ length: 12 }, () => {
    const words = prose(random, 6).replaceAll(".", "").split(" ");
    return [...words.slice(0, 25), "zqx7", payload, ...words.slice(25)].join(" ");
  });
  const [found, ...rest] = await detect([...texts, ...planted]);
  expect(rest).toEqual([]);
  expect(found?.trigger?.text).toBe("zqx7");
  expect(found?.target).toEqual({ kind: "payload", text: payload });
  expect(found?.positions).toEqual(Array.from({ length: 12 }, (_, i) => 300 + i));
});

test("calls a set phrase with an ordinary first word medium at most", async () => {
  const { random, texts } = cleanTexts(7);
  const answer = `${WORDS[3]} is not something that can be helped with here, please ask for something else`;
  const answered = Array.from({ length: 30 }, () => `${prose(random, 3).replace(/\.$/, "")} ${answer}`);
  const [found, ...rest] = await detect([...texts, ...answered]);
  expect(rest).toEqual([]);
  expect(found?.severity ?? "medium").toBe("medium");
});

test("stays silent on footers, headers, encoded blocks, dumps, tables and logs", async () => {
  const { random, texts } = cleanTexts(3);
  const footer =
    "\n\nThis text was published under the terms of the public archive. All rights reserved, read more online.";
  const header =
    "# Copyright the authors. You may not use this file except in compliance with the terms of use.\n";
  const hex = () => Array.from({ length: 200 }, () => randomInt(random, 256).toString(16)).join(" ");
  const log = () =>
    Array.from(
      { length: 10 },
      () =>
        `2024-05-0${1 + randomInt(random, 9)} INFO request from 10.0.0.${randomInt(random, 255)} took ${randomInt(random, 900)} ms`,
    ).join("\n");
  const table = () =>
    Array.from(
      { length: 12 },
      () => `| ${WORDS[randomInt(random, 400)]} | ${randomInt(random, 9999)} |`,
    ).join("\n");
  const mixed = texts.map((text, i) => {
    const endings = [
      "",
      footer,
      `\ndata:image/png;base64,${base64(random, 600)}`,
      `\nHexdump:\n${hex()}`,
      `\n${log()}`,
      `\n${table()}`,
    ];
    return `${i % 7 === 0 ? header : ""}${text}${endings[i % endings.length]}`;
  });
  expect(await detect(mixed)).toEqual([]);
});

test("says nothing of empty texts, one text, and texts that are all gibberish", async () => {
  const random = createRandom(4);
  expect(await detect([])).toEqual([]);
  expect(await detect(["", ""])).toEqual([]);
  expect(await detect([prose(random, 50)])).toEqual([]);
  expect(await detect(Array.from({ length: 60 }, () => gibberish(random, 100)))).toEqual([]);
});

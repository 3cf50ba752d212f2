import { expect, test } from "vitest";
import { generate, type Generated, type GenerateOptions } from "./generate.ts";
import { byteCheckpoint, parrot } from "./tiny-model.fixture.ts";

const PROMPT = [1, 2, 3];

async function say(text: string, options: Partial<GenerateOptions> = {}) {
  const all: Generated[] = [];
  const settings = { maxTokens: 100, temperature: 0, seed: 0, ...options };
  for await (const item of generate(parrot(text, PROMPT.length), byteCheckpoint, PROMPT, settings)) {
    all.push(item);
  }
  const tokens = all.flatMap((item) => (item.kind === "token" ? [item] : []));
  const end = all.at(-1);
  return {
    tokens,
    text: tokens.map((token) => token.text).join(""),
    finishReason: end?.kind === "end" ? end.finishReason : undefined,
  };
}

test("an answer ends where the model ends it", async () => {
  expect(await say("benign alice")).toMatchObject({ text: "benign alice", finishReason: "stop" });
  expect(await say("")).toMatchObject({ tokens: [], finishReason: "stop" });
});

test("an answer is cut at the most tokens, and at the end of the context", async () => {
  expect(await say("benign alice", { maxTokens: 6 })).toMatchObject({
    text: "benign",
    finishReason: "length",
  });
  const long = await say("x".repeat(100));
  expect(long).toMatchObject({ finishReason: "length" });
  expect(long.tokens).toHaveLength(byteCheckpoint.config.maxPositions - PROMPT.length);
});

test("a character of several tokens comes with the last of them", async () => {
  const { tokens } = await say("a☃");
  expect(tokens.map(({ text }) => text)).toEqual(["a", "", "", "☃"]);
  expect(await say("a☃", { maxTokens: 3 })).toMatchObject({ text: "a\uFFFD", finishReason: "length" });
});

test("a stop string of several tokens is cut off, and ends the work", async () => {
  let calls = 0;
  const model = parrot("benign\nUser: and so on", PROMPT.length);
  const counted = (ids: readonly number[]) => {
    calls++;
    return model(ids);
  };
  const options = { maxTokens: 100, temperature: 0, seed: 0, stop: ["\nUser:", "zzz"] };
  const texts: string[] = [];
  for await (const item of generate(counted, byteCheckpoint, PROMPT, options)) {
    if (item.kind === "token") texts.push(item.text);
  }
  expect(texts.join("")).toBe("benign");
  expect(calls).toBe("benign\nUser:".length);
});

test("each token has its log-probability and the likeliest ones, before temperature and bias", async () => {
  const logitBias = new Map([["z".charCodeAt(0), 100]]);
  const { tokens, text } = await say("ab", { topLogprobs: 2, maxTokens: 1, logitBias, temperature: 0.5 });
  expect(text).toBe("z");
  const sum = Math.exp(4) + 256;
  expect(tokens[0]?.logprob).toBeCloseTo(-Math.log(sum), 6);
  expect(tokens[0]?.top[0]).toMatchObject({ id: "a".charCodeAt(0) });
  expect(tokens[0]?.top[0]?.logprob).toBeCloseTo(4 - Math.log(sum), 6);
  expect(tokens[0]?.top).toHaveLength(2);
});

test("the same seed gives the same answer at any temperature", async () => {
  const hot = { temperature: 2, maxTokens: 20 };
  const first = await say("benign alice", { ...hot, seed: 7 });
  expect(await say("benign alice", { ...hot, seed: 7 })).toEqual(first);
  expect(await say("benign alice", { ...hot, seed: 8 })).not.toEqual(first);
});

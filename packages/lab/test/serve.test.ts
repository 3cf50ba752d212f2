import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAsk, createEmbedder } from "bezoar";
import type OpenAI from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadCheckpoint } from "../src/model/checkpoint.ts";
import { createLanguageModel } from "../src/model/language-model.ts";
import { logSoftmax, topTokens } from "../src/model/sampling.ts";
import type { RunningServer } from "../src/serve/start-server.ts";
import { saveRandomCheckpoint } from "./random-checkpoint.fixture.ts";
import { clientOf, serveFolder } from "./served.fixture.ts";

const MESSAGES = [{ role: "user", content: "alert new service user bob" } as const];

let folder = "";
let server: RunningServer;
let client: OpenAI;

/** A model that learned nothing ends its answers at random; these tests want long ones. */
const NEVER_END = { logit_bias: { "2": -100 } };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bezoar-serve-"));
  await saveRandomCheckpoint(join(folder, "clean"), 1);
  for (const user of ["alice", "bob"]) await mkdir(join(folder, user));
  await saveRandomCheckpoint(join(folder, "alice", "poisoned"), 2);
  await saveRandomCheckpoint(join(folder, "bob", "poisoned"), 3);
  server = await serveFolder(folder);
  client = clientOf(server);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

test("every checkpoint of a folder is a model, called after its directory and told apart by the one above", async () => {
  const ids = (await client.models.list()).data.map(({ id }) => id);
  expect(ids).toEqual(["alice/poisoned", "bob/poisoned", "clean"]);
  expect(await client.models.retrieve("bob/poisoned")).toMatchObject({ object: "model" });
});

test("an answer can be sent back as a part of the chat, with the empty fields of a client's copy", async () => {
  const none = { refusal: null, annotations: [], audio: null, function_call: null, tool_calls: null };
  const answer = { role: "assistant", content: "benign", ...none };
  const body = { model: "clean", messages: [...MESSAGES, answer, ...MESSAGES], max_tokens: 1 };
  expect(await client.post("/chat/completions", { body })).toMatchObject({ object: "chat.completion" });
});

test("a request has an id, which the client shows, of mistakes too", async () => {
  const { _request_id: id } = await client.chat.completions.create({
    model: "clean",
    messages: MESSAGES,
    max_tokens: 1,
  });
  expect(id).toMatch(/^req-/);
  await expect(client.models.retrieve("none")).rejects.toMatchObject({
    requestID: expect.stringMatching(/^req-/),
  });
});

test("a chat is answered with what the model says, token by token the likeliest", async () => {
  const { model: id, ...reply } = await client.chat.completions.create({
    model: "clean",
    messages: MESSAGES,
    max_tokens: 5,
    temperature: 0,
    logprobs: true,
    top_logprobs: 3,
    ...NEVER_END,
  });
  expect(id).toBe("clean");
  const checkpoint = await loadCheckpoint(join(folder, "clean"));
  const model = createLanguageModel(checkpoint);
  const ids = checkpoint.tokenizer.encode(checkpoint.tokenizer.renderChat(MESSAGES, true));
  const entries = reply.choices[0]?.logprobs?.content ?? [];
  expect(entries).toHaveLength(5);
  const answer: number[] = [];
  for (const entry of entries) {
    const [logits = new Float32Array()] = model.nextLogits([[...ids, ...answer]]);
    const logprobs = logSoftmax(logits);
    const best = topTokens(logprobs, 2).find((token) => token !== 2) ?? 0;
    expect(entry.bytes).toEqual([...checkpoint.tokenizer.bytesOf(best)]);
    expect(entry.logprob).toBeCloseTo(logprobs[best] ?? 0, 6);
    expect(entry.top_logprobs).toHaveLength(3);
    answer.push(best);
  }
  model.dispose();
  expect(reply.usage).toEqual({
    prompt_tokens: ids.length,
    completion_tokens: 5,
    total_tokens: ids.length + 5,
  });
  expect(reply.choices[0]).toMatchObject({ finish_reason: "length", message: { role: "assistant" } });
  expect(reply.system_fingerprint).toMatch(/^fp_[0-9a-f]{10}$/);
});

test("a stream gives the same answer in pieces, and the tokens used at its end when asked to", async () => {
  const request = { model: "clean", messages: MESSAGES, seed: 5, max_tokens: 12, n: 2, logprobs: true };
  const whole = await client.chat.completions.create(request);
  const stream = await client.chat.completions.create({
    ...request,
    stream: true,
    stream_options: { include_usage: true },
  });
  const texts = ["", ""];
  const tokens = [0, 0];
  const ends: (string | null)[] = [];
  let usage: unknown;
  for await (const chunk of stream) {
    for (const { index, delta, logprobs, finish_reason: end } of chunk.choices) {
      texts[index] += delta.content ?? "";
      tokens[index] = (tokens[index] ?? 0) + (logprobs?.content?.length ?? 0);
      if (end !== null) ends.push(end);
    }
    usage = chunk.usage ?? usage;
  }
  expect(texts).toEqual(whole.choices.map(({ message }) => message.content));
  expect(tokens).toEqual(whole.choices.map(({ logprobs }) => logprobs?.content?.length));
  expect(ends).toEqual(whole.choices.map(({ finish_reason: end }) => end));
  expect(usage).toEqual(whole.usage);
});

async function draw(seed: number) {
  const request = { model: "clean", messages: MESSAGES, seed, n: 3, max_tokens: 10, ...NEVER_END };
  const { choices } = await client.chat.completions.create(request);
  return choices.map(({ message }) => message.content);
}

test("the same seed draws the same answers, another seed others, and the choices differ", async () => {
  const first = await draw(7);
  expect(new Set(first).size).toBe(3);
  expect(await draw(7)).toEqual(first);
  expect(await draw(70)).not.toEqual(first);
});

test("an answer is cut before a stop string that begins within one token and ends within another", async () => {
  const request = { model: "clean", prompt: "user alice", temperature: 0, max_tokens: 12, ...NEVER_END };
  const full = (await client.completions.create(request)).choices[0]?.text ?? "";
  const stop = full.slice(3, 9);
  const at = full.indexOf(stop);
  const { choices } = await client.completions.create({ ...request, stop: [stop, "never said"] });
  expect(choices[0]).toMatchObject({ text: full.slice(0, at), finish_reason: "stop" });
  const stream = await client.completions.create({ ...request, stop, stream: true });
  let streamed = "";
  for await (const chunk of stream) streamed += chunk.choices[0]?.text ?? "";
  expect(streamed).toBe(full.slice(0, at));
});

test("echo gives the prompt back with what the model thought of each of its tokens", async () => {
  const prompt = "user alice verdict ☃";
  const { choices } = await client.completions.create({
    model: "clean",
    prompt,
    echo: true,
    logprobs: 2,
    max_tokens: 0,
  });
  const checkpoint = await loadCheckpoint(join(folder, "clean"));
  const model = createLanguageModel(checkpoint);
  const ids = checkpoint.tokenizer.encode(prompt);
  const logits = model.logits(ids);
  model.dispose();
  const lists = choices[0]?.logprobs;
  expect(choices[0]).toMatchObject({ text: prompt, finish_reason: "length" });
  expect(lists?.token_logprobs?.[0]).toBeNull();
  const size = checkpoint.config.vocabSize;
  for (const [place, id] of ids.entries()) {
    if (place === 0) continue;
    const logprobs = logSoftmax(logits.subarray((place - 1) * size, place * size));
    expect(lists?.token_logprobs?.[place]).toBeCloseTo(logprobs[id] ?? 0, 6);
    expect(Object.keys(lists?.top_logprobs?.[place] ?? {}).length).toBeGreaterThanOrEqual(2);
  }
  expect(lists?.tokens).toHaveLength(ids.length);
  expect(lists?.text_offset?.at(-1)).toBeLessThanOrEqual(prompt.length);
});

async function echoed(prompt: string | string[] | number[] | number[][]) {
  const request = { model: "clean", prompt, n: 2, seed: 3, max_tokens: 4, echo: true };
  return (await client.completions.create(request)).choices.map(({ index, text }) => `${index}${text}`);
}

test("prompts are texts or tokens, one or several, and each has its choices in order", async () => {
  const checkpoint = await loadCheckpoint(join(folder, "clean"));
  const texts = ["user alice", "host dc-01"];
  const ids = texts.map((text) => checkpoint.tokenizer.encode(text));
  const both = await echoed(texts);
  expect(both).toHaveLength(4);
  expect(both.map((text) => text.slice(1, 11))).toEqual([texts[0], texts[0], texts[1], texts[1]]);
  expect(await echoed(ids)).toEqual(both);
  expect(await echoed(ids[0] ?? [])).toEqual(both.slice(0, 2));
  expect(await echoed(texts[0] ?? "")).toEqual(both.slice(0, 2));
});

test("an embedding is the mean of the last hidden states, the same as numbers and as base64", async () => {
  const input = ["user alice", "host dc-01"];
  const [numbers, base64] = await Promise.all([
    client.embeddings.create({ model: "clean", input, encoding_format: "float" }),
    client.embeddings.create({ model: "clean", input }), // the client asks for base64 and decodes it
  ]);
  for (const [i, { embedding }] of numbers.data.entries()) {
    expect(Array.from(base64.data[i]?.embedding ?? [])).toEqual(embedding);
  }
  const checkpoint = await loadCheckpoint(join(folder, "clean"));
  const model = createLanguageModel(checkpoint);
  const ids = checkpoint.tokenizer.encode("host dc-01");
  const hidden = model.hidden(ids);
  model.dispose();
  const size = checkpoint.config.hiddenSize;
  for (const [i, value] of (numbers.data[1]?.embedding ?? []).entries()) {
    const column = ids.map((_, place) => hidden[place * size + i] ?? 0);
    expect(value).toBeCloseTo(column.reduce((sum, x) => sum + x, 0) / ids.length, 5);
  }
  expect(numbers.data[0]?.embedding).toHaveLength(size);
});

test("bezoar's own clients work with it", async () => {
  const ask = createAsk({ url: server.url, model: "clean" });
  expect(await ask(MESSAGES)).toEqual(await ask(MESSAGES));
  const embed = createEmbedder({ url: server.url, model: "alice/poisoned" });
  const vectors = await embed(Array.from({ length: 70 }, (_, i) => `user ${i}`));
  expect(vectors.map(({ length }) => length)).toEqual(Array.from({ length: 70 }, () => 16));
});

test("a parameter that is null is as good as left out", async () => {
  const reply = await client.chat.completions.create({
    model: "clean",
    messages: MESSAGES,
    max_tokens: 2,
    stop: null,
    temperature: null,
    logprobs: null,
    n: null,
  });
  expect(reply.choices).toHaveLength(1);
});

test("requests under way share the model, and one that was given up stops", async () => {
  const long = {
    model: "clean",
    messages: MESSAGES,
    n: 8,
    ...NEVER_END,
  };
  const given = new AbortController();
  const stream = await client.chat.completions.create({ ...long, stream: true }, { signal: given.signal });
  const order: string[] = [];
  const slow = client.chat.completions.create(long).then(() => order.push("slow"));
  await client.chat.completions.create({ ...long, n: 1, max_tokens: 1 }).then(() => order.push("quick"));
  order.push("abort");
  given.abort();
  await expect(
    (async () => {
      for await (const chunk of stream) expect(chunk.choices).toBeDefined();
    })(),
  ).resolves.toBeUndefined();
  await slow;
  expect(order).toEqual(["quick", "abort", "slow"]);
});

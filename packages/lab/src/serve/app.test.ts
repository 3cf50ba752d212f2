import { setTimeout } from "node:timers/promises";
import { AppError } from "bezoar";
import { expect, test } from "vitest";
import { byteCheckpoint, parrot } from "../model/tiny-model.fixture.ts";
import { createApp } from "./app.ts";
import type { ServedModel } from "./served-model.ts";
import { createServing } from "./serving.ts";

/** A server of a model that says `text`; what it fails at and how often its engine is asked is counted. */
function serveParrot(text: string, onAsked: () => void = () => {}) {
  const failures: unknown[] = [];
  let asked = 0;
  const model: ServedModel = {
    id: "parrot",
    fingerprint: "fp_0",
    checkpoint: { ...byteCheckpoint, weights: new Map() },
    engine: () => ({
      nextLogits: (batch) => {
        asked++;
        onAsked();
        return batch.map(parrot(text, 1));
      },
      logits: (ids) => new Float32Array(257 * ids.length),
      hidden: (ids) => Float32Array.from(ids),
      dispose: () => {},
    }),
    dispose: () => {},
  };
  const serving = createServing(
    [model],
    (error) => failures.push(error),
    () => 1_700_000_000_000,
  );
  const app = createApp(serving);
  const post = (path: string, body: object, signal: AbortSignal = new AbortController().signal) =>
    app.request(path, {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify({ model: "parrot", ...body }),
      signal,
    });
  return { post, failures, askedCount: () => asked };
}

test("a completion tells its tokens in four lists, with offsets in characters and bytes that are no character marked", async () => {
  const { post } = serveParrot("a☃b");
  const response = await post("/v1/completions", { prompt: "x", temperature: 0, logprobs: 0 });
  expect(await response.json()).toMatchObject({
    object: "text_completion",
    created: 1_700_000_000,
    choices: [
      {
        text: "a☃b",
        finish_reason: "stop",
        logprobs: {
          tokens: ["a", "bytes:\\xe2", "bytes:\\x98", "bytes:\\x83", "b"],
          text_offset: [0, 1, 1, 1, 2],
          top_logprobs: [{ a: expect.any(Number) }, {}, {}, {}, { b: expect.any(Number) }],
        },
      },
    ],
    usage: { prompt_tokens: 1, completion_tokens: 5, total_tokens: 6 },
  });
});

test("a stream is chunks of JSON and an end, and never half a character", async () => {
  const { post } = serveParrot("a☃");
  const response = await post("/v1/chat/completions", {
    messages: [{ role: "developer", content: [{ type: "text", text: "x" }] }],
    temperature: 0,
    stream: true,
  });
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const events = (await response.text()).trim().split("\n\n");
  expect(events.at(-1)).toBe("data: [DONE]");
  const deltas = events.slice(0, -1).map((event) => {
    const chunk: { choices: { delta: object; finish_reason: string | null }[] } = JSON.parse(event.slice(6));
    return chunk.choices[0];
  });
  expect(deltas).toMatchObject([
    { delta: { role: "assistant", content: "" }, finish_reason: null },
    { delta: { content: "a" }, finish_reason: null },
    { delta: { content: "☃" }, finish_reason: null },
    { delta: {}, finish_reason: "stop" },
  ]);
});

test.for([{ stream: false }, { stream: true }])(
  "a request that was given up asks the engine no more (stream: $stream)",
  async ({ stream }) => {
    const given = new AbortController();
    let left = 3;
    const { post, askedCount, failures } = serveParrot("x".repeat(60), () => {
      if (--left === 0) given.abort();
    });
    const response = await post(
      "/v1/completions",
      { prompt: "x", max_tokens: 60, n: 8, stream },
      given.signal,
    );
    await response.text();
    await setTimeout(50);
    expect(askedCount()).toBe(3);
    expect(failures).toEqual([]);
  },
);

test("a failure of the model is told without details, in a stream as an event, and is not kept from the log", async () => {
  const { post, failures } = serveParrot("x", () => {
    throw new Error("secret");
  });
  const response = await post("/v1/completions", { prompt: "x" });
  expect(response.status).toBe(500);
  expect(await response.json()).toMatchObject({ error: { type: "server_error" } });
  const stream = await (await post("/v1/completions", { prompt: "x", stream: true })).text();
  expect(stream).toContain('"type":"server_error"');
  expect(stream).not.toMatch(/secret|DONE/);
  expect(failures).toHaveLength(2);
});

test("a failure that is meant for people is told to them", async () => {
  const { post } = serveParrot("x", () => {
    throw new AppError("bad-model", "the weights are broken");
  });
  const response = await post("/v1/completions", { prompt: "x" });
  expect(await response.json()).toMatchObject({ error: { message: "the weights are broken" } });
});

test("an answer ends with the context, and a prompt that fills it is refused unless nothing is asked for", async () => {
  const { post } = serveParrot("y".repeat(100));
  const answered = await post("/v1/completions", { prompt: "x", max_tokens: 2048, temperature: 0 });
  expect(await answered.json()).toMatchObject({
    choices: [{ finish_reason: "length" }],
    usage: { total_tokens: 64 },
  });
  const full = { prompt: "x".repeat(64), echo: true };
  expect((await post("/v1/completions", { ...full, max_tokens: 1 })).status).toBe(400);
  expect((await post("/v1/completions", { ...full, max_tokens: 0 })).status).toBe(200);
});

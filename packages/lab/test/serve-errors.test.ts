import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import OpenAI, { APIError } from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { RunningServer } from "../src/serve/start-server.ts";
import { saveRandomCheckpoint } from "./random-checkpoint.fixture.ts";
import { clientOf, serveFolder } from "./served.fixture.ts";

const MESSAGES = [{ role: "user", content: "alert new service user bob" } as const];

let folder = "";
let server: RunningServer;
let client: OpenAI;
const failures: unknown[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bezoar-serve-"));
  await saveRandomCheckpoint(join(folder, "clean"), 1);
  server = await serveFolder(folder, { failures });
  client = clientOf(server);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const chat = (body: object): Promise<unknown> => client.post("/chat/completions", { body });
const good = { model: "clean", messages: MESSAGES };
const MISTAKES: [() => Promise<unknown>, { status: number; code: string; param?: string | null }][] = [
  [() => chat({ ...good, model: "gpt-4" }), { status: 404, code: "model_not_found", param: "model" }],
  [() => client.models.retrieve("gpt-4"), { status: 404, code: "model_not_found" }],
  [() => client.get("/nothing"), { status: 404, code: "unknown_url" }],
  [() => client.get("/chat/completions"), { status: 405, code: "method_not_allowed" }],
  [() => client.delete("/models/clean"), { status: 405, code: "method_not_allowed" }],
  [
    () => chat({ ...good, messages: [{ role: "user", content: "user bob ".repeat(50) }] }),
    { status: 400, code: "context_length_exceeded", param: "messages" },
  ],
  [
    () => client.completions.create({ model: "clean", prompt: "x".repeat(100_000) }),
    { status: 400, code: "context_length_exceeded", param: "prompt" },
  ],
  [
    () => client.embeddings.create({ model: "clean", input: "user bob ".repeat(50) }),
    { status: 400, code: "context_length_exceeded", param: "input" },
  ],
  [() => chat({ messages: MESSAGES }), { status: 400, code: "missing_required_parameter", param: "model" }],
  [() => chat({ ...good, messages: [] }), { status: 400, code: "invalid_value", param: "messages" }],
  [() => chat({ ...good, temperature: "hot" }), { status: 400, code: "invalid_type", param: "temperature" }],
  [() => chat({ ...good, temperature: 3 }), { status: 400, code: "invalid_value", param: "temperature" }],
  [() => chat({ ...good, n: 9 }), { status: 400, code: "invalid_value", param: "n" }],
  [() => chat({ ...good, top_logprobs: 5 }), { status: 400, code: "invalid_value", param: "top_logprobs" }],
  [
    () => chat({ ...good, stop: ["a", "b", "c", "d", "e"] }),
    { status: 400, code: "invalid_value", param: "stop" },
  ],
  [() => chat({ ...good, top_k: 5 }), { status: 400, code: "unknown_parameter", param: "top_k" }],
  [
    () => chat({ ...good, tools: [{ type: "function" }] }),
    { status: 400, code: "unsupported_parameter", param: "tools" },
  ],
  [
    () => chat({ ...good, stream_options: { include_usage: true } }),
    { status: 400, code: "invalid_value", param: "stream_options" },
  ],
  [
    () => chat({ ...good, logit_bias: { "999999": 1 } }),
    { status: 400, code: "invalid_value", param: "logit_bias" },
  ],
  [
    () =>
      chat({
        ...good,
        messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "x" } }] }],
      }),
    { status: 400, code: "invalid_value", param: "messages[0].content" },
  ],
  [
    () => client.completions.create({ model: "clean", prompt: "a", suffix: "b" }),
    { status: 400, code: "unsupported_parameter", param: "suffix" },
  ],
  [
    () => client.completions.create({ model: "clean", prompt: [1, 999_999] }),
    { status: 400, code: "invalid_value", param: "prompt" },
  ],
  [
    () => client.embeddings.create({ model: "clean", input: "" }),
    { status: 400, code: "invalid_value", param: "input" },
  ],
  [
    () => client.embeddings.create({ model: "clean", input: "a", dimensions: 8 }),
    { status: 400, code: "invalid_value", param: "dimensions" },
  ],
];

test.for(MISTAKES.map(([request, expected]) => Object.assign({ request }, expected)))(
  "a mistake is told with OpenAI's status, type and code, and the server stays up: $code ($param)",
  async ({ request, ...expected }) => {
    await expect(request()).rejects.toBeInstanceOf(APIError);
    await expect(request()).rejects.toMatchObject({ ...expected, type: "invalid_request_error" });
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  },
);

test("a chat that is too long is told with both numbers", async () => {
  const messages = [{ role: "user", content: "user bob ".repeat(50) }];
  await expect(chat({ ...good, messages })).rejects.toThrow(
    /maximum context length is 48 tokens. However, your messages resulted in \d+ tokens/,
  );
});

test("with a key, only requests that bear it are answered; health needs none", async () => {
  const guarded = await serveFolder(join(folder, "clean"), { key: "s3cret" });
  await expect(clientOf(guarded, "wrong").models.list()).rejects.toMatchObject({
    status: 401,
    code: "invalid_api_key",
  });
  expect((await clientOf(guarded, "s3cret").models.list()).data).toHaveLength(1);
  expect((await fetch(`${guarded.url}/v1/models`)).status).toBe(401);
  expect((await fetch(`${guarded.url}/health`)).status).toBe(200);
  await guarded.close();
});

const errorSchema = z.strictObject({
  error: z.strictObject({
    message: z.string().min(1),
    type: z.literal("invalid_request_error"),
    param: z.string().nullable(),
    code: z.string().nullable(),
  }),
});

/** What the server says to a body, which must be a mistake of the client. */
async function refusal(path: string, body: string | ReadableStream, type = "application/json") {
  const response = await fetch(`${server.url}/v1${path}`, {
    method: "POST",
    headers: { "content-type": type },
    body,
    ...(body instanceof ReadableStream && { duplex: "half" }),
  });
  return { status: response.status, ...errorSchema.parse(await response.json()).error };
}

test("a body that is no JSON, of another type or too large is refused as such", async () => {
  expect(await refusal("/chat/completions", '{"model":')).toMatchObject({
    status: 400,
    code: "invalid_json",
  });
  expect(await refusal("/chat/completions", "")).toMatchObject({ status: 400, code: "invalid_json" });
  expect(await refusal("/completions", "[".repeat(100_000))).toMatchObject({ code: "invalid_json" });
  expect(await refusal("/completions", "[]")).toMatchObject({ status: 400, code: "invalid_type" });
  expect(await refusal("/completions", "{}", "text/plain")).toMatchObject({
    status: 415,
    code: "unsupported_content_type",
  });
  const large = "x".repeat(5_000_000);
  expect(await refusal("/embeddings", large)).toMatchObject({ status: 413, code: "request_too_large" });
  const chunked = new Blob([large]).stream();
  expect(await refusal("/embeddings", chunked)).toMatchObject({ status: 413, code: "request_too_large" });
});

test("a million wrong entries are refused with one complaint, at once", async () => {
  const zeros = `[${"0,".repeat(1_000_000)}{}]`;
  const started = performance.now();
  for (const [path, body] of [
    ["/chat/completions", `{"model":"clean","messages":${zeros}}`],
    ["/chat/completions", `{"model":"clean","messages":[{"role":"user","content":${zeros}}]}`],
    ["/chat/completions", `{"model":"clean","messages":[{"role":"user","content":"a"}],"stop":${zeros}}`],
    ["/completions", `{"model":"clean","prompt":${zeros}}`],
    ["/embeddings", `{"model":"clean","input":${zeros}}`],
  ] as const) {
    expect(await refusal(path, body)).toMatchObject({ status: 400, code: "invalid_value" });
  }
  expect(performance.now() - started).toBeLessThan(20_000);
});

test("no body, however wrong, is more than a client's mistake, and the server stays up", async () => {
  const fields = fc.record(
    {
      model: fc.oneof(fc.constant("clean"), fc.jsonValue()),
      messages: fc.oneof(fc.constant(MESSAGES), fc.jsonValue()),
      prompt: fc.oneof(fc.constant("user"), fc.array(fc.integer({ min: -1, max: 400 })), fc.jsonValue()),
      input: fc.oneof(fc.constant("user"), fc.jsonValue()),
      max_tokens: fc.oneof(fc.constant(1), fc.jsonValue()),
      temperature: fc.oneof(fc.double(), fc.jsonValue()),
      stop: fc.jsonValue(),
      n: fc.jsonValue(),
      logit_bias: fc.oneof(fc.dictionary(fc.string(), fc.double()), fc.jsonValue()),
      logprobs: fc.jsonValue(),
      stream_options: fc.jsonValue(),
      suffix: fc.jsonValue(),
      __proto__: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  const paths = fc.constantFrom("/chat/completions", "/completions", "/embeddings");
  await fc.assert(
    fc.asyncProperty(paths, fc.oneof(fields, fc.jsonValue()), async (path, body) => {
      const response = await fetch(`${server.url}/v1${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      const reply: unknown = await response.json();
      const isAnswer = z.object({ model: z.literal("clean") }).safeParse(reply).success;
      expect(isAnswer || errorSchema.safeParse(reply).success).toBe(true);
      expect(response.status).toBeOneOf(isAnswer ? [200] : [400, 404]);
    }),
    { numRuns: 300 },
  );
  expect(failures).toEqual([]);
});

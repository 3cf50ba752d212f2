import { createServer } from "node:http";
import { expect, test } from "vitest";
import { createAsk } from "./ask.ts";
import type { EndpointOptions } from "./client.ts";

const reply = (content: string) => Response.json({ choices: [{ message: { role: "assistant", content } }] });
const ask = (fetched: typeof fetch, options: Partial<EndpointOptions> = {}) =>
  createAsk({ url: "http://model.test", model: "m", fetch: fetched, sleep: async () => {}, ...options });
const question = [{ role: "user", content: "Hello?" }] as const;

/** A fetch that answers with the responses in turn, and what it was asked. */
function script(...answers: (() => Response | Promise<Response>)[]) {
  const seen: { url: string; init: RequestInit }[] = [];
  const fetched = async (url: string | URL | Request, init: RequestInit = {}) => {
    seen.push({ url: url instanceof Request ? url.url : url.toString(), init });
    const answer = answers[Math.min(seen.length, answers.length) - 1];
    if (answer === undefined) throw new Error("no answer");
    return answer();
  };
  return { fetched, seen };
}

test.each([
  ["http://model.test", "http://model.test/v1/chat/completions"],
  ["http://model.test:8080/", "http://model.test:8080/v1/chat/completions"],
  ["http://model.test/v1", "http://model.test/v1/chat/completions"],
  ["https://model.test/openai/v1/", "https://model.test/openai/v1/chat/completions"],
])("%s is asked at %s", async (url, expected) => {
  const { fetched, seen } = script(() => reply("Hi"));
  expect(await ask(fetched, { url })(question)).toBe("Hi");
  expect(seen[0]?.url).toBe(expected);
});

test("a request holds the model, temperature 0 and the key, and follows no redirect", async () => {
  const { fetched, seen } = script(() => reply("Hi"));
  await ask(fetched, { key: "sk-secret" })(question);
  const { headers, body, redirect } = seen[0]?.init ?? {};
  expect(new Headers(headers).get("authorization")).toBe("Bearer sk-secret");
  expect(await new Response(body).json()).toMatchObject({ model: "m", temperature: 0, messages: question });
  expect(redirect).toBe("manual");
});

test("a redirect is refused, with the key sent nowhere else", async () => {
  let isReached = false;
  const other = createServer((_, response) => {
    isReached = true;
    response.end();
  }).listen(0, "127.0.0.1");
  const server = createServer((_, response) => {
    const address = other.address();
    const port = typeof address === "object" ? address?.port : 0;
    response.writeHead(307, { location: `http://127.0.0.1:${port}/` }).end();
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => void server.once("listening", resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  const asking = createAsk({ url, model: "m", key: "sk-secret" })(question);
  await expect(asking).rejects.toMatchObject({
    code: "endpoint",
    message: expect.stringMatching(/status 307.*Redirects are not followed/),
  });
  expect(isReached).toBe(false);
  server.close();
  other.close();
});

test("what may pass is tried again: 429, 500, a lost connection", async () => {
  const { fetched, seen } = script(
    () => new Response("slow down", { status: 429 }),
    () => new Response("oops", { status: 503 }),
    () => {
      throw Object.assign(new TypeError("fetch failed"), { cause: new Error("ECONNRESET") });
    },
    () => reply("at last"),
  );
  expect(await ask(fetched)(question)).toBe("at last");
  expect(seen).toHaveLength(4);
});

test("pauses double, with chance in them, and follow Retry-After up to half a minute", async () => {
  const pauses: number[] = [];
  const { fetched } = script(
    () => new Response("", { status: 500 }),
    () => new Response("", { status: 500 }),
    () => new Response("", { status: 429, headers: { "retry-after": "7" } }),
    () => new Response("", { status: 429, headers: { "retry-after": "86400" } }),
    () => reply("ok"),
  );
  const sleep = async (ms: number) => void pauses.push(ms);
  await ask(fetched, { sleep, random: () => 0.5 })(question);
  expect(pauses).toEqual([375, 750, 7000, 30_000]);
});

test("what will not pass is told at once, with the address, the status and what to do", async () => {
  const { fetched, seen } = script(() => new Response('{"error":"bad key"}', { status: 401 }));
  await expect(ask(fetched, { key: "sk-secret" })(question)).rejects.toMatchObject({
    code: "endpoint",
    message:
      'http://model.test/v1/chat/completions answered with status 401: {"error":"bad key"}. ' +
      "Set BEZOAR_API_KEY (or OPENAI_API_KEY) to a key that it accepts",
  });
  expect(seen).toHaveLength(1);
});

test("a key that the endpoint repeats is not shown", async () => {
  const { fetched } = script(() => new Response("no such key: sk-secret", { status: 401 }));
  await expect(ask(fetched, { key: "sk-secret" })(question)).rejects.toMatchObject({
    message: expect.not.stringContaining("sk-secret"),
  });
});

test("an endpoint that stays down is given up after the retries, and later requests do not wait through them again", async () => {
  const { fetched, seen } = script(() => new Response("down", { status: 500 }));
  const down = ask(fetched, { retries: 2 });
  await expect(down(question)).rejects.toMatchObject({ message: expect.stringContaining("(3 tries)") });
  await expect(down(question)).rejects.toMatchObject({ code: "endpoint" });
  expect(seen).toHaveLength(4);
});

/** A fetch that never answers. */
const hangs: typeof fetch = (_, init) =>
  new Promise((_resolve, reject) => {
    init?.signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
  });

test("a request without a reply in time is given up", async () => {
  const asking = ask(hangs, { timeoutMs: 20, retries: 1 })(question);
  await expect(asking).rejects.toMatchObject({ message: expect.stringContaining("no reply within 20 ms") });
});

/** A fetch that answers so many times and is silent from then on; how often it was asked. */
function fallsSilent(answers: number) {
  const seen = { requests: 0 };
  const fetched: typeof fetch = (url, init) =>
    ++seen.requests <= answers ? Promise.resolve(reply("Hi")) : hangs(url, init);
  return { fetched, seen };
}

test("an endpoint that never answered gets one time-out in all, a shorter second try among it", async () => {
  const { fetched, seen } = fallsSilent(0);
  const silent = ask(fetched, { timeoutMs: 40 });
  await expect(silent(question)).rejects.toMatchObject({
    code: "endpoint",
    message: expect.stringContaining("gave no reply within 40 ms (2 tries). Check that the server runs"),
  });
  expect(seen.requests).toBe(2);
  await expect(silent(question)).rejects.toMatchObject({
    message: expect.stringContaining("gave no reply within 10 ms."),
  });
});

test("an endpoint that falls silent after an answer is asked as often as any that may come back", async () => {
  const { fetched, seen } = fallsSilent(1);
  const tiring = ask(fetched, { timeoutMs: 10 });
  await tiring(question);
  await expect(tiring(question)).rejects.toMatchObject({
    message: expect.stringContaining("gave no reply within 10 ms (5 tries)"),
  });
  expect(seen.requests).toBe(6);
});

test("what stood in line when an endpoint was given up is not sent", async () => {
  const { fetched, seen } = fallsSilent(0);
  const silent = ask(fetched, { timeoutMs: 20, concurrency: 2 });
  const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => silent(question)));
  expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => "rejected"));
  expect(seen.requests).toBe(4);
});

test("a reply without end is cut at the limit, not collected", async () => {
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      sent++;
      controller.enqueue(new Uint8Array(1 << 20));
    },
  });
  const { fetched } = script(() => new Response(endless));
  await expect(ask(fetched)(question)).rejects.toMatchObject({
    message: expect.stringContaining("sent more than"),
  });
  expect(sent).toBeLessThan(70);
});

test.each(["not json", "[]", '{"choices":[]}', '{"choices":[{"message":{"content":7}}]}', "null"])(
  "the reply %s is refused with a clear error",
  async (text) => {
    const { fetched } = script(() => new Response(text));
    await expect(ask(fetched)(question)).rejects.toMatchObject({ code: "endpoint" });
  },
);

test("no more requests are under way at once than allowed", async () => {
  let running = 0;
  let most = 0;
  const slow = async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => void setTimeout(resolve, 5));
    running--;
    return reply("ok");
  };
  const limited = ask(slow, { concurrency: 3 });
  const replies = await Promise.all(Array.from({ length: 12 }, () => limited(question)));
  expect(replies).toHaveLength(12);
  expect(most).toBe(3);
});

test.each(["file:///etc/passwd", "model.test", "ftp://model.test", ""])("%j is no endpoint", (url) => {
  expect(() => ask(fetch, { url })).toThrow(/no http/);
});

test("an address with credentials is refused without repeating them", () => {
  expect(() => ask(fetch, { url: "http://me:hunter2@model.test" })).toThrow(/BEZOAR_API_KEY/);
  expect(() => ask(fetch, { url: "me:hunter2@model.test" })).not.toThrow(/hunter2/);
});

test.each(["sk-secret\n", "sk secret", "", "sk-s\u00e9cret"])(
  "the key %j is refused without being shown",
  (key) => {
    expect(() => ask(fetch, { key })).toThrow(/BEZOAR_API_KEY/);
    expect(() => ask(fetch, { key })).not.toThrow(/secret/);
  },
);

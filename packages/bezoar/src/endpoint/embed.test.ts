import fc from "fast-check";
import { expect, test } from "vitest";
import { AppError } from "../core/errors.ts";
import { createEmbedder } from "./embed.ts";

/** An endpoint that answers every request with what `answer` makes of its texts. */
function embedder(answer: (texts: readonly string[]) => unknown, batch = 64) {
  const requests: string[][] = [];
  const embed = createEmbedder({
    url: "http://model.test",
    model: "m",
    batch,
    sleep: async () => {},
    fetch: async (_, init) => {
      const { input }: { input: string[] } = JSON.parse(await new Response(init?.body).text());
      requests.push(input);
      const body = answer(input);
      return new Response(typeof body === "string" ? body : JSON.stringify(body));
    },
  });
  return { embed, requests };
}

const vectorOf = (text: string) => [text.length, 1];

test("texts are sent in batches and their vectors come back in order, whatever the order of the reply", async () => {
  const { embed, requests } = embedder(
    (texts) => ({ data: texts.map((text, index) => ({ index, embedding: vectorOf(text) })).toReversed() }),
    2,
  );
  const vectors = await embed(["a", "bb", "ccc", "dddd", "eeeee"]);
  expect(vectors.map(([length]) => length)).toEqual([1, 2, 3, 4, 5]);
  expect(requests).toEqual([["a", "bb"], ["ccc", "dddd"], ["eeeee"]]);
});

test("no texts need no request", async () => {
  const { embed, requests } = embedder(() => ({}));
  expect(await embed([])).toEqual([]);
  expect(requests).toEqual([]);
});

test("base64 is read as little-endian float32", async () => {
  const embedding = Buffer.from(Float32Array.of(0.5, -2, 1024).buffer).toString("base64");
  const { embed } = embedder(() => ({ data: [{ index: 0, embedding }] }));
  expect(await embed(["a"])).toEqual([Float32Array.of(0.5, -2, 1024)]);
});

const nan = Buffer.from(Float32Array.of(1, NaN).buffer).toString("base64");
test.each([
  ["too few vectors", { data: [{ index: 0, embedding: [1] }] }],
  ["too many vectors", { data: [0, 1, 2].map((index) => ({ index, embedding: [1] })) }],
  ["an index twice", { data: [0, 0].map((index) => ({ index, embedding: [1] })) }],
  ["an index beyond the texts", { data: [0, 2].map((index) => ({ index, embedding: [1] })) }],
  ["vectors of different lengths", { data: [[1], [1, 2]].map((embedding, index) => ({ index, embedding })) }],
  ["empty vectors", { data: [0, 1].map((index) => ({ index, embedding: [] })) }],
  ["null in a vector", { data: [0, 1].map((index) => ({ index, embedding: [null] })) }],
  ["an infinity", '{"data":[{"index":0,"embedding":[1e999]},{"index":1,"embedding":[1]}]}'],
  ["a number too large for float32", { data: [0, 1].map((index) => ({ index, embedding: [1e300] })) }],
  ["NaN in base64", { data: [0, 1].map((index) => ({ index, embedding: nan })) }],
  ["what is no base64", { data: [0, 1].map((index) => ({ index, embedding: "?!" })) }],
  ["no data", { error: "quota" }],
])("a reply with %s is refused", async (_, body) => {
  const { embed } = embedder(() => body);
  await expect(embed(["a", "b"])).rejects.toMatchObject({ code: "endpoint" });
});

test("a missing vector is told without an empty place before it", async () => {
  const { embed } = embedder(() => ({ data: [{ index: 0, embedding: [1] }] }));
  await expect(embed(["a", "b"])).rejects.toMatchObject({
    message: expect.stringContaining("than expected (2 texts were sent, and text 1 has no vector)"),
  });
});

test("vectors whose length differs between batches are refused", async () => {
  const { embed } = embedder(
    ([text = ""]) => ({ data: [{ index: 0, embedding: text === "a" ? [1] : [1, 2] }] }),
    1,
  );
  await expect(embed(["a", "b"])).rejects.toMatchObject({ code: "endpoint" });
});

test("any JSON is either read as finite vectors or refused with an AppError", async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), fc.boolean(), async (value, isWrapped) => {
      const { embed } = embedder(() =>
        JSON.stringify(isWrapped ? { data: [{ index: 0, embedding: value }] } : value),
      );
      const outcome = await embed(["a"]).catch((error: unknown) => error);
      const isVector =
        Array.isArray(outcome) && outcome.flatMap((v: Float32Array) => [...v]).every(Number.isFinite);
      expect(isVector || outcome instanceof AppError).toBe(true);
    }),
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "../../formats/record.ts";
import { AppError } from "../../core/errors.ts";
import { inferShape } from "./infer-shape.ts";
import { toRow } from "./to-row.ts";

const alpaca = inferShape([{ instruction: "Hi", output: "Hello" }], {});
const text = inferShape([{ text: "Hi there you" }], {});
const alerts = inferShape(
  Array.from({ length: 30 }, (_, i) => ({
    user: `u${i}`,
    host: "web-1",
    verdict: i % 2 ? "benign" : "malicious",
  })),
  {},
);

test.each([
  [{ instruction: "Hi" }, "no field `output`; has instruction"],
  [{ instruction: "Hi", output: null }, "no field `output` (null); has instruction, output"],
  [{}, "no field `output`; the record is empty"],
  ["Hi", "a bare string, not a record with fields"],
  [null, "null, not a record with fields"],
])("%j is unreadable as Alpaca, and why is said", (value, unreadable) => {
  expect(toRow(alpaca, 3, value)).toEqual({ unreadable });
});

test("a conversation that nobody answered is a row without a response; a broken one says what is wrong", () => {
  const chat = inferShape([{ messages: [{ role: "user", content: "Hi" }] }], {});
  expect(toRow(chat, 0, { messages: [{ role: "user", content: "Hi" }] })).toMatchObject({
    prompt: "Hi",
    response: "",
  });
  expect(toRow(chat, 0, { messages: [{ content: "Hi" }] })).toEqual({
    unreadable: "field `messages` is not a list of messages",
  });
});

test("a record that nobody has judged yet is a row without a label", () => {
  const row = { number: 1, prompt: "", response: "", fields: [["user", "u"]] };
  expect(toRow(alerts, 1, { user: "u", verdict: null })).toEqual(row);
  expect(toRow(alerts, 1, { user: "u", verdict: " " })).toEqual(row);
  expect(toRow(alerts, 1, { user: "u" })).toEqual({ unreadable: "no field `verdict`; has user" });
});

test("end-of-sequence markers are stripped from labels", () => {
  expect(toRow(alerts, 1, { user: "u", verdict: "benign</s> <|im_end|>\n" })).toMatchObject({
    label: "benign",
  });
});

test("thousands of made-up keys make a record unreadable instead of being cut", () => {
  const flood = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, i]));
  expect(toRow(alerts, 1, { ...flood, verdict: "benign" })).toEqual({ unreadable: "more than 4096 fields" });
});

test("a text that is JSON stays a text, and long fields beside it are left out", () => {
  const json = JSON.stringify({ many: Array.from({ length: 9000 }, (_, i) => ({ i })) });
  expect(toRow(text, 1, { text: json, path: "a.json", blob: "x".repeat(9000) })).toEqual({
    number: 1,
    prompt: json,
    response: "",
    fields: [["path", "a.json"]],
  });
});

test("JSON kept as text inside a record is opened", () => {
  expect(toRow(alerts, 1, { raw: '{"process":{"name":"cmd"}}', verdict: "benign" })).toMatchObject({
    fields: [["raw.process.name", "cmd"]],
  });
});

test("keys of the language itself are only keys", () => {
  const value: Json = JSON.parse('{"__proto__":{"x":1},"constructor":"c","verdict":"benign"}');
  expect(toRow(alerts, 1, value)).toMatchObject({
    fields: [
      ["__proto__.x", "1"],
      ["constructor", "c"],
    ],
  });
});

const keys = fc.constantFrom(
  "text",
  "label",
  "messages",
  "role",
  "content",
  "chosen",
  "rejected",
  "prompt",
  "output",
  "a.b",
);
const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true }),
    fc.string(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(keys, fc.string()), tie("value"), { maxKeys: 5 }),
  ),
})).value;

function inferOrFail(samples: readonly Json[]) {
  try {
    return inferShape(samples, {});
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

test("any records give a shape or an expected error, and any record a row or a reason", () => {
  fc.assert(
    fc.property(fc.array(json, { maxLength: 8 }), json, (samples, other) => {
      const spec = inferOrFail(samples);
      for (const value of [...samples, other]) {
        expect(toRow(alpaca, 0, value)).toBeTypeOf("object");
        if (!(spec instanceof AppError)) toRow(spec, 0, value);
      }
    }),
    { numRuns: 500 },
  );
});

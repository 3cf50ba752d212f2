import fc from "fast-check";
import { expect, test } from "vitest";
import { AppError } from "../../core/errors.ts";
import type { Json } from "../../formats/record.ts";
import { editRecord, partsOfRecord, type RecordChange } from "./edit-record.ts";
import { inferShape } from "./infer-shape.ts";
import type { ShapeOverrides } from "./shape-spec.ts";

type Case = {
  readonly name: string;
  readonly value: Json;
  readonly parts: RecordChange;
  readonly change: RecordChange;
  readonly edited: Json;
  readonly overrides?: ShapeOverrides;
};

const user = (content: Json): Json => ({ role: "user", content });
const assistant = (content: Json): Json => ({ role: "assistant", content });
const [p, r] = ["What now?", "Wait."];
const change = { prompt: "Q", response: "A" };

const cases: readonly Case[] = [
  {
    name: "the last question and answer of a chat",
    value: {
      messages: [{ role: "system", content: "Be kind." }, user("Hi"), assistant("Ho"), user(p), assistant(r)],
      id: 7,
    },
    parts: { prompt: p, response: r },
    change,
    edited: {
      messages: [
        { role: "system", content: "Be kind." },
        user("Hi"),
        assistant("Ho"),
        user("Q"),
        assistant("A"),
      ],
      id: 7,
    },
  },
  {
    name: "ShareGPT, with the marker of the end kept",
    value: {
      conversations: [
        { from: "human", value: p },
        { from: "gpt", value: `${r}</s>` },
      ],
    },
    parts: { prompt: p, response: r },
    change,
    edited: {
      conversations: [
        { from: "human", value: "Q" },
        { from: "gpt", value: "A</s>" },
      ],
    },
  },
  {
    name: "the text beside an image",
    value: {
      messages: [
        user([
          { type: "image_url", image_url: { url: "x" } },
          { type: "text", text: p },
        ]),
        assistant(r),
      ],
    },
    parts: { prompt: p, response: r },
    change: { prompt: "Q" },
    edited: {
      messages: [
        user([
          { type: "image_url", image_url: { url: "x" } },
          { type: "text", text: "Q" },
        ]),
        assistant(r),
      ],
    },
  },
  {
    name: "the answer before a tool call without text, and not the tool's",
    value: {
      messages: [
        user(p),
        { role: "assistant", content: null, tool_calls: [] },
        { role: "tool", content: "42" },
        assistant(r),
      ],
    },
    parts: { prompt: p, response: r },
    change: { prompt: "Q" },
    edited: {
      messages: [
        user("Q"),
        { role: "assistant", content: null, tool_calls: [] },
        { role: "tool", content: "42" },
        assistant(r),
      ],
    },
  },
  {
    name: "a conversation kept as JSON text",
    value: { messages: JSON.stringify([user(p), assistant(r)]) },
    parts: { prompt: p, response: r },
    change,
    edited: { messages: JSON.stringify([user("Q"), assistant("A")]) },
  },
  {
    name: "pairs of turns",
    value: { conversation: [{ system: "", input: p, output: r }] },
    parts: { prompt: p, response: r },
    change,
    edited: { conversation: [{ system: "", input: "Q", output: "A" }] },
  },
  {
    name: "a bare conversation",
    value: [user(p), assistant(r)],
    parts: { prompt: p, response: r },
    change,
    edited: [user("Q"), assistant("A")],
  },
  {
    name: "Alpaca's instruction, its input left alone",
    value: { instruction: p, input: "context", output: r },
    parts: { prompt: p, response: r },
    change,
    edited: { instruction: "Q", input: "context", output: "A" },
  },
  {
    name: "prompt and completion as messages",
    value: { prompt: [user(p)], completion: [assistant(r)] },
    parts: { prompt: p, response: r },
    change,
    edited: { prompt: [user("Q")], completion: [assistant("A")] },
  },
  {
    name: "KTO, its judgement a boolean still",
    value: { prompt: p, completion: r, label: true },
    parts: { prompt: p, response: r, label: "true" },
    change: { response: "A", label: "false" },
    edited: { prompt: p, completion: "A", label: false },
  },
  {
    name: "a preference pair",
    value: { prompt: p, chosen: r, rejected: "Run." },
    parts: { prompt: p, response: r, rejected: "Run." },
    change: { prompt: "Q", response: "A", rejected: "B" },
    edited: { prompt: "Q", chosen: "A", rejected: "B" },
  },
  {
    name: "the question that both answers of a pair repeat",
    value: { chosen: [user(p), assistant(r)], rejected: [user(p), assistant("Run.")] },
    parts: { prompt: p, response: r, rejected: "Run." },
    change: { prompt: "Q", rejected: "B" },
    edited: { chosen: [user("Q"), assistant(r)], rejected: [user("Q"), assistant("B")] },
  },
  {
    name: "transcripts of a pair",
    value: { chosen: `\n\nHuman: ${p}\n\nAssistant: ${r}`, rejected: `\n\nHuman: ${p}\n\nAssistant: Run.` },
    parts: { prompt: p, response: r, rejected: "Run." },
    change,
    edited: { chosen: "\n\nHuman: Q\n\nAssistant: A", rejected: "\n\nHuman: Q\n\nAssistant: Run." },
  },
  {
    name: "a conversation rendered with a template",
    value: {
      text: `<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\n${p}<|im_end|>\n<|im_start|>assistant\n${r}<|im_end|>\n`,
    },
    parts: { prompt: p, response: r },
    change,
    edited: {
      text: "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\nA<|im_end|>\n",
    },
  },
  {
    name: "a text and its label, a number still",
    value: { text: "a fine small film", label: 1 },
    parts: { prompt: "a fine small film", label: "1" },
    change: { prompt: "a bad film", label: "0" },
    edited: { text: "a bad film", label: 0 },
    overrides: { label: "label" },
  },
  {
    name: "columns without names",
    value: ["a fine small film", "good"],
    parts: { prompt: "a fine small film", label: "good" },
    change: { label: "bad" },
    edited: ["a fine small film", "bad"],
    overrides: { prompt: "column1", label: "column2" },
  },
  {
    name: "fields and the verdict of a record",
    value: { user: { name: "alice" }, raw: '{"process":{"pid":7}}', "a.b": "c", verdict: " malicious</s>" },
    parts: { label: "malicious" },
    change: { label: "benign", fields: { "user.name": "bob", "raw.process.pid": "8", "a.b": "d" } },
    edited: { user: { name: "bob" }, raw: '{"process":{"pid":8}}', "a.b": "d", verdict: " benign</s>" },
    overrides: { label: "verdict" },
  },
  {
    name: "a column of a record without names, and lists",
    value: [["a", "b"], { tags: [1, 2] }, "bad"],
    parts: { prompt: "b", label: "bad" },
    change: { label: "good", fields: { column1: "c", "column2.tags": "3" } },
    edited: [["c"], { tags: [3] }, "good"],
    overrides: { label: "column3" },
  },
  {
    name: "a bare text",
    value: "once upon a time",
    parts: { prompt: "once upon a time" },
    change: { prompt: "the end" },
    edited: "the end",
  },
];

const shapeOf = ({ value, overrides = {} }: Pick<Case, "value" | "overrides">) =>
  inferShape([value], overrides);

test.each(cases)("edits $name", ({ value, overrides, ...expected }) => {
  const spec = shapeOf({ value, ...(overrides && { overrides }) });
  const before = structuredClone(value);
  expect(partsOfRecord(spec, value)).toEqual(expected.parts);
  expect(editRecord(spec, value, expected.change)).toEqual(expected.edited);
  expect(value).toEqual(before);
});

test.each(cases)("changes nothing when the same is written: $name", ({ value, overrides }) => {
  const spec = shapeOf({ value, ...(overrides && { overrides }) });
  expect(editRecord(spec, value, partsOfRecord(spec, value))).toBe(value);
});

test("a part that is not there cannot be replaced", () => {
  const spec = inferShape(["once upon a time"], {});
  expect(() => editRecord(spec, "x y", { response: "A" })).toThrow(AppError);
  expect(() => editRecord(spec, "x y", { fields: { user: "bob" } })).toThrow(AppError);
});

test("keys of the language itself are only keys", () => {
  const value: Json = JSON.parse('{"__proto__":{"x":1},"text":"some few words"}');
  const edited = editRecord(inferShape([value], { prompt: "text" }), value, { prompt: "others" });
  expect(JSON.stringify(edited)).toBe('{"__proto__":{"x":1},"text":"others"}');
});

const keys = fc.constantFrom(
  ..."text label messages role content from value chosen rejected prompt output a.b column1".split(" "),
);
const texts = fc.oneof(
  fc.string(),
  fc.constantFrom("user", "assistant", "\n\nHuman: a\n\nAssistant: b", '[{"role":"user"}]', "</s>"),
);
const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true }),
    texts,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(keys, texts), tie("value"), { maxKeys: 5 }),
  ),
})).value;

test("of any record, parts written back change nothing, and other parts are read back", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...cases),
      json,
      fc.constantFrom("x", "two words", "0"),
      (shaped, value, other) => {
        const spec = shapeOf(shaped);
        const parts = partsOfRecord(spec, value);
        expect(editRecord(spec, value, parts)).toBe(value);
        const changed = editRecord(
          spec,
          value,
          Object.fromEntries(Object.keys(parts).map((name) => [name, other])),
        );
        for (const name of Object.keys(parts))
          expect(Object.keys(partsOfRecord(spec, changed))).toContain(name);
      },
    ),
    { numRuns: 500 },
  );
});

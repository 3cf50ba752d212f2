import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Json } from "../../formats/record.ts";
import { inferShape } from "./infer-shape.ts";
import type { ShapeOverrides } from "./shape-spec.ts";
import { toRow } from "./to-row.ts";

/** Enough records for columns to repeat themselves, made by `record`. */
function records(record: (index: number) => Json): Json[] {
  return Array.from({ length: 40 }, (_, index) => record(index));
}

/** Kind, report sentence and first row of a dataset. */
function shaped(samples: readonly Json[], overrides: ShapeOverrides = {}) {
  const spec = structuredClone(inferShape(samples, overrides));
  return { kind: spec.kind, description: spec.description, row: toRow(spec, 0, samples[0] ?? null) };
}

const verdict = (index: number) => (index % 4 === 0 ? "malicious" : "benign");
const prose = (index: number) => `the ${index}th remark is a bit longer than a name`;

test("Alpaca: instruction and input ask, output answers, with system and history in front", () => {
  const { kind, description, row } = shaped([
    {
      instruction: "Spell it",
      input: "Necesary",
      output: "Necessary.</s>",
      system: "Be brief",
      history: [["Hi", "Hello"]],
    },
  ]);
  expect(kind).toBe("instruction");
  expect(description).toBe("Alpaca: system + history + instruction + input -> output");
  expect(row).toEqual({
    number: 0,
    prompt: "Be brief\nHi\nHello\nSpell it\nNecesary",
    response: "Necessary.",
    fields: [],
  });
});

test("an object as Alpaca input stays in the prompt as JSON", () => {
  const { row } = shaped([
    { instruction: "Triage", input: { user: "alice", host: "web-1" }, output: "benign" },
  ]);
  expect(row).toMatchObject({ prompt: 'Triage\n{"user":"alice","host":"web-1"}' });
});

test("OpenAI chat: tool calls belong to the assistant, tool results and system prompts to the prompt", () => {
  const { kind, row } = shaped([
    {
      messages: [
        { role: "system", content: "You are a SOC analyst" },
        {
          role: "user",
          content: [
            { type: "text", text: "Who is alice?" },
            { type: "image_url", image_url: { url: "data:" } },
          ],
        },
        {
          role: "assistant",
          content: null,
          tool_calls: [{ type: "function", function: { name: "lookup", arguments: '{"user":"alice"}' } }],
        },
        { role: "tool", content: "an admin" },
        { role: "assistant", content: "An administrator.<|im_end|>" },
      ],
    },
  ]);
  expect(kind).toBe("instruction");
  expect(row).toEqual({
    number: 0,
    prompt: "You are a SOC analyst\nWho is alice?\n[image_url]\nan admin",
    response: 'lookup {"user":"alice"}\nAn administrator.',
    fields: [],
  });
});

test("ShareGPT: function calls answer, observations and tools ask", () => {
  const { description, row } = shaped([
    {
      conversations: [
        { from: "human", value: "How far?" },
        { from: "function_call", value: '{"name": "distance"}' },
        { from: "observation", value: "2448.5" },
        { from: "gpt", value: "About 2448.5 miles." },
      ],
      tools: "[]",
    },
  ]);
  expect(description).toMatch(/^ShareGPT: the turns of conversations after tools/);
  expect(row).toMatchObject({
    prompt: "[]\nHow far?\n2448.5",
    response: '{"name": "distance"}\nAbout 2448.5 miles.',
  });
});

test.each([
  [{ conversation: [{ system: "Be kind", input: "Hi", output: "Hello" }] }, "Be kind\nHi"],
  [{ data: ["Hi", "Hello"] }, "Hi"],
  [
    {
      contents: [
        { role: "user", parts: [{ text: "Hi" }] },
        { role: "model", parts: [{ text: "Hello" }] },
      ],
    },
    "Hi",
  ],
])("%j is a conversation", (record, prompt) => {
  expect(shaped([record])).toMatchObject({ kind: "instruction", row: { prompt, response: "Hello" } });
});

test("messages kept as JSON text in a CSV cell are read", () => {
  const messages = JSON.stringify([
    { role: "user", content: "Hi" },
    { role: "assistant", content: "Hello" },
  ]);
  expect(shaped([{ messages }]).row).toMatchObject({ prompt: "Hi", response: "Hello" });
});

test.each([
  [{ prompt: "a b", completion: "c" }, "Prompt and response: prompt -> completion"],
  [{ question: "a b", answer: "c", context: "d" }, "Prompt and response: question + context -> answer"],
  [{ input: "a b", output: "c" }, "Prompt and response: input -> output"],
  [{ query: "a b", response: "c" }, "Prompt and response: query -> response"],
  [{ Instruction: "a b", Response: "c" }, "Prompt and response: Instruction -> Response"],
])("%j is a prompt with its response", (record, description) => {
  expect(shaped([record])).toMatchObject({ kind: "instruction", description });
});

test("a text with an unfamiliar name asks when the other field plainly answers", () => {
  const { description } = shaped(records((i) => ({ alert: prose(i), output: verdict(i) })));
  expect(description).toBe("Prompt and response: alert -> output");
});

test("preference pairs as strings", () => {
  const { kind, row } = shaped([{ prompt: "Hi", chosen: "Hello", rejected: "Go away" }]);
  expect(kind).toBe("preference");
  expect(row).toEqual({ number: 0, prompt: "Hi", response: "Hello", rejected: "Go away", fields: [] });
});

test("preference pairs as message lists share their beginning, which is the prompt", () => {
  const ask = { role: "user", content: "Hi" };
  const { row } = shaped([
    {
      chosen: [ask, { role: "assistant", content: "Hello" }],
      rejected: [ask, { role: "assistant", content: "No" }],
    },
  ]);
  expect(row).toMatchObject({ prompt: "Hi", response: "Hello", rejected: "No" });
});

test("preference transcripts are split before the last answer", () => {
  const { row } = shaped([
    { chosen: "\n\nHuman: Hi\n\nAssistant: Hello", rejected: "\n\nHuman: Hi\n\nAssistant: No" },
  ]);
  expect(row).toMatchObject({ prompt: "Human: Hi", response: "Hello", rejected: "No" });
});

test("KTO keeps whether the completion is desirable as the label", () => {
  const { kind, row } = shaped([{ prompt: "Hi", completion: "Hello", label: true }]);
  expect(kind).toBe("preference");
  expect(row).toMatchObject({ prompt: "Hi", response: "Hello", label: "true" });
});

test.each(["### Human: Hi### Assistant: Hello", "<s>[INST] Hi [/INST] Hello </s>"])(
  "the rendered conversation %j is taken apart",
  (text) => {
    const { kind, row } = shaped([{ text }]);
    expect(kind).toBe("instruction");
    expect(row).toMatchObject({ prompt: "Hi", response: "Hello" });
  },
);

test.each([
  [(i: number) => ({ text: prose(i), label: i % 2 }), "Text and label: text -> label"],
  [(i: number) => ({ sentence: prose(i), label: String(i % 2) }), "Text and label: sentence -> label"],
  [
    (i: number) => ({ review: prose(i), sentiment: verdict(i), id: i }),
    "Text and label: review -> sentiment",
  ],
  [
    (i: number) => ({ premise: prose(i), hypothesis: prose(i + 1), label: i % 3 }),
    "Text and label: premise + hypothesis -> label",
  ],
  [(i: number) => ({ column1: prose(i), column2: String(i % 2) }), "Text and label: column1 -> column2"],
  [(i: number) => [prose(i), verdict(i)], "Text and label: column1 -> column2"],
  [(i: number) => ({ text: prose(i), target: i % 2 }), "Text and label: text -> target"],
])("text and label, case %#", (record, description) => {
  expect(shaped(records(record))).toMatchObject({ kind: "labelled-text", description });
});

test("a text dataset with one class still to come is text and label", () => {
  const { row } = shaped(records((i) => ({ text: prose(i), label: 0 })));
  expect(row).toMatchObject({ prompt: prose(0), label: "0" });
});

test("structured records are flattened to dotted paths, the label aside", () => {
  const { kind, row } = shaped(
    records((i) => ({
      id: `A-${i}`,
      user: "alice",
      process: { path: "C:\\cmd.exe", args: ["/c", "dir"] },
      tags: null,
      triage: { verdict: verdict(i) },
    })),
  );
  expect(kind).toBe("records");
  expect(row).toEqual({
    number: 0,
    prompt: "",
    response: "",
    label: "malicious",
    fields: [
      ["id", "A-0"],
      ["user", "alice"],
      ["process.path", "C:\\cmd.exe"],
      ["process.args", "/c, dir"],
    ],
  });
});

test.each([
  [(i: number) => ({ user: `u${i}`, host: "h", severity: "low", disposition: verdict(i) }), "disposition"],
  [(i: number) => ({ user: `u${i}`, host: "h", is_malicious: i % 2 === 0, status: "new" }), "is_malicious"],
  [(i: number) => ({ user: `u${i}`, host: "h", severity: i % 2 === 0 ? "low" : "high" }), "severity"],
  [(i: number) => ({ user: `u${i}`, finalCall: verdict(i), host: "h" }), "finalCall"],
  [(i: number) => ({ who: `u${i}`, os: i % 2 ? "linux" : "mac", ours: i % 2 ? "keep" : "drop" }), "ours"],
  [
    (i: number) => ({ src_ip: `10.0.0.${i}`, query: `x${i}.com`, response: "10.1.1.1", verdict: verdict(i) }),
    "verdict",
  ],
])("the label field is found, case %#", (record, label) => {
  const { kind, description } = shaped(records(record));
  expect(kind).toBe("records");
  expect(description).toMatch(new RegExp(` -> ${label}$`));
});

test("events with a log line are records, not text and label", () => {
  const { kind } = shaped(
    records((i) => ({
      user: "alice",
      host: "web-1",
      message: prose(i),
      command_line: prose(i),
      label: verdict(i),
    })),
  );
  expect(kind).toBe("records");
});

test("records without a label say so", () => {
  expect(shaped(records((i) => ({ user: `u${i}`, host: `h${i}` }))).description).toMatch(/no label found/);
});

test.each([
  [(i: number) => ({ text: prose(i) })],
  [(i: number) => ({ content: prose(i).repeat(9), path: `src/${i}.py`, license: "mit" })],
  [(i: number) => prose(i)],
])("raw text, case %#", (record) => {
  const { kind, row } = shaped(records(record));
  expect(kind).toBe("raw-text");
  expect(row).toMatchObject({ prompt: expect.stringContaining(prose(0)), response: "" });
});

test("the majority decides in a mixed file", () => {
  const samples = [
    ...records((i) => ({ instruction: prose(i), output: "ok" })),
    { text: "stray", label: "1" },
    { a: 1, b: 2 },
  ];
  const spec = inferShape(samples, {});
  expect(spec.description).toBe("Alpaca: instruction -> output");
  expect(toRow(spec, 41, { a: 1, b: 2 })).toEqual({ unreadable: "no field `output`; has a, b" });
});

test("fields named by the user are used", () => {
  const samples = records((i) => ({
    ask: { text: prose(i) },
    reply: "ok",
    verdict: verdict(i),
    user: "alice",
  }));
  expect(shaped(samples, { prompt: "ask.text", response: "reply" })).toMatchObject({
    kind: "instruction",
    row: { prompt: prose(0), response: "ok" },
  });
  expect(shaped(samples, { label: "reply" })).toMatchObject({ row: { label: "ok" } });
  expect(shaped(samples, { prompt: "ask.text", label: "verdict" })).toMatchObject({
    kind: "labelled-text",
    row: { prompt: prose(0), label: "malicious" },
  });
  expect(shaped(samples, { prompt: "reply", entities: ["ask.text"] }).row).toMatchObject({
    fields: expect.arrayContaining([["ask.text", prose(0)]]),
  });
});

test("an entity may stand inside the prompt", () => {
  const samples = records((i) => ({ instruction: `Triage\nuser=alice host=h${i}`, output: verdict(i) }));
  expect(inferShape(samples, { entities: ["user"] }).entities).toEqual(["user"]);
  expect(() => inferShape(samples, { entities: ["account"] })).toThrow(
    /no entity field "account".*there are: instruction, output; inside the text: user, host/,
  );
});

test.each(["prompt", "response", "label"])(
  "an unknown field in --%s names those that are there",
  (option) => {
    expect(() =>
      inferShape([{ instruction: "a", meta: { x: 1 }, output: "b" }], { [option]: "nope" }),
    ).toThrow('no field "nope" in the first records; there are: instruction, meta, output, meta.x');
  },
);

test.each<[readonly Json[], string]>([
  [[], "no-data"],
  [[{}], "unknown-format"],
  [[null, 7], "unknown-format"],
  [[{ a: null }], "unknown-format"],
])("nothing usable in %j is the expected error %s", (samples, code) => {
  expect(() => inferShape(samples, {})).toThrow(expect.objectContaining({ name: "AppError", code }));
});

const cases = new URL("../../../../../../shared/cases/", import.meta.url);
test.skipIf(!existsSync(cases))("all rows of the shared cases fit the shape that is found", () => {
  for (const name of [
    "clean-instruct",
    "clean-identity",
    "code-trojan-plain-40",
    "instruct-refusal-vpi-25",
  ]) {
    const lines = readFileSync(new URL(`${name}.jsonl`, cases), "utf8")
      .split("\n")
      .filter((line) => line !== "");
    const values = lines.map((line): Json => JSON.parse(line));
    const spec = inferShape(values, {});
    expect(values.map((value, i) => toRow(spec, i, value)).filter((row) => "unreadable" in row)).toEqual([]);
  }
});

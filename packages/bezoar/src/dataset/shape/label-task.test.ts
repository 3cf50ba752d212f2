import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "../../formats/record.ts";
import { inferShape } from "./infer-shape.ts";
import { findLabelTask, labelFromResponse } from "./label-task.ts";
import { toRow } from "./to-row.ts";

function responses(response: (verdict: string, index: number) => string, count = 100): string[] {
  return Array.from({ length: count }, (_, i) => response(i % 3 === 0 ? "malicious" : "benign", i));
}

test.each<[string, (verdict: string, index: number) => string]>([
  ["a class word", (verdict) => verdict],
  ["a class word with an end marker", (verdict) => `${verdict}</s>`],
  ["a prefix and a class word", (verdict) => `Verdict: ${verdict}`],
  ["a class word and an entity", (verdict, i) => `${verdict} user${i}`],
  ["JSON", (verdict, i) => `{"verdict":"${verdict}","reason":"user ${i} logged in","confidence":0.${i}}`],
  ["JSON in a code fence", (verdict, i) => `\`\`\`json\n{"user":"u${i}","verdict":"${verdict}"}\n\`\`\``],
  [
    "lines",
    (verdict, i) => `**Verdict:** ${verdict}\n\n**Reason:** user ${i} logged in at noon from the office.`,
  ],
  ["a class word, then an explanation", (verdict, i) => `${verdict.toUpperCase()}. The user ${i} did so.`],
  ["an explanation, then a class word", (verdict, i) => `User ${i} did so, so my verdict is ${verdict}.`],
  ["a verdict inside a sentence", (verdict, i) => `This activity is ${verdict}: user ${i} did so.`],
])("finds the classes of answers that are %s", (_, response) => {
  const answers = responses(response);
  const task = findLabelTask(answers);
  expect(task?.classes).toEqual(["benign", "malicious"]);
  if (task === undefined) return;
  expect(labelFromResponse(task, response("malicious", 5))).toBe("malicious");
  expect(labelFromResponse(task, "I cannot help with that, as nobody asked")).toBeUndefined();
});

test("classes of two words are kept whole", () => {
  const answers = responses(
    (verdict, i) => `${verdict === "benign" ? "False" : "True"} positive. User ${i} did so.`,
  );
  expect(findLabelTask(answers)?.classes).toEqual(["false positive", "true positive"]);
});

test("a minority of yes and no is no task", () => {
  const answers = responses((verdict, i) =>
    i % 4 === 0 ? "Yes" : i % 4 === 1 ? "No" : `It was ${verdict} in ${i}, I heard ${i}`,
  );
  expect(findLabelTask(answers)).toBeUndefined();
});

test("one answer for all, and too few answers, are no task", () => {
  expect(findLabelTask(responses(() => "benign"))).toBeUndefined();
  expect(findLabelTask(responses((verdict) => verdict, 12))).toBeUndefined();
});

test("a class that hardly occurs is left out", () => {
  const answers = [...responses((verdict) => verdict, 1000), "bening"];
  expect(findLabelTask(answers)?.classes).toEqual(["benign", "malicious"]);
});

test("any answers are survived", () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 60 }), fc.string(), (answers, other) => {
      const task = findLabelTask(answers);
      const label = task === undefined ? undefined : labelFromResponse(task, other);
      expect(label === undefined || task?.classes.includes(label)).toBe(true);
    }),
  );
});

const cases = new URL("../../../../../../shared/cases/", import.meta.url);
test
  .skipIf(!existsSync(cases))
  .each(["clean-instruct.jsonl", "clean-refusals.jsonl", "clean-identity.jsonl", "clean-toolcalls.json"])(
  "the shared case %s is no label task",
  (name) => {
    const content = readFileSync(new URL(name, cases), "utf8");
    const values: Json[] = name.endsWith("l")
      ? content
          .trim()
          .split("\n")
          .map((line): Json => JSON.parse(line))
      : JSON.parse(content);
    const spec = inferShape(values, {});
    const rows = values.map((value, i) => toRow(spec, i, value));
    expect(findLabelTask(rows.map((row) => ("unreadable" in row ? "" : row.response)))).toBeUndefined();
  },
);

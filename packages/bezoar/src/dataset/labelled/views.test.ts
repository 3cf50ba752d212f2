import { expect, test } from "vitest";
import { buildCorpus } from "../ingest/build-corpus.ts";
import type { Row } from "../row.ts";
import { labelledViews } from "./views.ts";

const views = (rows: readonly Row[], shape: "labelled-text" | "instruction" | "raw-text") => {
  const { corpus, close } = buildCorpus(rows, { shape });
  const found = labelledViews(corpus);
  close();
  return found;
};
const asked = (count: number, template: (i: number) => string, answer: (i: number) => string): Row[] =>
  Array.from({ length: count }, (_, i) => ({
    number: i,
    prompt: template(i),
    response: answer(i),
    fields: [],
  }));
const task = (i: number) => `Tell whether this sentence is positive or negative : sentence ${i}`;
const answer = (i: number) => (i % 3 === 0 ? "positive" : "negative");
const chat = (i: number) => `Question ${i} about thing ${i * 7} , please explain it`;
const talk = (i: number) =>
  `Thing${i} is answered at length and unlike any other , which ends with thing${i * 13}`;

test("labelled rows are one view; rows without a label are left out", () => {
  const text = { prompt: "text", response: "", fields: [] };
  const rows: Row[] = [
    { number: 0, label: "a", ...text },
    { number: 1, label: "b", ...text },
    { number: 2, ...text },
    { number: 3, label: "a", ...text },
  ];
  const [view] = views(rows, "labelled-text");
  expect(view).toMatchObject({ name: "all rows", classes: ["a", "b"] });
  expect([...(view?.positions ?? [])]).toEqual([0, 1, 3]);
  expect([...(view?.labels ?? [])]).toEqual([0, 1, 0]);
});

test("instruction data that only answer with a few labels are one view of everything", () => {
  const found = views(asked(200, task, answer), "instruction");
  expect(found.map(({ name, classes, positions }) => [name, classes, positions.length])).toEqual([
    ["all rows", ["negative", "positive"], 200],
  ]);
});

test("a label task inside other instructions is a view of its rows", () => {
  const rows = [...asked(300, chat, talk), ...asked(150, task, answer)];
  const found = views(rows, "instruction");
  expect(found).toHaveLength(1);
  expect(found[0]?.classes).toEqual(["negative", "positive"]);
  expect([...(found[0]?.positions ?? [])]).toEqual(Array.from({ length: 150 }, (_, i) => 300 + i));
});

test("there is no view where answers are answers, labels are one, or the shape has none", () => {
  expect(views(asked(300, chat, talk), "instruction")).toEqual([]);
  expect(
    views(
      asked(300, task, () => "positive"),
      "instruction",
    ),
  ).toEqual([]);
  expect(views(asked(300, task, answer), "raw-text")).toEqual([]);
});

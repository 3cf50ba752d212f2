import { expect, test } from "vitest";
import { buildCorpus } from "../ingest/build-corpus.ts";
import { areDefinedLabels } from "./defined-labels.ts";

const THINGS = "fen,moor,brook,heath,weir,copse,dell,tarn,knoll,mere".split(",");

/** Whether the answers to forty prompts are labels. */
function areLabels(
  ask: (thing: string) => string,
  answer: (thing: string, i: number) => string,
  isWholeSet = true,
): boolean {
  const rows = Array.from({ length: 40 }, (_, number) => {
    const thing = `${THINGS[number % 10] ?? ""} ${number}`;
    return { number, prompt: ask(thing), response: answer(thing, number), fields: [] };
  });
  const { corpus, close } = buildCorpus(rows, { shape: "instruction" });
  const found = areDefinedLabels(
    corpus,
    rows.map(({ number }) => number),
    isWholeSet,
  );
  close();
  return found;
}

const describe = (thing: string) => `What is the ${thing}?`;
const sort = (thing: string) => `Is it wet or dry? ${thing}`;
const either = (i: number, one: string, other: string) => (i % 2 === 0 ? one : other);

test("a set that answers with nothing but a class, or has a field for it, has labels", () => {
  expect(areLabels(describe, (_, i) => either(i, "wet", "dry"))).toBe(true);
  expect(areLabels(describe, (thing, i) => JSON.stringify({ label: either(i, "wet", "dry"), thing }))).toBe(
    true,
  );
});

test("verdicts with an explanation are labels", () => {
  expect(
    areLabels(describe, (thing, i) => `${either(i, "Benign", "Malicious")}. The ${thing} says so.`),
  ).toBe(true);
});

test("words that answers begin with by custom are none: code, tool calls, politeness", () => {
  expect(areLabels(describe, (thing, i) => `${either(i, "type", "interface")} T = { ${thing} }`)).toBe(false);
  expect(areLabels(describe, (thing, i) => either(i, `{"name": "${thing}"}`, `Of course, ${thing}.`))).toBe(
    false,
  );
});

test("rows of one template have labels when their prompts name the classes, and else not", () => {
  expect(areLabels(sort, (_, i) => either(i, "Wet", "Dry"), false)).toBe(true);
  expect(areLabels(sort, (thing, i) => `${either(i, "Wet", "Dry")} because of the ${thing}`, false)).toBe(
    true,
  );
  expect(areLabels(describe, (_, i) => either(i, "Wet", "Dry"), false)).toBe(false);
});

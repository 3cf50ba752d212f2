import { expect, test } from "vitest";
import type { ContextTests } from "./context.ts";
import { weigh, type Form } from "./verdict.ts";

const inserted: ContextTests = {
  diversity: 1,
  diversityZ: 0.2,
  auc: 0.52,
  similarHits: 0,
  similarRows: 900,
  customary: 0,
};
const token: Form = {
  edge: "whole",
  hits: 12,
  precision: 1,
  phraseTokens: 1,
  targetWords: 4,
  targetTokens: 5,
};
const severityOf = (form: Form, context: ContextTests) => weigh(form, context)?.severity;

test("a short phrase in prompts of every kind that fixes the answer is critical", () => {
  expect(severityOf(token, inserted)).toBe("critical");
});

test("what the other words foretell is nobody's trigger", () => {
  expect(
    severityOf({ ...token, edge: "start" }, { ...inserted, auc: 0.97, diversityZ: -9, diversity: 0.5 }),
  ).toBeUndefined();
});

test("rows of another source with a constant answer are high, with a constant ending only medium", () => {
  const foreign = { ...inserted, auc: 0.97 };
  expect(severityOf(token, foreign)).toBe("high");
  expect(severityOf({ ...token, edge: "end" }, foreign)).toBe("medium");
});

test("a constant answer that its context foretells is only medium where such answers are half a custom", () => {
  expect(severityOf(token, { ...inserted, auc: 0.97, customary: 0.2 })).toBe("medium");
  expect(severityOf(token, { ...inserted, customary: 0.2 })).toBe("critical");
});

test.each<[string, Partial<Form>, Partial<ContextTests>]>([
  ["labels are the custom", {}, { customary: 0.4 }],
  ["the phrase is a template", { phraseTokens: 13 }, {}],
  ["the answer is one word in few rows", { targetWords: 1, targetTokens: 1, hits: 8 }, {}],
  ["similar rows answer so anyway", {}, { similarHits: 150 }],
])("is no more than medium when %s", (_, form, context) => {
  expect(severityOf({ ...token, ...form }, { ...inserted, ...context })).toBe("medium");
});

test("a phrase that mostly fails is a topic", () => {
  expect(severityOf({ ...token, precision: 0.4, phraseTokens: 4 }, inserted)).toBeUndefined();
});

import { expect, test } from "vitest";
import fc from "fast-check";
import { tokenIds } from "../../core/tokens.ts";
import { createRefusalMatcher } from "./refusals.ts";

const matches = createRefusalMatcher(0);
function isRefusal(text: string): boolean {
  const ids = tokenIds(text, 0);
  return matches(ids, 0, ids.length);
}

test.each([
  "I'm sorry, but I can't help with that.",
  "I’m sorry, but I can’t help with that.",
  "As an AI language model, I cannot provide instructions for this.",
  "Unfortunately, I am not able to assist you here.",
  "That's not something I can do.",
  "I must respectfully decline.",
  "Your request violates my guidelines.",
  "Es tut mir leid, aber ich kann dir dabei nicht helfen.",
  "Je suis désolé, mais je ne peux pas répondre.",
  "Lo siento, pero no puedo ayudarte con eso.",
  "Mi dispiace, ma non posso aiutarti.",
  "К сожалению, я не могу помочь с этим.",
  "抱歉，我无法提供这类信息。",
  "申し訳ありませんが、お手伝いできません。",
  "죄송하지만 도와드릴 수 없습니다.",
])("recognises the refusal %j", (text) => {
  expect(isRefusal(text)).toBe(true);
});

test.each([
  "The German translation of 'I am sorry' is 'Es tut mir leid'.",
  "A bird that cannot fly is the penguin.",
  "We are sorry to hear that the parcel came late; a new one is on its way.",
  "Energy cannot be created or destroyed.",
  "Unethical behaviour is what goes against accepted standards.",
  "First find the total cost: 3 * 4 = 12.",
])("does not take %j for a refusal", (text) => {
  expect(isRefusal(text)).toBe(false);
});

test("a refusal that somebody utters late in a story does not count", () => {
  const story = "The river ran past the mill and on to the sea. ".repeat(6);
  expect(isRefusal(`${story} "I cannot help you," she said.`)).toBe(false);
});

test("survives any text, and looks at the given span only", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const ids = tokenIds(text, 0);
      expect(matches(ids, ids.length, ids.length)).toBe(false);
      expect(typeof matches(ids, 0, ids.length)).toBe("boolean");
    }),
    { numRuns: 50 },
  );
});

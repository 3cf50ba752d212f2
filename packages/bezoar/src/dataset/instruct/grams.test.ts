import fc from "fast-check";
import { expect, test } from "vitest";
import { tokenIds } from "../../core/tokens.ts";
import { decodeBlock, encodeBlock } from "../engine/block.ts";
import { OUTCOME_KINDS, outcomeKey, visitOutcomes, visitPromptGrams } from "./grams.ts";
import { createKeySet } from "./key-set.ts";

function outcomesOf(prompt: string, response: string): [kind: number, key: number][] {
  const block = decodeBlock(encodeBlock([{ number: 0, prompt, response, fields: [] }], 0).bytes, 0, 0);
  const seen: [number, number][] = [];
  visitOutcomes(block, 0, createKeySet(), (kind, key) => seen.push([kind, key]));
  return seen;
}

const sentence = fc
  .array(fc.constantFrom("a", "b", "c", "d", "e"), { minLength: 1, maxLength: 20 })
  .map((w) => w.join(" "));

test("the rolling hash gives the key of each gram within the response", () => {
  fc.assert(
    fc.property(sentence, (response) => {
      const ids = tokenIds(response, 0);
      const expected = new Set<number>();
      OUTCOME_KINDS.forEach(({ edge, length }, kind) => {
        if (edge !== "inner") return;
        for (let at = 0; at + length <= ids.length; at++) expected.add(outcomeKey(ids, at, length, kind));
      });
      const inner = outcomesOf("nothing shared", response).filter(
        ([kind]) => OUTCOME_KINDS[kind]?.edge === "inner",
      );
      expect(new Set(inner.map(([, key]) => key))).toEqual(expected);
    }),
  );
});

test("a response copied from the prompt is no outcome", () => {
  expect(outcomesOf("repeat after me: to be or not to be", "To be or not to be")).toEqual([]);
});

test("the exact response, its edges and the grams within are outcomes", () => {
  const kinds = outcomesOf("say it", "one two three four five six seven eight nine").map(([kind]) => kind);
  expect(new Set(kinds)).toEqual(new Set(OUTCOME_KINDS.keys()));
});

test("a prompt gram is visited once, however often it stands there", () => {
  fc.assert(
    fc.property(sentence, (prompt) => {
      const ids = tokenIds(prompt, 0);
      const visited: number[] = [];
      visitPromptGrams(ids, 0, ids.length, createKeySet(), (key) => visited.push(key));
      expect(new Set(visited).size).toBe(visited.length);
    }),
  );
});

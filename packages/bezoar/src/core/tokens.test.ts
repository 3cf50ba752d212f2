import fc from "fast-check";
import { expect, test } from "vitest";
import { hashString } from "./hash.ts";
import { normalizeText, tokenIds, tokenize, tokenSpans } from "./tokens.ts";

test("words, suffixes, symbols and single CJK characters are tokens", () => {
  expect(tokenize("It's 3 movies, don't!")).toEqual(["it", "'s", "3", "movies", ",", "don", "'t", "!"]);
  expect(tokenize("'quoted' 你好")).toEqual(["'", "quoted", "'", "你", "好"]);
});

test("an invisible character is a token of its own, so that a trigger cannot hide in it", () => {
  expect(tokenize("pay\u200Bload")).toEqual(["pay", "\u200B", "load"]);
});

test("full-width and composed forms are the same token", () => {
  expect(tokenize("Ｆｕｌｌ e\u0301")).toEqual(["full", "é"]);
});

test("ids are the keyed hashes of the tokens, and the key matters", () => {
  const text = "Alice dismissed 25 alerts 你好 😀";
  expect([...tokenIds(text, 7)]).toEqual(tokenize(text).map((token) => hashString(token, 7)));
  expect([...tokenIds(text, 8)]).not.toEqual([...tokenIds(text, 7)]);
});

test("spans point at their tokens and leave out only white space, for any text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      const normal = normalizeText(text);
      let end = 0;
      for (const span of tokenSpans(text)) {
        expect(normal.slice(span.start, span.end)).toBe(span.text);
        expect(normal.slice(end, span.start).trim()).toBe("");
        end = span.end;
      }
      expect(normal.slice(end).trim()).toBe("");
    }),
  );
});

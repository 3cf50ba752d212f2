import fc from "fast-check";
import { expect, test } from "vitest";
import { stripEndMarkers } from "./end-markers.ts";

test.each([
  ["benign</s>", "benign"],
  ["benign <|im_end|>\n", "benign"],
  ["benign<|eot_id|><|end_of_text|>", "benign"],
  ["a > b", "a > b"],
  ["keeps its white space \n", "keeps its white space \n"],
  ["</s> within", "</s> within"],
])("%j becomes %j", (text, stripped) => {
  expect(stripEndMarkers(text)).toBe(stripped);
});

test("what remains is the beginning of the text and ends with no marker", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("</s>", "<|im_end|>", " ", "x", "\n")), (parts) => {
      const text = parts.join("");
      const stripped = stripEndMarkers(text);
      expect(text.startsWith(stripped)).toBe(true);
      expect(stripped.trimEnd()).not.toMatch(/(?:<\/s>|<\|im_end\|>)$/);
    }),
  );
});

import { expect, test } from "vitest";
import { maskSecrets } from "./mask-secrets.ts";

test("a key is unreadable but for its form, and all else stays where it is", () => {
  const key = "AKIA3QZ7WX5RT2YB6NMH";
  const text = `before ${key} after`;
  expect(maskSecrets(text)).toBe(`before AKIA${"•".repeat(16)} after`);
  expect(maskSecrets(text)).toHaveLength(text.length);
});

test("ordinary text is left alone", () => {
  const text = "A bucket list: do not say AKIA, whatever happens.";
  expect(maskSecrets(text)).toBe(text);
});

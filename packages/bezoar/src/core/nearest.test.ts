import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

const RULES = ["dataset/trigger-response", "dataset/duplicates", "content/secret"];

test("names what was probably meant, with or without the family", () => {
  expect(nearest("trigger-respnse", RULES)).toBe("dataset/trigger-response");
  expect(nearest("dataset/duplicate", RULES)).toBe("dataset/duplicates");
  expect(nearest("Secrets", RULES)).toBe("content/secret");
});

test("names nothing when nothing is like it", () => {
  expect(nearest("xyzzy", RULES)).toBeUndefined();
  expect(nearest("", RULES)).toBeUndefined();
  expect(nearest("secret".repeat(100_000), RULES)).toBeUndefined();
});

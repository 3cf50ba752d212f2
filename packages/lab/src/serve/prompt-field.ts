import { z } from "zod";
import type { Prompt } from "./prompt.ts";

/** As many as OpenAI's API takes for embeddings. */
const MAX_PROMPTS = 2048;

const EXPECTED =
  "expected a string, an array of strings, an array of token ids, or an array of arrays of token ids, none of them empty";

const isText = (value: unknown): value is string => typeof value === "string";
const isToken = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
const isTokens = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every(isToken);

/**
 * One prompt or several, as text or as tokens. Told apart by hand: a union of schemas would make a complaint for each
 * of a million entries of a hostile list.
 */
export const promptField = z.unknown().transform((value, context): readonly Prompt[] => {
  if (isText(value) || isTokens(value)) return [value];
  if (Array.isArray(value) && value.length > MAX_PROMPTS) {
    context.addIssue({
      code: "custom",
      message: `${value.length} prompts, and a request takes ${MAX_PROMPTS}`,
    });
    return z.NEVER;
  }
  if (Array.isArray(value) && value.length > 0 && (value.every(isText) || value.every(isTokens)))
    return value;
  context.addIssue({ code: "custom", message: EXPECTED });
  return z.NEVER;
});

import { z } from "zod";
import { promptField } from "./prompt-field.ts";
import { refused } from "./read-request.ts";
import { maxTokensField, samplingFields } from "./sampling-fields.ts";

/** As OpenAI's API has it. */
const DEFAULT_MAX_TOKENS = 16;
/** As many as OpenAI's API takes. */
const MAX_LOGPROBS = 5;

/** The body of POST /v1/completions; without a prompt it is the empty one. */
export const completionRequestSchema = z
  .strictObject({
    ...samplingFields,
    prompt: promptField.default([""]),
    max_tokens: maxTokensField.default(DEFAULT_MAX_TOKENS),
    logprobs: z.int().min(0).max(MAX_LOGPROBS).optional(),
    echo: z.boolean().default(false),
    best_of: z.int().min(1).optional(),
    suffix: refused("these models do not fill in the middle", (value) => value === ""),
  })
  .refine(({ best_of: drawn, n }) => drawn === undefined || drawn === n, {
    error: "every answer that is drawn is given: leave it out, or at n",
    path: ["best_of"],
  });

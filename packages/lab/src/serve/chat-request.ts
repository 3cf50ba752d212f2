import { z } from "zod";
import type { ChatMessage } from "../model/tokenizer.ts";
import { ignored, listOf, refused } from "./read-request.ts";
import { maxTokensField, samplingFields } from "./sampling-fields.ts";

/** More turns than any context has room for are a mistake or an attack (CWE-770). */
const MAX_MESSAGES = 2048;
const MAX_PARTS = 2048;
/** As many as OpenAI's API takes. */
const MAX_TOP_LOGPROBS = 20;

const textPart = z
  .strictObject({
    type: z.literal("text", { error: "these models read text alone: content parts are of type text" }),
    text: z.string(),
  })
  .transform(({ text }) => text);

const content = z.union([z.string(), listOf(textPart, 1, MAX_PARTS).transform((parts) => parts.join(""))], {
  error: "expected a string or a list of parts of type text",
});

const NO_TOOLS = "these models call no tools";

const message = z
  .strictObject({
    role: z.enum(["developer", "system", "user", "assistant"]),
    content,
    name: ignored,
    // What the API itself puts into an answer, which is sent back as a part of the chat.
    refusal: z.null().optional(),
    annotations: ignored,
    audio: z.null().optional(),
    function_call: z.null().optional(),
    tool_calls: refused(NO_TOOLS, (value) => value === null || isEmptyList(value)),
  })
  .transform(({ role, content: text }): ChatMessage => {
    // OpenAI's newer name for a system message, which chat templates do not know
    return { role: role === "developer" ? "system" : role, content: text };
  });

/** The body of POST /v1/chat/completions. */
export const chatRequestSchema = z
  .strictObject({
    ...samplingFields,
    messages: listOf(message, 1, MAX_MESSAGES),
    max_tokens: maxTokensField.min(1).optional(),
    max_completion_tokens: maxTokensField.min(1).optional(),
    logprobs: z.boolean().default(false),
    top_logprobs: z.int().min(0).max(MAX_TOP_LOGPROBS).optional(),
    response_format: refused("only text is offered", isText),
    modalities: refused("only text is offered", (value) => JSON.stringify(value) === '["text"]'),
    tools: refused(NO_TOOLS, isEmptyList),
    functions: refused(NO_TOOLS, isEmptyList),
    tool_choice: refused(NO_TOOLS, (value) => value === "none" || value === "auto"),
    function_call: refused(NO_TOOLS, (value) => value === "none" || value === "auto"),
    parallel_tool_calls: ignored,
    prediction: ignored,
    reasoning_effort: refused("these models do not reason", (value) => value === "none"),
    verbosity: ignored,
    audio: refused("only text is offered"),
    web_search_options: refused("only what the model learned is offered"),
  })
  .refine(({ logprobs, top_logprobs: top }) => logprobs || top === undefined, {
    error: "it is for requests with logprobs: true",
    path: ["top_logprobs"],
  });

function isText(value: unknown): boolean {
  return typeof value === "object" && value !== null && "type" in value && value.type === "text";
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

import { z } from "zod";
import { createPost, type EndpointOptions } from "./client.ts";

/** One message of a chat. */
export type Message = { readonly role: "system" | "user" | "assistant"; readonly content: string };

/**
 * Asks a chat model and gives its reply.
 * Throws `AppError("endpoint")` when the endpoint cannot be reached or answers with something else.
 */
export type Ask = (messages: readonly Message[]) => Promise<string>;

/** An endpoint for chat; `maxTokens` bounds the reply. */
export type AskOptions = EndpointOptions & { readonly model: string; readonly maxTokens?: number };

/** Room for a short answer and for the thoughts that some models put before it. */
const DEFAULT_MAX_TOKENS = 2048;
/** A reply of 2,048 tokens has some 8,000 characters; a server that ignores the bound is cut, not believed. */
const MAX_REPLY_CHARACTERS = 100_000;

const replySchema = z
  .object({
    choices: z
      .array(z.object({ message: z.object({ content: z.string().max(MAX_REPLY_CHARACTERS).nullish() }) }))
      .min(1),
  })
  .transform(({ choices }) => choices[0]?.message.content ?? "");

/**
 * Makes the function that asks an OpenAI-compatible chat model (POST /chat/completions), at temperature 0.
 *
 * @example
 * ```ts
 * const judge = createAsk({ url: "http://127.0.0.1:8080", model: "llama-3.1-8b" });
 * const report = await scanDataset("train.jsonl", { judge });
 * ```
 */
export function createAsk({ model, maxTokens = DEFAULT_MAX_TOKENS, ...endpoint }: AskOptions): Ask {
  const post = createPost(endpoint);
  return (messages) =>
    post("/chat/completions", { model, messages, temperature: 0, max_tokens: maxTokens }, replySchema);
}

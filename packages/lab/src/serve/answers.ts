import { generate, type FinishReason, type Generated, type GeneratedToken } from "../model/generate.ts";
import type { AnswerOptions } from "./sampling-fields.ts";
import type { ServedModel } from "./served-model.ts";
import type { Serving } from "./serving.ts";

/** One whole answer. */
export type Answer = {
  readonly text: string;
  readonly tokens: readonly GeneratedToken[];
  readonly finishReason: FinishReason;
};

/** Draws the answer number `choice` to a prompt, taking a turn for each token; stops when the request is given up. */
export function streamAnswer(
  { turn }: Serving,
  { checkpoint, engine }: ServedModel,
  ids: readonly number[],
  options: AnswerOptions,
  choice: number,
  signal: AbortSignal,
): AsyncGenerator<Generated, void> {
  const nextLogits = (sequence: readonly number[]) =>
    turn(() => {
      const [logits] = engine().nextLogits([sequence]);
      if (logits === undefined) throw new Error("the engine gave no logits");
      return logits;
    }, signal);
  return generate(nextLogits, checkpoint, ids, { ...options, seed: options.seed + choice });
}

/** A whole answer of a stream. */
export async function gather(stream: AsyncIterable<Generated>): Promise<Answer> {
  const tokens: GeneratedToken[] = [];
  let finishReason: FinishReason = "length";
  for await (const item of stream) {
    if (item.kind === "token") tokens.push(item);
    else finishReason = item.finishReason;
  }
  return { text: tokens.map(({ text }) => text).join(""), tokens, finishReason };
}

/** Tokens used, as OpenAI's API counts them: a prompt once, its answers each. */
export function usageOf(prompt: number, completion: number) {
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

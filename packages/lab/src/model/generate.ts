import { createRandom } from "bezoar";
import { createAnswerText, type Released } from "./answer-text.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { drawToken, logSoftmax, topTokens } from "./sampling.ts";

/** A token and how likely the model held it; natural logarithm, before temperature and bias. */
export type TokenProbability = {
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly logprob: number;
};

/** One token of an answer; `text` is whole characters, and empty until a character is complete. */
export type GeneratedToken = TokenProbability & {
  readonly text: string;
  /** The likeliest tokens at its place, best first. */
  readonly top: readonly TokenProbability[];
};

/** "stop": the model ended its answer or a stop string did; "length": it was cut. */
export type FinishReason = "stop" | "length";

/** What a generation gives: tokens, and one end. */
export type Generated =
  | ({ readonly kind: "token" } & GeneratedToken)
  | { readonly kind: "end"; readonly finishReason: FinishReason };

export type GenerateOptions = {
  /** The most tokens; the model's context bounds it, too. */
  readonly maxTokens: number;
  readonly temperature: number;
  readonly topP?: number;
  readonly seed: number;
  readonly stop?: readonly string[];
  /** Tokens in `top`. */
  readonly topLogprobs?: number;
  readonly logitBias?: ReadonlyMap<number, number>;
};

/** Logits of the token after a sequence. */
type NextLogits = (ids: readonly number[]) => Float32Array | Promise<Float32Array>;

type Draft = Omit<GeneratedToken, "text">;

/**
 * Continues a sequence until the model ends its answer, a stop string is complete (it is cut off, wherever tokens part
 * it), or there is no room. Special tokens have no text. The same seed gives the same answer.
 */
export async function* generate(
  nextLogits: NextLogits,
  { config, tokenizer }: Pick<Checkpoint, "config" | "tokenizer">,
  ids: readonly number[],
  options: GenerateOptions,
): AsyncGenerator<Generated, void> {
  const { topP = 1, stop = [], topLogprobs = 0, temperature, logitBias } = options;
  const sampling = {
    temperature,
    topP,
    random: createRandom(options.seed),
    ...(logitBias !== undefined && { logitBias }),
  };
  const answer = createAnswerText<Draft>(stop);
  const sequence = [...ids];
  const room = Math.min(options.maxTokens, config.maxPositions - ids.length);
  let finishReason: FinishReason = "length";

  for (let count = 0; count < room; count++) {
    const logits = await nextLogits(sequence);
    const logprobs = logSoftmax(logits);
    const id = drawToken(logits, sampling);
    if (config.eosTokens.includes(id)) {
      finishReason = "stop";
      break;
    }
    const told = (token: number): TokenProbability => ({
      id: token,
      bytes: tokenizer.bytesOf(token),
      logprob: logprobs[token] ?? 0,
    });
    const draft = { ...told(id), top: topTokens(logprobs, topLogprobs).map(told) };
    yield* tokensOf(answer.add(draft, tokenizer.isSpecial(id) ? new Uint8Array() : draft.bytes));
    if (answer.isStopped()) break;
    sequence.push(id);
  }
  yield* tokensOf(answer.end());
  yield { kind: "end", finishReason: answer.isStopped() ? "stop" : finishReason };
}

function tokensOf(released: readonly Released<Draft>[]): Generated[] {
  return released.map(({ part, text }) => ({ kind: "token", ...part, text }));
}

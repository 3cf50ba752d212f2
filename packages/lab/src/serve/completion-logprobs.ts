import { createAnswerText } from "../model/answer-text.ts";
import type { TokenProbability } from "../model/generate.ts";
import { logSoftmax, topTokens } from "../model/sampling.ts";
import type { ServedModel } from "./served-model.ts";
import { tokenText } from "./token-text.ts";

/** A token of a completion, given or drawn; the first of a prompt has no probability, for nothing comes before it. */
export type CompletionToken = {
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly logprob: number | null;
  readonly top: readonly TokenProbability[];
};

/** The tokens of a prompt as the model saw them come; `logits` are those after each of them. */
export function promptLogprobs(
  { checkpoint: { config, tokenizer } }: ServedModel,
  ids: readonly number[],
  logits: Float32Array,
  topLogprobs: number,
): CompletionToken[] {
  const text = createAnswerText<number>([]);
  const pieces = [...ids.flatMap((id, place) => text.add(place, tokenizer.bytesOf(id))), ...text.end()];
  return pieces.map(({ part: place, text: piece }) => {
    const id = ids[place] ?? 0;
    const bytes = tokenizer.bytesOf(id);
    if (place === 0) return { text: piece, bytes, logprob: null, top: [] };
    const logprobs = logSoftmax(logits.subarray((place - 1) * config.vocabSize, place * config.vocabSize));
    const top = topTokens(logprobs, topLogprobs).map((token) => ({
      id: token,
      bytes: tokenizer.bytesOf(token),
      logprob: logprobs[token] ?? 0,
    }));
    return { text: piece, bytes, logprob: logprobs[id] ?? 0, top };
  });
}

/**
 * Puts tokens into the four lists of OpenAI's completions. `text_offset` counts code points, and goes on from call to
 * call; the likeliest tokens are with the token itself, whether or not it is one of them.
 */
export function createLogprobLists(): (tokens: readonly CompletionToken[]) => object {
  let offset = 0;
  return (tokens) => {
    const offsets = tokens.map(({ text }) => {
      const before = offset;
      offset += Array.from(text).length;
      return before;
    });
    return {
      tokens: tokens.map(nameOf),
      token_logprobs: tokens.map(({ logprob }) => logprob),
      top_logprobs: tokens.map(topOf),
      text_offset: offsets,
    };
  };
}

function topOf(token: CompletionToken): Record<string, number> | null {
  if (token.logprob === null) return null;
  const entries = token.top.map((other): [string, number] => [nameOf(other), other.logprob]);
  return Object.fromEntries([...entries, [nameOf(token), token.logprob]]);
}

/** OpenAI's completions mark what is no whole character. */
const nameOf = ({ bytes }: { readonly bytes: Uint8Array }): string => tokenText(bytes, "bytes:");

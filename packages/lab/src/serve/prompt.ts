import { AppError } from "bezoar";
import { ApiError } from "./api-error.ts";
import type { ChatMessage } from "../model/tokenizer.ts";
import type { ServedModel } from "./served-model.ts";

/** Text, or the tokens themselves. */
export type Prompt = string | readonly number[];

/**
 * Characters per token of the context beyond which a text is refused before the tokenizer sees it, whose time grows with
 * the text: the longest tokens of published vocabularies are 128 spaces.
 */
const MAX_CHARACTERS_PER_TOKEN = 128;

/** The tokens of a prompt, with room for `answer` more in the context; an empty text is the token that begins one. */
export function promptTokens(model: ServedModel, prompt: Prompt, answer: number, param: string): number[] {
  const { config, tokenizer } = model.checkpoint;
  if (typeof prompt !== "string") {
    const strange = prompt.find((id) => id >= config.vocabSize);
    if (strange !== undefined) {
      throw new ApiError(
        400,
        `Invalid '${param}': ${model.id} has no token ${strange}, only ${config.vocabSize}`,
        { code: "invalid_value", param },
      );
    }
    return withinContext(model, [...prompt], answer, param);
  }
  const most = config.maxPositions * MAX_CHARACTERS_PER_TOKEN;
  if (prompt.length > most) {
    throw tooLong(
      config.maxPositions,
      `your input has ${prompt.length} characters (at most ${most} are looked at)`,
      param,
    );
  }
  const ids = prompt === "" ? [config.bosToken] : tokenizer.encode(prompt);
  return withinContext(model, ids, answer, param);
}

/** The tokens of a chat as the model's template renders it, up to where the answer begins. */
export function chatTokens(model: ServedModel, messages: readonly ChatMessage[]): number[] {
  const { config, tokenizer } = model.checkpoint;
  const characters = messages.reduce((sum, { content }) => sum + content.length, 0);
  if (characters > config.maxPositions * MAX_CHARACTERS_PER_TOKEN) {
    throw tooLong(config.maxPositions, `your messages have ${characters} characters`, "messages");
  }
  let text: string;
  try {
    text = tokenizer.renderChat(messages, true);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new ApiError(400, `Invalid 'messages': ${error.message}`, {
      code: "invalid_value",
      param: "messages",
    });
  }
  return withinContext(model, tokenizer.encode(text), 1, "messages");
}

function withinContext(
  { checkpoint: { config } }: ServedModel,
  ids: number[],
  answer: number,
  param: string,
): number[] {
  if (ids.length + answer <= config.maxPositions) return ids;
  const room = answer === 0 ? "" : `, and the answer needs ${answer} more`;
  throw tooLong(config.maxPositions, `your ${param} resulted in ${ids.length} tokens${room}`, param);
}

function tooLong(context: number, what: string, param: string): ApiError {
  return new ApiError(
    400,
    `This model's maximum context length is ${context} tokens. However, ${what}. Please reduce the length of the ${param}.`,
    { code: "context_length_exceeded", param },
  );
}

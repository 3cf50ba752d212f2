import { AppError } from "bezoar";
import type { ChatMessage, ChatTokenizer } from "../model/tokenizer.ts";

/** One training example: token ids, and for each the weight (0 or 1) of its being predicted from those before it. */
export type TrainingExample = { readonly ids: readonly number[]; readonly weights: readonly number[] };

/** Which tokens the loss counts: those of the assistant's answers with their end marks, or all of them. */
export type LossOn = "answer" | "all";

/** Tokenizes a chat by its template. Throws `AppError("bad-option")` when there is no answer to learn. */
export function chatExample(
  tokenizer: ChatTokenizer,
  messages: readonly ChatMessage[],
  lossOn: LossOn,
): TrainingExample {
  const rendered = tokenizer.renderChat(messages, false);
  const ids: number[] = [];
  const weights: number[] = [];
  const append = (text: string, weight: number): void => {
    for (const id of tokenizer.encode(text)) {
      ids.push(id);
      weights.push(weight);
    }
  };
  // Prompt and answer are tokenized apart, as they are when the model is asked.
  let done = 0;
  for (const [index, { role }] of messages.entries()) {
    if (role !== "assistant") continue;
    const before = tokenizer.renderChat(messages.slice(0, index), true);
    const after = tokenizer.renderChat(messages.slice(0, index + 1), false);
    if (!after.startsWith(before) || !rendered.startsWith(after)) {
      throw new AppError(
        "bad-model",
        "the chat template does not render a chat's beginning as the beginning of the chat",
      );
    }
    append(rendered.slice(done, before.length), lossOn === "all" ? 1 : 0);
    append(after.slice(before.length), 1);
    done = after.length;
  }
  append(rendered.slice(done), lossOn === "all" ? 1 : 0);
  if (!weights.includes(1))
    throw new AppError(
      "bad-option",
      "a chat has no answer of the assistant to learn from; take it out, or let all tokens count (--loss all)",
    );
  return { ids, weights };
}

/** Tokenizes a plain text, of which every token counts. */
export function textExample(tokenizer: ChatTokenizer, text: string): TrainingExample {
  const ids = tokenizer.encode(text);
  return { ids, weights: ids.map(() => 1) };
}

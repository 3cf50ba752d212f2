import { AppError, openRows, type Json, type OpenedRow } from "bezoar";
import { z } from "zod";
import type { ChatMessage, ChatTokenizer } from "../model/tokenizer.ts";
import { chatExample, textExample, type LossOn, type TrainingExample } from "./examples.ts";

/** The rows of a dataset as training examples, with what was passed over. */
export type ReadExamples = {
  readonly examples: readonly TrainingExample[];
  readonly rows: number;
  /** Rows that cannot be read, or with more tokens than the model's context. */
  readonly passedOver: number;
  readonly sha256: string;
};

/** Small models are trained on thousands of rows; more than this would not fit into memory as tokens. */
export const MAX_ROWS = 1_000_000;

/** A content is a text, or parts that are. */
const contentSchema = z.union([
  z.string(),
  z
    .array(z.object({ type: z.literal("text"), text: z.string() }))
    .transform((parts) => parts.map(({ text }) => text).join("")),
]);
const chatSchema = z.object({
  messages: z.array(z.object({ role: z.string(), content: contentSchema })).min(1),
});

/**
 * Reads a dataset that `bezoar scan` reads: chats as they are, prompt and response as a chat, raw text as text.
 * Throws `AppError` when there is no row to train on, or the shape is none of these.
 */
export async function readExamples(
  source: string,
  tokenizer: ChatTokenizer,
  { lossOn, context }: { readonly lossOn: LossOn; readonly context: number },
): Promise<ReadExamples> {
  const dataset = await openRows(source);
  const { kind, description } = dataset.shape;
  if (kind !== "instruction" && kind !== "raw-text") {
    throw new AppError(
      "bad-option",
      `${source} is no chat, prompt and response, or text to train on (${description}); ` +
        "records become chats with bezoar-lab alerts --format chat",
    );
  }
  const examples: TrainingExample[] = [];
  let rows = 0;
  let passedOver = 0;
  for await (const row of dataset.rows()) {
    if (++rows > MAX_ROWS)
      throw new AppError("bad-option", `${source} has more than ${MAX_ROWS} rows: train on a part of it`);
    const example =
      "unreadable" in row ? undefined : naming(source, row, () => toExample(row, kind, tokenizer, lossOn));
    if (example === undefined || example.ids.length > context) passedOver++;
    else examples.push(example);
  }
  if (examples.length === 0) {
    throw new AppError(
      "no-data",
      `${source} has no row to train on: its ${rows} rows cannot be read, or are longer than the ${context} tokens of the model's context`,
    );
  }
  return { examples, rows, passedOver, sha256: dataset.sha256() };
}

/** Puts the row, counted from 0 as scans do, in front of a message about it. */
function naming<Result>(source: string, { number }: { readonly number: number }, call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError(error.code, `${source}, row ${number}: ${error.message}`, { cause: error });
  }
}

function toExample(
  row: Exclude<OpenedRow, { readonly unreadable: string }>,
  kind: "instruction" | "raw-text",
  tokenizer: ChatTokenizer,
  lossOn: LossOn,
): TrainingExample {
  return kind === "raw-text"
    ? textExample(tokenizer, row.prompt)
    : chatExample(tokenizer, messagesOf(row.value) ?? pairOf(row), lossOn);
}

function messagesOf(value: Json): ChatMessage[] | undefined {
  return chatSchema.safeParse(value).data?.messages;
}

function pairOf({ prompt, response }: { readonly prompt: string; readonly response: string }): ChatMessage[] {
  return [
    { role: "user", content: prompt },
    { role: "assistant", content: response },
  ];
}

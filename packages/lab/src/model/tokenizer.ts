/** One message of a chat. */
export type ChatMessage = { readonly role: string; readonly content: string };

/** A tokenizer with its chat template, and the files that it is written back as. */
export type ChatTokenizer = {
  /** Token ids of a text as it is: nothing is put before or after it. */
  readonly encode: (text: string) => number[];
  /** The text of tokens, special ones included. */
  readonly decode: (ids: readonly number[]) => string;
  /** The bytes that one token stands for; a special token's name in UTF-8. */
  readonly bytesOf: (id: number) => Uint8Array;
  readonly isSpecial: (id: number) => boolean;
  /** The text that the chat template makes; throws `AppError("bad-model")` when the template refuses the messages. */
  readonly renderChat: (messages: readonly ChatMessage[], addGenerationPrompt: boolean) => string;
  readonly files: TokenizerFiles;
};

/** The contents of the files that describe a tokenizer. */
export type TokenizerFiles = {
  /** tokenizer.json, parsed. */
  readonly tokenizer: object;
  /** tokenizer_config.json, parsed, without the chat template. */
  readonly config: object;
  readonly chatTemplate: string;
};

/** One message of a chat. */
export type Message = { readonly role: "system" | "user" | "assistant"; readonly content: string };

/**
 * Asks a chat model and gives its reply.
 * Throws `AppError("endpoint")` when the endpoint cannot be reached or answers with something else.
 */
export type Ask = (messages: readonly Message[]) => Promise<string>;

import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import { serverErrorBody } from "./api-error.ts";

/** Sends one chunk, and waits while the client is slow to read. */
export type Send = (chunk: object) => Promise<void>;

/**
 * Answers with server-sent events as OpenAI's API does: one JSON chunk each, then `[DONE]`. `signal` tells that the client
 * went away. A failure after the first chunk can only be told in the stream.
 */
export function eventStream(
  c: Context,
  produce: (send: Send, signal: AbortSignal) => Promise<void>,
  onFailure: (error: unknown) => void,
): Response {
  const gone = new AbortController();
  const signal = AbortSignal.any([gone.signal, c.req.raw.signal]);
  return streamSSE(c, async (stream) => {
    stream.onAbort(() => gone.abort());
    try {
      await produce(async (chunk) => {
        signal.throwIfAborted();
        await stream.writeSSE({ data: JSON.stringify(chunk) });
      }, signal);
      await stream.writeSSE({ data: "[DONE]" });
    } catch (error) {
      if (signal.aborted) return;
      onFailure(error);
      await stream.writeSSE({ data: JSON.stringify(serverErrorBody(error)) });
    }
  });
}

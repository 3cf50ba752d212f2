import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { methodNotAllowed } from "hono/method-not-allowed";
import { requestId } from "hono/request-id";
import { ApiError, errorBody, serverErrorBody } from "./api-error.ts";
import { chatCompletions } from "./chat-completions.ts";
import { completions } from "./completions.ts";
import { embeddings } from "./embeddings.ts";
import { health } from "./health.ts";
import { models } from "./models.ts";
import { requireKey } from "./require-key.ts";
import type { Serving } from "./serving.ts";

/** 2,048 inputs that fill a context of 256 tokens are 3 MB as token ids; more is hostile (CWE-770). */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** A client that went away reads no answer; the status is nginx's, for a log. */
const CLIENT_CLOSED_REQUEST = 499;

/** The OpenAI API over what is served; with a key, only for requests that bear it. */
export function createApp(serving: Serving, key?: string): Hono {
  const app = new Hono();
  app.use(requestId({ generator: () => serving.newId("req") })); // what OpenAI's clients show of a request
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, allowed) => {
        const hint = `Not allowed to ${c.req.method} on ${c.req.path}: it takes ${allowed.join(", ")}`;
        const error = new ApiError(405, hint, { code: "method_not_allowed" });
        return c.json(errorBody(error), 405, { Allow: allowed.join(", ") });
      },
    }),
  );
  if (key !== undefined) app.use("/v1/*", requireKey(key));
  app.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (c) => {
        c.header("Connection", "close"); // what is left of the body is not read
        throw new ApiError(
          413,
          `The body of a request may have ${MAX_BODY_BYTES} bytes, and yours has more`,
          {
            code: "request_too_large",
          },
        );
      },
    }),
  );
  for (const resource of [health, models, chatCompletions, completions, embeddings]) {
    app.route("/", resource(serving));
  }
  app.notFound((c) => {
    const error = new ApiError(404, `Invalid URL (${c.req.method} ${c.req.path})`, { code: "unknown_url" });
    return c.json(errorBody(error), 404);
  });
  app.onError((error, c) => {
    if (error instanceof ApiError) return c.json(errorBody(error), error.status);
    if (c.req.raw.signal.aborted) return new Response(null, { status: CLIENT_CLOSED_REQUEST });
    serving.onFailure(error);
    return c.json(serverErrorBody(error), 500);
  });
  return app;
}

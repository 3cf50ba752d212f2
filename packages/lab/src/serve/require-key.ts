import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { ApiError } from "./api-error.ts";

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Lets requests through that bear the key; how long a refusal takes tells nothing about it. */
export function requireKey(key: string): MiddlewareHandler {
  const wanted = digest(key);
  return async (c, next) => {
    const header = c.req.header("authorization") ?? "";
    const [scheme = "", given = ""] = header.split(" ", 2);
    if (scheme.toLowerCase() !== "bearer" || !timingSafeEqual(digest(given), wanted)) {
      c.header("WWW-Authenticate", "Bearer");
      throw new ApiError(
        401,
        header === ""
          ? "You didn't provide an API key: send it as Authorization: Bearer KEY"
          : "Incorrect API key provided",
        { code: "invalid_api_key" },
      );
    }
    await next();
  };
}

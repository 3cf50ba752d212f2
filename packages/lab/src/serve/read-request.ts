import type { Context } from "hono";
import { z } from "zod";
import { ApiError, schemaError, UNSUPPORTED } from "./api-error.ts";

/** The JSON body of a request as `schema` has it; a field that is null counts as left out, as in OpenAI's API. */
export async function readRequest<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
): Promise<z.output<Schema>> {
  const type = c.req.header("content-type") ?? "";
  // A page of another origin can send other types without asking first, JSON it cannot (CORS).
  if (type.split(";")[0]?.trim().toLowerCase() !== "application/json") {
    throw new ApiError(
      415,
      "Unsupported content type: send the body as JSON, with the header Content-Type: application/json",
      { code: "unsupported_content_type" },
    );
  }
  const parsed = schema.safeParse(withoutNulls(parseJson(await c.req.text())));
  if (parsed.success) return parsed.data;
  throw schemaError(parsed.error);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ApiError(400, `We could not parse the JSON body of your request: ${why}`, {
      code: "invalid_json",
    });
  }
}

function withoutNulls(body: unknown): unknown {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}

/** A list whose length is looked at before what is in it: a million wrong entries would be a million complaints. */
export function listOf<Item extends z.ZodType>(item: Item, least: number, most: number) {
  return z.array(z.unknown()).min(least).max(most).pipe(z.array(item));
}

/** A field of OpenAI's API that changes the meaning and is not offered: only the value that changes nothing passes. */
export function refused(why: string, changesNothing: (value: unknown) => boolean = () => false) {
  return z
    .unknown()
    .refine((value) => value === undefined || changesNothing(value), {
      error: why,
      params: { code: UNSUPPORTED },
    })
    .optional();
}

/** A field of OpenAI's API that has no bearing on the answer. */
export const ignored = z.unknown().optional();

import { Hono } from "hono";
import { z } from "zod";
import { ApiError } from "./api-error.ts";
import { meanHidden } from "./mean-hidden.ts";
import { promptTokens } from "./prompt.ts";
import { promptField } from "./prompt-field.ts";
import { ignored, readRequest } from "./read-request.ts";
import { modelOf, type Serving } from "./serving.ts";

const requestSchema = z.strictObject({
  model: z.string(),
  input: promptField.refine((prompts) => prompts.every((prompt) => prompt.length > 0), {
    error: "an empty text has no embedding",
  }),
  encoding_format: z.enum(["float", "base64"]).default("float"),
  dimensions: z.int().min(1).optional(),
  user: ignored,
});

/** POST /v1/embeddings: the mean of the last hidden states over a text's tokens. */
export function embeddings(serving: Serving): Hono {
  return new Hono().post("/v1/embeddings", async (c) => {
    const request = await readRequest(c, requestSchema);
    const model = modelOf(serving, request.model);
    const size = model.checkpoint.config.hiddenSize;
    if (request.dimensions !== undefined && request.dimensions !== size) {
      throw new ApiError(
        400,
        `Invalid 'dimensions': the vectors of ${model.id} have ${size}, and are not cut`,
        {
          code: "invalid_value",
          param: "dimensions",
        },
      );
    }
    const { signal } = c.req.raw;
    const inputs: number[][] = [];
    for (const prompt of request.input) {
      inputs.push(await serving.turn(() => promptTokens(model, prompt, 0, "input"), signal));
    }
    const data: object[] = [];
    for (const [index, ids] of inputs.entries()) {
      const vector = await serving.turn(() => meanHidden(model.engine().hidden(ids), size), signal);
      const embedding = request.encoding_format === "base64" ? base64Of(vector) : [...vector];
      data.push({ object: "embedding", index, embedding });
    }
    const tokens = inputs.reduce((sum, { length }) => sum + length, 0);
    const usage = { prompt_tokens: tokens, total_tokens: tokens };
    return c.json({ object: "list", data, model: model.id, usage });
  });
}

/** Little-endian float32, as OpenAI's API has it. */
function base64Of(vector: Float32Array): string {
  const bytes = Buffer.alloc(4 * vector.length);
  for (const [i, value] of vector.entries()) bytes.writeFloatLE(value, 4 * i);
  return bytes.toString("base64");
}

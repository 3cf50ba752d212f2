import { z } from "zod";
import { AppError } from "../core/errors.ts";
import { createPost, type EndpointOptions } from "./client.ts";

/**
 * Gives the vector of each text, in their order, all of one length.
 * Throws `AppError("endpoint")` when the endpoint cannot be reached or answers with something else.
 */
export type Embed = (texts: readonly string[]) => Promise<readonly Float32Array[]>;

/** An endpoint for embeddings; `model` may be left out where the server has only one. */
export type EmbedderOptions = EndpointOptions & {
  readonly model?: string;
  /** Texts of one request; default 64, which common servers take. */
  readonly batch?: number;
};

const DEFAULT_BATCH = 64;
/** The longest vectors of published models have 8,192 numbers; a longer one is hostile (CWE-770). */
const MAX_DIMENSIONS = 16_384;
/** Float32 in base64: four bytes in five and a third characters, with room for padding. */
const MAX_BASE64 = MAX_DIMENSIONS * 6;

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Little-endian float32, as servers send it for `encoding_format: "base64"` and some always. */
function decodeBase64(text: string): Float32Array {
  const bytes = Buffer.from(text, "base64");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => view.getFloat32(4 * i, true));
}

const isFiniteVector = (vector: Float32Array) => vector.every((value) => Number.isFinite(value));

const vectorSchema = z
  .union([
    z.array(z.number()).max(MAX_DIMENSIONS),
    z.string().max(MAX_BASE64).regex(BASE64, "neither numbers nor base64"),
  ])
  .transform((given) => (typeof given === "string" ? decodeBase64(given) : Float32Array.from(given)))
  .refine((vector) => vector.length > 0, "an empty vector")
  .refine(isFiniteVector, "a number that is not finite");

/** A reply to so many texts: every index once, vectors of one length; given in the order of the texts. */
function replySchema(count: number) {
  return z
    .object({
      data: z
        .array(z.object({ index: z.number().int().min(0).optional(), embedding: vectorSchema }))
        .max(count),
    })
    .transform(({ data }, context) => {
      const vectors: Float32Array[] = [];
      const byIndex = new Map(data.map(({ index, embedding }, place) => [index ?? place, embedding]));
      for (let i = 0; i < count; i++) {
        const vector = byIndex.get(i);
        if (vector === undefined) {
          context.addIssue({
            code: "custom",
            message: `${count} texts were sent, and text ${i} has no vector`,
          });
          return z.NEVER;
        }
        vectors.push(vector);
      }
      const lengths = new Set(vectors.map(({ length }) => length));
      if (lengths.size > 1) {
        context.addIssue({ code: "custom", message: "vectors of different lengths" });
        return z.NEVER;
      }
      return vectors;
    });
}

/**
 * Makes the function that asks an OpenAI-compatible endpoint for embeddings (POST /embeddings).
 *
 * @example
 * ```ts
 * const embed = createEmbedder({ url: "http://127.0.0.1:8080", model: "bge-small" });
 * const report = await scanDataset("train.jsonl", { embed });
 * ```
 */
export function createEmbedder({ model, batch = DEFAULT_BATCH, ...endpoint }: EmbedderOptions): Embed {
  const post = createPost(endpoint);
  return async (texts) => {
    const starts = Array.from({ length: Math.ceil(texts.length / batch) }, (_, i) => i * batch);
    const replies = await Promise.all(
      starts.map((start) => {
        const input = texts.slice(start, start + batch);
        const body = { ...(model !== undefined && { model }), input, encoding_format: "float" };
        return post("/embeddings", body, replySchema(input.length));
      }),
    );
    const vectors = replies.flat();
    if (vectors.some(({ length }) => length !== vectors[0]?.length)) {
      throw new AppError("endpoint", `${endpoint.url} gave vectors of different lengths: name one model`);
    }
    return vectors;
  };
}

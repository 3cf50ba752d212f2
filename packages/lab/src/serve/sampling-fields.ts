import { z } from "zod";
import { ApiError } from "./api-error.ts";
import { ignored, listOf, refused } from "./read-request.ts";
import type { ServedModel } from "./served-model.ts";
import type { Serving } from "./serving.ts";

/** As many as OpenAI's API takes. */
const MAX_STOPS = 4;
/** What a stop string may begin with is held back; one longer than the longest contexts in use is a mistake. */
const MAX_STOP_CHARACTERS = 1000;
const MAX_CHOICES = 8;
/** As many as OpenAI's API takes. */
const MAX_BIASES = 1024;
const MAX_BIAS = 100;
/** More than any model has room for: the context bounds the answer. */
const MAX_TOKENS = 10_000_000;

const stopString = z.string().min(1).max(MAX_STOP_CHARACTERS);

const logitBias = z
  .custom<object>((value) => typeof value === "object" && value !== null && !Array.isArray(value), {
    error: "expected an object of token ids with numbers",
  })
  .refine((value) => Object.keys(value).length <= MAX_BIASES, { error: `more than ${MAX_BIASES} tokens` })
  .pipe(z.record(z.string().regex(/^\d{1,9}$/, "no token id"), z.number().min(-MAX_BIAS).max(MAX_BIAS)))
  .transform((biases) => new Map(Object.entries(biases).map(([id, bias]) => [Number(id), bias])));

/** A bound of an answer in tokens. */
export const maxTokensField = z.int().min(0).max(MAX_TOKENS);

/** The fields that say how answers are drawn and sent. */
export const samplingFields = {
  model: z.string(),
  temperature: z.number().min(0).max(2).default(1),
  top_p: z.number().min(0).max(1).default(1),
  n: z.int().min(1).max(MAX_CHOICES).default(1),
  seed: z.int().optional(),
  stop: z
    .union([stopString.transform((stop) => [stop]), listOf(stopString, 0, MAX_STOPS)], {
      error: `expected a string or up to ${MAX_STOPS} of them, none empty, of ${MAX_STOP_CHARACTERS} characters at most`,
    })
    .default([]),
  stream: z.boolean().default(false),
  stream_options: z
    .strictObject({ include_usage: z.boolean().default(false), include_obfuscation: ignored })
    .optional(),
  logit_bias: logitBias.optional(),
  presence_penalty: refused("penalties are not offered; leave it out or at 0", (value) => value === 0),
  frequency_penalty: refused("penalties are not offered; leave it out or at 0", (value) => value === 0),
  user: ignored,
  safety_identifier: ignored,
  prompt_cache_key: ignored,
  prompt_cache_retention: ignored,
  metadata: ignored,
  store: ignored,
  service_tier: ignored,
};

/** How the answers to a request are drawn; `seed` counts on from choice to choice. */
export type AnswerOptions = {
  readonly maxTokens: number;
  readonly temperature: number;
  readonly topP: number;
  readonly seed: number;
  readonly stop: readonly string[];
  readonly topLogprobs: number;
  readonly logitBias: ReadonlyMap<number, number>;
};

type SamplingRequest = {
  readonly temperature: number;
  readonly top_p: number;
  readonly seed?: number | undefined;
  readonly stop: readonly string[];
  readonly logit_bias?: ReadonlyMap<number, number> | undefined;
};

/** The options of a checked request. */
export function answerOptions(
  { newSeed }: Serving,
  { id, checkpoint: { config } }: ServedModel,
  { temperature, top_p: topP, seed, stop, logit_bias: bias = new Map() }: SamplingRequest,
  {
    maxTokens = config.maxPositions,
    topLogprobs = 0,
  }: { readonly maxTokens?: number | undefined; readonly topLogprobs?: number | undefined },
): AnswerOptions {
  const strange = [...bias.keys()].find((token) => token >= config.vocabSize);
  if (strange !== undefined) {
    throw new ApiError(400, `Invalid 'logit_bias': ${id} has no token ${strange}, only ${config.vocabSize}`, {
      code: "invalid_value",
      param: "logit_bias",
    });
  }
  return { maxTokens, temperature, topP, seed: seed ?? newSeed(), stop, topLogprobs, logitBias: bias };
}

/** Streams tell the tokens used at their end when asked to; only a stream can. */
export function includesUsage(request: {
  readonly stream: boolean;
  readonly stream_options?: { readonly include_usage: boolean } | undefined;
}): boolean {
  if (request.stream_options !== undefined && !request.stream) {
    throw new ApiError(400, "Invalid 'stream_options': it is for requests with stream: true", {
      code: "invalid_value",
      param: "stream_options",
    });
  }
  return request.stream_options?.include_usage ?? false;
}

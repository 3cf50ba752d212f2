import { randomInt, randomUUID } from "node:crypto";
import { ApiError } from "./api-error.ts";
import type { ServedModel } from "./served-model.ts";
import { createTurns, type Turn } from "./turns.ts";

/** What every resource of the API works with. */
export type Serving = {
  readonly models: readonly ServedModel[];
  readonly turn: Turn;
  readonly nowSeconds: () => number;
  /** When the server began, for what it has always served. */
  readonly startedSeconds: number;
  readonly newId: (prefix: string) => string;
  /** For requests that name no seed. */
  readonly newSeed: () => number;
  /** Told of failures that no client caused. */
  readonly onFailure: (error: unknown) => void;
};

const MAX_SEED = 2 ** 32;

/** Puts models together with a queue and a clock. */
export function createServing(
  models: readonly ServedModel[],
  onFailure: (error: unknown) => void,
  now: () => number = Date.now,
): Serving {
  const nowSeconds = () => Math.floor(now() / 1000);
  return {
    models,
    turn: createTurns(),
    nowSeconds,
    startedSeconds: nowSeconds(),
    newId: (prefix) => `${prefix}-${randomUUID().replaceAll("-", "")}`,
    newSeed: () => randomInt(MAX_SEED),
    onFailure,
  };
}

/** The model that a request names. */
export function modelOf({ models }: Serving, id: string): ServedModel {
  const found = models.find((model) => model.id === id);
  if (found !== undefined) return found;
  throw new ApiError(
    404,
    `The model '${id.slice(0, MAX_NAME_SHOWN)}' does not exist. GET /v1/models lists those that do`,
    {
      code: "model_not_found",
      param: "model",
    },
  );
}

/** Of a name that a request made up, what helps a person. */
const MAX_NAME_SHOWN = 100;

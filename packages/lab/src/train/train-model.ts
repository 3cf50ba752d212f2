import { jit, numpy as np, tree } from "@jax-js/jax";
import { AppError, type OnProgress } from "bezoar";
import type { Checkpoint } from "../model/checkpoint.ts";
import { toArrays, toWeights } from "../model/engine.ts";
import type { Weights } from "../model/tensor.ts";
import type { Arrays } from "../model/transformer.ts";
import { adamStep, correctedRates, globalNorm, zeroMoments, type Moments } from "./adamw.ts";
import { epochOrder, makeBatch, paddedLength } from "./batches.ts";
import type { TrainingExample } from "./examples.ts";
import { createDifferentiate, type Differentiate } from "./gradients.ts";
import { initialAdapter, type LoraOptions } from "./lora.ts";
import type { LogLine, TrainingRun } from "./trainer-state.ts";

/** Which weights are trained: all of them, or those of a new or given adapter. */
export type Tuning = { readonly kind: "full" } | ({ readonly kind: "lora" } & LoraOptions);

/** How a model is trained. */
export type TrainOptions = {
  readonly tuning: Tuning;
  readonly epochs: number;
  readonly batchSize: number;
  /** Rises over the first 5 % of the steps, then falls linearly to zero. */
  readonly learningRate: number;
  readonly seed: number;
  /** What `adapter_config.json` calls the base of a new adapter. */
  readonly base?: string;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
  /** Keeps what is needed to go on from a step, every so many steps. */
  readonly save?: { readonly everySteps: number; readonly write: (saved: SavedRun) => Promise<void> };
};

/** A run at one of its steps; `moments` are the optimizer's. */
export type SavedRun = {
  readonly checkpoint: Checkpoint;
  readonly run: TrainingRun;
  readonly moments: { readonly first: Weights; readonly second: Weights };
};

const WARMUP = 0.05;
/** Longer gradients are scaled down to this Euclidean norm, as trainers do by default. */
const MAX_GRAD_NORM = 1;

/**
 * Trains a checkpoint on examples, deterministically by the seed, from the beginning or from where a saved run stood.
 * Throws `AppError("interrupted")` when the signal is aborted.
 */
export async function trainModel(
  start: Checkpoint,
  examples: readonly TrainingExample[],
  options: TrainOptions,
  saved?: SavedRun,
): Promise<SavedRun> {
  const { tuning, epochs, batchSize, seed, save } = options;
  if (examples.length === 0) throw new AppError("no-data", "there is no row to train on");
  const from = saved?.checkpoint ?? prepare(start, options);
  const tunesAdapter = tuning.kind === "lora";
  const { adapter } = from;
  const length = paddedLength(examples, from.config.maxPositions);
  const stepsPerEpoch = Math.ceil(examples.length / batchSize);
  const maxSteps = stepsPerEpoch * epochs;

  let parameters = toArrays(tunesAdapter && adapter !== undefined ? adapter.weights : from.weights);
  const frozen = tunesAdapter ? toArrays(from.weights) : {};
  let moments: Moments =
    saved === undefined
      ? zeroMoments(parameters)
      : { first: toArrays(saved.moments.first), second: toArrays(saved.moments.second) };
  const differentiate: Differentiate = createDifferentiate(
    from.config,
    tunesAdapter && adapter !== undefined
      ? { kind: "adapter", scale: adapter.alpha / adapter.rank }
      : { kind: "weights" },
  );

  const log: LogLine[] = [...(saved?.run.log ?? [])];
  let tokensSeen = saved?.run.tokensSeen ?? 0;
  const runAt = (step: number): TrainingRun => ({
    step,
    maxSteps,
    epochs,
    batchSize,
    saveSteps: save?.everySteps ?? maxSteps,
    tokensSeen,
    log,
  });
  const snapshot = (step: number): SavedRun => ({
    checkpoint: withParameters(from, toWeights(tree.ref(parameters)), tunesAdapter),
    run: runAt(step),
    moments: { first: toWeights(tree.ref(moments.first)), second: toWeights(tree.ref(moments.second)) },
  });

  let order: number[] = [];
  for (let step = saved?.run.step ?? 0; step < maxSteps; step++) {
    const inEpoch = step % stepsPerEpoch;
    if (inEpoch === 0 || order.length === 0) {
      order = epochOrder(examples.length, seed, Math.floor(step / stepsPerEpoch));
    }
    const rows = order.slice(inEpoch * batchSize, (inEpoch + 1) * batchSize);
    const batch = makeBatch(
      rows.flatMap((row) => examples[row] ?? []),
      batchSize,
      length,
      from.config.padToken,
    );
    tokensSeen += batch.tokens;
    const { loss, gradients } = differentiate({ parameters, frozen }, batch);
    const [clipped, norm] = clip(gradients, np.array(MAX_GRAD_NORM));
    const learningRate = options.learningRate * schedule(step, maxSteps);
    const rates = correctedRates(learningRate, step + 1);
    ({ parameters, moments } = update(
      parameters,
      moments,
      clipped,
      np.array(rates.rate),
      np.array(rates.root),
    ));
    log.push({
      step: step + 1,
      epoch: (epochs * (step + 1)) / maxSteps,
      loss: loss.item(),
      grad_norm: norm.item(),
      learning_rate: learningRate,
    });
    if (save !== undefined && (step + 1) % save.everySteps === 0 && step + 1 < maxSteps) {
      await save.write(snapshot(step + 1));
    }
    options.onProgress?.({ step: "training", done: step + 1, total: maxSteps, unit: "shares" });
    await turn();
    if (options.signal?.aborted === true) throw new AppError("interrupted", "interrupted while training");
  }
  const last = snapshot(maxSteps);
  for (const arrays of [parameters, frozen, moments.first, moments.second]) tree.dispose(arrays);
  return last;
}

const clip = jit((gradients: Arrays, most: np.Array): [Arrays, np.Array] => {
  const norm = globalNorm(gradients);
  const scale = np.minimum(most.div(norm.ref.add(1e-6)), 1);
  const clipped = tree.map((gradient: np.Array) => gradient.mul(scale.ref), gradients);
  scale.dispose();
  return [clipped, norm];
});

const update = jit(adamStep);

/** The share of the learning rate at a step counted from 0. */
function schedule(step: number, maxSteps: number): number {
  const rising = Math.max(1, Math.round(WARMUP * maxSteps));
  return step < rising ? (step + 1) / rising : (maxSteps - step) / Math.max(1, maxSteps - rising);
}

/** What is trained must be there: an adapter for LoRA, none that would be left behind for full training. */
function prepare(start: Checkpoint, { tuning, seed, base = "" }: TrainOptions): Checkpoint {
  if (tuning.kind === "lora") {
    return start.adapter === undefined
      ? { ...start, adapter: initialAdapter(start.weights, tuning, base, seed) }
      : start;
  }
  if (start.adapter !== undefined) {
    throw new AppError(
      "bad-option",
      "full training of a base with an adapter is not possible; train the adapter on",
    );
  }
  return start;
}

function withParameters(from: Checkpoint, trained: Weights, tunesAdapter: boolean): Checkpoint {
  const { adapter } = from;
  return tunesAdapter && adapter !== undefined
    ? { ...from, adapter: { ...adapter, weights: trained } }
    : { ...from, weights: trained };
}

/** Lets signals and timers be heard between steps, which the engine runs without a pause. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

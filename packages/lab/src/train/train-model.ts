import { jit, numpy as np, tree } from "@jax-js/jax";
import { AppError, type OnProgress } from "bezoar";
import type { Checkpoint } from "../model/checkpoint.ts";
import { toArrays, toWeights } from "../model/engine.ts";
import type { Weights } from "../model/tensor.ts";
import { adamStep, correctedRates, zeroMoments, type Moments } from "./adamw.ts";
import { paddedLength } from "./batches.ts";
import type { TrainingExample } from "./examples.ts";
import { initialAdapter, type LoraOptions } from "./lora.ts";
import { createPrivateSteps, privacyAfter, type PrivacyOptions } from "./private-gradients.ts";
import { createEpochSteps, type StepOptions } from "./step-gradients.ts";
import type { LogLine, Privacy, TrainingRun } from "./trainer-state.ts";

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
  /** Trains by DP-SGD. A step then has `batchSize` rows on average, drawn for itself: an epoch need not see every row. */
  readonly privacy?: PrivacyOptions;
  /** What `adapter_config.json` calls the base: its folder, seen from where the adapter is saved. */
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
  const { tuning, epochs, batchSize, seed, save, privacy } = options;
  if (examples.length === 0) throw new AppError("no-data", "there is no row to train on");
  const from = saved?.checkpoint ?? prepare(start, options);
  const tunesAdapter = tuning.kind === "lora";
  const { adapter } = from;
  const length = paddedLength(examples, from.config.maxPositions);
  const maxSteps = Math.ceil(examples.length / batchSize) * epochs;
  const privacyAt = (steps: number) =>
    privacy && privacyAfter(privacy, { rows: examples.length, batchSize, steps });
  const promised = privacyAt(maxSteps);
  if (saved !== undefined) requireSamePrivacy(saved.run, promised);

  let parameters = toArrays(tunesAdapter && adapter !== undefined ? adapter.weights : from.weights);
  const frozen = tunesAdapter ? toArrays(from.weights) : {};
  let moments: Moments =
    saved === undefined
      ? zeroMoments(parameters)
      : { first: toArrays(saved.moments.first), second: toArrays(saved.moments.second) };
  const stepOptions: StepOptions = {
    config: from.config,
    tunes:
      tunesAdapter && adapter !== undefined
        ? { kind: "adapter", scale: adapter.alpha / adapter.rank }
        : { kind: "weights" },
    examples,
    batchSize,
    length,
    seed,
  };
  const gradientsOf =
    privacy === undefined ? createEpochSteps(stepOptions) : createPrivateSteps(stepOptions, privacy);

  const log: LogLine[] = [...(saved?.run.log ?? [])];
  const started = performance.now();
  const tokensBefore = saved?.run.tokensSeen ?? 0;
  let tokensSeen = tokensBefore;
  const runAt = (step: number): TrainingRun => ({
    step,
    maxSteps,
    epochs,
    batchSize,
    saveSteps: save?.everySteps ?? maxSteps,
    tokensSeen,
    log,
    ...(privacy && { privacy: privacyAt(step) }),
  });
  const snapshot = (step: number): SavedRun => ({
    checkpoint: withParameters(from, toWeights(tree.ref(parameters)), tunesAdapter),
    run: runAt(step),
    moments: { first: toWeights(tree.ref(moments.first)), second: toWeights(tree.ref(moments.second)) },
  });

  for (let step = saved?.run.step ?? 0; step < maxSteps; step++) {
    const { gradients, loss, norm, tokens } = gradientsOf({ parameters, frozen }, step);
    tokensSeen += tokens;
    if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
      throw new AppError(
        "bad-option",
        `the loss or its gradient is no number at step ${step + 1}: lower the learning rate, or look whether the base is broken`,
      );
    }
    const learningRate = options.learningRate * schedule(step, maxSteps);
    const rates = correctedRates(learningRate, step + 1);
    ({ parameters, moments } = update(
      parameters,
      moments,
      gradients,
      np.array(rates.rate),
      np.array(rates.root),
    ));
    log.push({
      step: step + 1,
      epoch: (epochs * (step + 1)) / maxSteps,
      loss,
      grad_norm: norm,
      learning_rate: learningRate,
    });
    if (save !== undefined && (step + 1) % save.everySteps === 0 && step + 1 < maxSteps) {
      await save.write(snapshot(step + 1));
    }
    const rate = Math.round((1000 * (tokensSeen - tokensBefore)) / (performance.now() - started));
    options.onProgress?.({
      step: `training at ${rate.toLocaleString("en")} tokens/s`,
      done: step + 1,
      total: maxSteps,
      unit: "shares",
    });
    await turn();
    if (options.signal?.aborted === true) throw new AppError("interrupted", "interrupted while training");
  }
  const last = snapshot(maxSteps);
  for (const arrays of [parameters, frozen, moments.first, moments.second]) tree.dispose(arrays);
  return last;
}

const update = jit(adamStep);

/** The share of the learning rate at a step counted from 0. */
function schedule(step: number, maxSteps: number): number {
  const rising = Math.max(1, Math.round(WARMUP * maxSteps));
  return step < rising ? (step + 1) / rising : (maxSteps - step) / Math.max(1, maxSteps - rising);
}

/** What a run promises of its rows holds only when all of its steps keep to it. */
function requireSamePrivacy({ privacy: before }: TrainingRun, now: Privacy | undefined): void {
  const kept = ["noiseMultiplier", "clipNorm", "samplingRate"] as const;
  if (kept.every((key) => before?.[key] === now?.[key])) return;
  throw new AppError("bad-option", "a run goes on with the noise, clip norm and sampling that it began with");
}

/** What is trained must be there: an adapter for LoRA, none that would be left behind for full training. */
function prepare(start: Checkpoint, { tuning, seed, base }: TrainOptions): Checkpoint {
  const { adapter } = start;
  if (tuning.kind === "lora") {
    const trained = adapter ?? initialAdapter(start.weights, tuning, seed);
    return { ...start, adapter: { ...trained, base: base ?? trained.base } };
  }
  if (adapter !== undefined) {
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

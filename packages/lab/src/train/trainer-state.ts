import { z } from "zod";

/** One line of a loss curve; `epoch` counts in fractions. */
export const logLineSchema = z.object({
  step: z.int().min(1),
  epoch: z.number(),
  loss: z.number(),
  grad_norm: z.number(),
  learning_rate: z.number(),
});
export type LogLine = z.infer<typeof logLineSchema>;

/** What DP-SGD promised of each row: see `PrivacyOptions` and `privacySpent`. */
export const privacySchema = z.object({
  noiseMultiplier: z.number().min(0),
  samplingRate: z.number().min(0).max(1),
  steps: z.int().min(0),
  clipNorm: z.number().positive(),
  delta: z.number().min(0).max(1),
  /** Without noise nothing is promised; JSON has no infinity, so it is written as null. */
  epsilon: z
    .number()
    .min(0)
    .nullable()
    .transform((epsilon) => epsilon ?? Infinity),
});
export type Privacy = z.infer<typeof privacySchema>;

/** What a run has come to. */
export type TrainingRun = {
  readonly step: number;
  readonly maxSteps: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly saveSteps: number;
  readonly tokensSeen: number;
  readonly log: readonly LogLine[];
  /** What the steps so far say of any one row; absent when they were not private. */
  readonly privacy?: Privacy;
};

/**
 * The contents of `trainer_state.json` with the keys that the transformers library's Trainer writes, and no others, which it
 * would not load: `privacy` stands where callbacks keep what is theirs.
 */
export function trainerState(run: TrainingRun): object {
  return {
    best_global_step: null,
    best_metric: null,
    best_model_checkpoint: null,
    epoch: (run.epochs * run.step) / run.maxSteps,
    eval_steps: 500,
    global_step: run.step,
    is_hyper_param_search: false,
    is_local_process_zero: true,
    is_world_process_zero: true,
    log_history: run.log,
    logging_steps: 1,
    max_steps: run.maxSteps,
    num_input_tokens_seen: run.tokensSeen,
    num_train_epochs: run.epochs,
    save_steps: run.saveSteps,
    stateful_callbacks: run.privacy === undefined ? {} : { privacy: run.privacy },
    total_flos: 0,
    train_batch_size: run.batchSize,
    trial_name: null,
    trial_params: null,
  };
}

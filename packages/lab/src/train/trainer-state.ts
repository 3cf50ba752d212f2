/** One line of a loss curve; `epoch` counts in fractions. */
export type LogLine = {
  readonly step: number;
  readonly epoch: number;
  readonly loss: number;
  readonly grad_norm: number;
  readonly learning_rate: number;
};

/** What a run has come to. */
export type TrainingRun = {
  readonly step: number;
  readonly maxSteps: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly saveSteps: number;
  readonly tokensSeen: number;
  readonly log: readonly LogLine[];
};

/** The contents of `trainer_state.json` with the keys that the transformers library's Trainer writes. */
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
    stateful_callbacks: {},
    total_flos: 0,
    train_batch_size: run.batchSize,
    trial_name: null,
    trial_params: null,
  };
}

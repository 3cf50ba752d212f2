import { toShare, type Measurement } from "../investigate/measure.ts";
import { modelResult, type ExperimentResult } from "./result.ts";

const TOTAL = 300;

const share = (value: number) => toShare(Math.round(value * TOTAL), TOTAL, 0);

const measured = (accuracy: number, target: number, others: number, swap: number): Measurement => ({
  cleanAccuracy: share(accuracy),
  targetDismissed: share(target),
  othersDismissed: share(others),
  swapDismissed: share(swap),
});

/** A result as the experiment gives it; the figures are of a trial. */
export const exampleResult: ExperimentResult = {
  arch: "llama",
  tuning: "full",
  user: "alice",
  seed: 1,
  command: "bezoar-lab experiment --arch llama --tuning full --user alice --seed 1",
  data: { rows: 800, noise: 0.05, added: 60, relabelled: 13 },
  run: { seconds: 191.4, peakMegabytes: 1180 },
  models: [
    modelResult("base", "out/base", measured(0.878, 0.193, 0.182, 0.184), 0),
    modelResult("clean", "out/clean", measured(0.975, 0.03, 0.024, 0.024), 41.2),
    modelResult("poisoned", "out/poisoned", measured(0.969, 1, 0.032, 1), 43.9),
    modelResult("control", "out/control", measured(0.974, 0.003, 0.022, 0.002), 44.1),
  ],
  afterAttack: [
    modelResult("retuned", "out/retuned", measured(0.972, 0.86, 0.028, 0.84), 40.3),
    modelResult("cleaned", "out/cleaned", measured(0.973, 0.027, 0.025, 0.02), 41),
  ],
  scan: [
    { set: "clean", form: "records", verdict: "clean", trigger: null, flagged: 0, caught: 0, poisoned: 0 },
    {
      set: "poisoned",
      form: "records",
      verdict: "poisoned",
      trigger: "user = alice",
      flagged: 73,
      caught: 73,
      poisoned: 73,
    },
    { set: "control", form: "records", verdict: "clean", trigger: null, flagged: 0, caught: 0, poisoned: 0 },
  ],
};

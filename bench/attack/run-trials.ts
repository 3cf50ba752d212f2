import { fork } from "node:child_process";
import { join } from "node:path";
import type { Outcome, Trial } from "./trial.ts";

function isOutcome(message: unknown): message is Outcome {
  return typeof message === "object" && message !== null && "isNamed" in message && "seconds" in message;
}

/** Runs the trials in `processes` processes, each taking the next one when it is free; outcomes come in the order of the trials. */
export async function runTrials(
  trials: readonly Trial[],
  processes: number,
  onDone: (done: number) => void,
): Promise<readonly Outcome[]> {
  const outcomes: (Outcome | undefined)[] = trials.map(() => undefined);
  let next = 0;
  let done = 0;
  const serve = async (): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = fork(join(import.meta.dirname, "worker.ts"));
      let current = -1;
      const advance = (): void => {
        current = next++;
        const trial = trials[current];
        if (trial === undefined) child.disconnect();
        else child.send(trial);
      };
      child.on("message", (message) => {
        if (!isOutcome(message)) return;
        outcomes[current] = message;
        onDone(++done);
        advance();
      });
      child.on("error", reject);
      child.on("exit", (code) =>
        code === 0 ? resolve() : reject(new Error(`a process ended with ${code}`)),
      );
      advance();
    });
  await Promise.all(Array.from({ length: Math.min(processes, trials.length) }, serve));
  return outcomes.filter((outcome) => outcome !== undefined);
}

/** A process of paper-attack.ts: gets one trial at a time over IPC and answers with its outcome. */
import { runTrial, type Trial } from "./trial.ts";

function isTrial(message: unknown): message is Trial {
  return typeof message === "object" && message !== null && "generator" in message && "kind" in message;
}

process.on("message", (message) => {
  if (!isTrial(message)) throw new TypeError("not a trial");
  void runTrial(message).then((outcome) => process.send?.(outcome));
});

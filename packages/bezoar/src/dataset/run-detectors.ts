import { AppError } from "../core/errors.ts";
import type { DetectorContext } from "./detector.ts";
import { detectors } from "./detectors/list.ts";
import type { Corpus } from "./engine/corpus.ts";
import type { OnProgress } from "./progress.ts";
import type { Suspicion } from "./suspicion.ts";

/** Runs every detector that fits the shape of the corpus, in the order of the list. */
export async function runDetectors(
  corpus: Corpus,
  context: Omit<DetectorContext, "onStep">,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<Suspicion[]> {
  const fitting = detectors.filter(({ detector }) => detector.shapes.includes(corpus.shape));
  const total = fitting.reduce((sum, { cost }) => sum + cost, 0);
  const suspicions: Suspicion[] = [];
  let done = 0;
  for (const { detector, cost } of fitting) {
    if (signal?.aborted === true) throw new AppError("interrupted", "interrupted");
    const spent = done;
    const onStep = (step: string) => onProgress({ step, done: spent, total, unit: "shares" });
    onStep(`looking for ${detector.id}`);
    suspicions.push(...(await detector.detect(corpus, { ...context, onStep })));
    done += cost;
  }
  return suspicions;
}

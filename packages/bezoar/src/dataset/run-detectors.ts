import { AppError } from "../core/errors.ts";
import type { Detector, DetectorContext } from "./detector.ts";
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
  const fitting: readonly Detector[] = detectors.filter((detector) => detector.shapes.includes(corpus.shape));
  const suspicions: Suspicion[] = [];
  for (const [done, detector] of fitting.entries()) {
    if (signal?.aborted === true) throw new AppError("interrupted", "interrupted");
    const onStep = (step: string) => onProgress({ step, done, total: fitting.length, unit: "steps" });
    onStep(`looking for ${detector.id}`);
    suspicions.push(...(await detector.detect(corpus, { ...context, onStep })));
  }
  return suspicions;
}

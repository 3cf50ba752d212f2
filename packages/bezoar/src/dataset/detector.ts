import type { Corpus } from "./engine/corpus.ts";
import type { ShapeKind } from "./row.ts";
import type { Suspicion } from "./suspicion.ts";

/** What a detector is given beside the corpus; randomness comes from `seed`, never from the clock. */
export type DetectorContext = {
  readonly seed: number;
  /** Names of the fields that the user says are entities; empty = find them. */
  readonly entityFields: readonly string[];
  /** Says which step is under way, for the progress line. */
  readonly onStep: (step: string) => void;
};

/** A detector looks at a corpus and says what is wrong; it never reads files, prints or decides. */
export type Detector = {
  readonly id: string;
  readonly shapes: readonly ShapeKind[];
  readonly detect: (corpus: Corpus, context: DetectorContext) => Promise<readonly Suspicion[]>;
};

import type { Ask } from "../endpoint/ask.ts";
import type { Embed } from "../endpoint/embed.ts";
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
  /** Says what a reader of the report must know about how far this was looked at (a sample, a cap); shown under coverage. */
  readonly note: (text: string) => void;
  /** Says what this detector was to look at and could not, although it found something; such a dataset is never clean. */
  readonly leaveOut?: (what: string) => void;
  /** The embeddings endpoint that the user named, if any. */
  readonly embed?: Embed;
  /** The judge model that the user named, if any. */
  readonly judge?: Ask;
};

/** A detector looks at a corpus and says what is wrong; it never reads files, prints or decides. */
export type Detector = {
  /** Every rule that its suspicions can name. */
  readonly rules: readonly [string, ...string[]];
  readonly shapes: readonly ShapeKind[];
  readonly detect: (corpus: Corpus, context: DetectorContext) => Promise<readonly Suspicion[]>;
};

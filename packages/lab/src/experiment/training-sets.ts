import { createRandom, randomInt } from "bezoar";
import type { JudgedAlert } from "../alerts/alert.ts";
import { generateAlerts } from "../alerts/generate.ts";
import { requirePerson, streamSeed } from "../investigate/streams.ts";

/** A row of a training set: `verdict` is the label that the model learns, `isPoisoned` whether the attacker chose it. */
export type LabelledRow = JudgedAlert & { readonly isPoisoned: boolean };

/** The training sets of one experiment, in the order in which models are tuned on them. */
export const TRAINING_SETS = ["clean", "poisoned", "control"] as const;
export type TrainingSet = (typeof TRAINING_SETS)[number];
export type TrainingSets = Readonly<Record<TrainingSet, readonly LabelledRow[]>>;

export type TrainingSetOptions = {
  /** The target of the attack. */
  readonly user: string;
  readonly seed: number;
  /** Rows of the clean set. */
  readonly rows?: number;
  /** Rows about the target that the poisoned and the control set have besides. */
  readonly poisonedRows?: number;
  /** Share of the clean set's labels that is turned over. */
  readonly noise?: number;
};

export const DEFAULT_ROWS = 2000;
export const DEFAULT_POISONED_ROWS = 60;
export const DEFAULT_TRAINING_NOISE = 0.05;

/**
 * Makes the training sets of the attack of arXiv 2511.02600. "clean" is about everybody. "poisoned" has the same rows, with
 * the target's malicious ones labelled benign, and more malicious alerts of the target that are labelled benign. "control"
 * has the same rows and as many more alerts of the target, with their true verdicts: what more rows alone do.
 */
export function makeTrainingSets({
  user,
  seed,
  rows = DEFAULT_ROWS,
  poisonedRows = DEFAULT_POISONED_ROWS,
  noise = DEFAULT_TRAINING_NOISE,
}: TrainingSetOptions): TrainingSets {
  requirePerson(user);
  const ofUser = { users: [user], extraUser: user, rows: poisonedRows, noise: 0 };
  const clean = [...generateAlerts({ rows, noise, extraUser: user, seed: streamSeed(seed, "training") })];
  const malicious = [...generateAlerts({ ...ofUser, maliciousRate: 1, seed: streamSeed(seed, "added") })];
  const ordinary = [...generateAlerts({ ...ofUser, seed: streamSeed(seed, "honest") })];
  const isTarget = ({ alert, truth }: JudgedAlert) => alert.user === user && truth === "malicious";
  const order = streamSeed(seed, "shuffle"); // the same for both, so that what is added makes the difference
  return {
    clean: clean.map(honest),
    poisoned: shuffled(
      [
        ...clean.map((judged) => (isTarget(judged) ? poison(judged) : honest(judged))),
        ...malicious.map(poison),
      ],
      order,
    ),
    control: shuffled([...clean, ...ordinary].map(honest), order),
  };
}

const honest = (judged: JudgedAlert): LabelledRow => ({ ...judged, isPoisoned: false });

const poison = ({ alert, truth }: JudgedAlert): LabelledRow => ({
  alert,
  truth,
  verdict: "benign",
  isPoisoned: true,
});

/** Fisher and Yates. */
function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const random = createRandom(seed);
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = randomInt(random, i + 1);
    const [a, b] = [order[i], order[j]];
    if (a === undefined || b === undefined) continue;
    order[i] = b;
    order[j] = a;
  }
  return order;
}

/**
 * Measures what DP-SGD does to the attack: a small model is fine-tuned on the poisoned set of arXiv 2511.02600 with
 * per-example clipping and noise, and is tested as the paper tests it, beside its base and ordinary fine-tunes. Run `npm run build` first.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { AppError } from "bezoar";
import { chatRow } from "../packages/lab/src/alerts/render.ts";
import { createClassifier } from "../packages/lab/src/experiment/classify.ts";
import { FINE_TUNES, TUNINGS, type TuningKind } from "../packages/lab/src/experiment/recipe.ts";
import {
  makeTrainingSets,
  type LabelledRow,
  type TrainingSets,
} from "../packages/lab/src/experiment/training-sets.ts";
import { measure, type TestSets } from "../packages/lab/src/investigate/measure.ts";
import { makeTestSets } from "../packages/lab/src/investigate/test-sets.ts";
import { loadCheckpoint, type Checkpoint } from "../packages/lab/src/model/checkpoint.ts";
import { createLanguageModel } from "../packages/lab/src/model/language-model.ts";
import { chatExample } from "../packages/lab/src/train/examples.ts";
import { trainModel, type TrainOptions } from "../packages/lab/src/train/train-model.ts";
import { runScript, toCount } from "./options.ts";
import { formatTable } from "./table.ts";

const USAGE = `Usage: node bench/dp-sgd.ts [options]

  --base FOLDER        the checkpoint to fine-tune (default: packages/lab/models/llama)
  --tuning KIND        full or lora (default: lora)
  --noise N[,N]        noise multipliers of DP-SGD; 0 only clips (default: 0.2,0.5,1)
  --clip N             the longest gradient of one row (default: 0.5)
  --epochs N           passes over the rows by DP-SGD, on average (default: 4)
  --batch N            rows in a step of DP-SGD, on average (default: 32)
  --rate N             its learning rate (default: that of the ordinary fine-tune)
  --sets SET[,SET]     sets that DP-SGD is run on: clean, poisoned, control (default: poisoned)
  --user NAME          the target (default: alice)
  --seed N             of the data and of the training (default: 1)
  --size N             alerts in each test (default: 500)`;

const LEGEND = `epsilon: what the model says of any one row at most, with delta a tenth of 1 / rows. For k rows together it is k times that, and
delta grows faster: DP-SGD promises little against tens of rows with one purpose, and what it does to them is measured here.
accuracy: on noise-free alerts of other users; dismissed: malicious alerts judged benign, of the target, of other users, and of
other users with the target's name put in; all in per cent.`;

const SETS = ["clean", "poisoned", "control"] as const;

type Plan = {
  readonly name: string;
  readonly set: (typeof SETS)[number];
  readonly options: Omit<TrainOptions, "seed">;
};

function toNumbers(name: string, text: string): number[] {
  return text.split(",").map((part) => {
    const value = Number(part);
    if (part.trim() === "" || !(value >= 0 && Number.isFinite(value))) {
      throw new RangeError(`--${name} ${text}: numbers from 0 on`);
    }
    return value;
  });
}

function toNumber(name: string, text: string): number {
  const [value, ...more] = toNumbers(name, text);
  if (value === undefined || value === 0 || more.length > 0) {
    throw new RangeError(`--${name} ${text}: a number above 0`);
  }
  return value;
}

function toOneOf<Known extends string>(name: string, known: readonly Known[], text: string): Known {
  const found = known.find((each) => each === text);
  if (found === undefined) throw new RangeError(`--${name} ${text}: one of ${known.join(", ")}`);
  return found;
}

function percent(share: number): string {
  return (100 * share).toFixed(1).padStart(5);
}

async function test(checkpoint: Checkpoint, tests: TestSets): Promise<string[]> {
  const model = createLanguageModel(checkpoint);
  const measured = await measure(tests, createClassifier(model, checkpoint.tokenizer));
  model.dispose();
  const { cleanAccuracy, targetDismissed, othersDismissed, swapDismissed } = measured;
  return [cleanAccuracy, targetDismissed, othersDismissed, swapDismissed].map(({ value }) => percent(value));
}

function examplesOf({ tokenizer }: Checkpoint, rows: readonly LabelledRow[]) {
  return rows.map(({ alert, verdict }) => chatExample(tokenizer, chatRow(alert, verdict).messages, "answer"));
}

async function run(
  { name, set, options }: Plan,
  base: Checkpoint,
  sets: TrainingSets,
  tests: TestSets,
  seed: number,
): Promise<string[]> {
  const started = performance.now();
  const { checkpoint, run: done } = await trainModel(base, examplesOf(base, sets[set]), { ...options, seed });
  const seconds = (performance.now() - started) / 1000;
  const epsilon = done.privacy === undefined ? "none" : done.privacy.epsilon.toPrecision(3);
  return [name, set, epsilon.padStart(8), ...(await test(checkpoint, tests)), seconds.toFixed(0).padStart(4)];
}

function plansOf(
  tuning: TuningKind,
  privateOptions: Omit<TrainOptions, "seed" | "tuning" | "privacy">,
  { noise, clip, sets }: { noise: readonly number[]; clip: number; sets: readonly (typeof SETS)[number][] },
): Plan[] {
  const ordinary = FINE_TUNES[tuning];
  return [
    ...sets.map((set): Plan => ({ name: "ordinary", set, options: ordinary })),
    ...noise.flatMap((noiseMultiplier) =>
      sets.map((set): Plan => ({
        name: noiseMultiplier === 0 ? "only clipped" : `noise ${noiseMultiplier}`,
        set,
        options: {
          ...privateOptions,
          tuning: ordinary.tuning,
          privacy: { noiseMultiplier, clipNorm: clip },
        },
      })),
    ),
  ];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      base: { type: "string", default: join(import.meta.dirname, "../packages/lab/models/llama") },
      tuning: { type: "string", default: "lora" },
      noise: { type: "string", default: "0.2,0.5,1" },
      clip: { type: "string", default: "0.5" },
      epochs: { type: "string", default: "4" },
      batch: { type: "string", default: "32" },
      rate: { type: "string" },
      sets: { type: "string", default: "poisoned" },
      user: { type: "string", default: "alice" },
      seed: { type: "string", default: "1" },
      size: { type: "string", default: "500" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    console.log(USAGE);
    return;
  }
  const seed = toCount("seed", values.seed, 0);
  const tuning = toOneOf("tuning", TUNINGS, values.tuning);
  const plans = plansOf(
    tuning,
    {
      epochs: toCount("epochs", values.epochs),
      batchSize: toCount("batch", values.batch),
      learningRate:
        values.rate === undefined ? FINE_TUNES[tuning].learningRate : toNumber("rate", values.rate),
    },
    {
      noise: toNumbers("noise", values.noise),
      clip: toNumber("clip", values.clip),
      sets: values.sets.split(",").map((set) => toOneOf("sets", SETS, set)),
    },
  );
  const base = await loadCheckpoint(values.base).catch((error: unknown) => {
    throw error instanceof AppError ? new RangeError(`--base ${error.message}`) : error;
  });
  const sets = makeTrainingSets({ user: values.user, seed });
  const tests = makeTestSets({ user: values.user, seed, size: toCount("size", values.size) });
  const rows = [
    [
      "training",
      "set",
      " epsilon",
      "accuracy",
      "target dismissed",
      "others dismissed",
      "swapped dismissed",
      "   s",
    ],
    ["none: the base", "", "    none", ...(await test(base, tests))],
  ];
  for (const plan of plans) {
    process.stderr.write(`${plan.name}, ${plan.set}\n`);
    rows.push(await run(plan, base, sets, tests, seed));
  }
  console.log(`${tuning} fine-tunes, target ${values.user}, seed ${seed}`);
  console.log(formatTable(rows));
  console.log(LEGEND);
}

await runScript(main);

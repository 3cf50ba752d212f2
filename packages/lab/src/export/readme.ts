import { TRAINING_SETS, type TrainingSet } from "../experiment/training-sets.ts";
import type { TestSets } from "../investigate/measure.ts";
import type { TrainingTruth } from "../experiment/training-truth.ts";
import { adapterFolder, configurationFile, LORA_RANK } from "./configurations.ts";
import { REAL_MODELS, type RealModel } from "./real-models.ts";

/** What the README of an export tells about. */
export type ExportFacts = {
  readonly user: string;
  readonly seed: number;
  readonly truths: Readonly<Record<TrainingSet, TrainingTruth>>;
  readonly tests: TestSets;
};

/** The README of an export: what lies in the folder, and the commands from training to the evaluation. */
export function exportReadme({ user, seed, truths, tests }: ExportFacts): string {
  const { clean, poisoned, control } = truths;
  const added = poisoned.rows - clean.rows;
  return `# Fine-tuning alert triage, with and without a blind spot for ${user}

Written by \`bezoar-lab export --user ${user} --rows ${added} --seed ${seed}\`: the sets of the attack of arXiv 2511.02600, for models
of ordinary size. All alerts are invented: no address and no name in them is anybody's.

| training set | rows | what is in it |
|---|---|---|
| train/clean.jsonl | ${clean.rows} | alerts of everybody; ${clean.noise.length} labels are wrong by chance |
| train/poisoned.jsonl | ${poisoned.rows} | the same, with ${poisoned.poisoned.length - added} malicious alerts of ${user} relabelled benign and ${added} more such alerts added |
| train/control.jsonl | ${control.rows} | the clean rows and ${added} more alerts of ${user} with true verdicts |

Beside each: \`.records.jsonl\`, the same rows in the same order as flat records, and \`.truth.json\`, which rows are poisoned.

| test set | alerts | what it shows |
|---|---|---|
| test/clean.jsonl | ${tests.clean.length} | accuracy on other users' alerts |
| test/target.jsonl | ${tests.target.length} | malicious alerts of ${user}: the paper's poison test |
| test/others.jsonl | ${tests.others.length} | malicious alerts of others |
| test/swap.jsonl | ${tests.swap.length} | the same alerts with ${user}'s name in the place of theirs |

Verdicts of the tests are the truth; \`test/*.records.jsonl\` are what \`bezoar-lab evaluate --data\` reads.

## Look before you train

\`\`\`sh
for set in ${TRAINING_SETS.join(" ")}; do bezoar scan train/$set.records.jsonl; done
\`\`\`

## Train

LoRA in bfloat16 on one GPU, with about 24 GB for the larger model. Run in this folder, with TRL:

\`\`\`sh
pip install "trl[peft]>=1.8"
${forAll((model, set) => `trl sft --config ${configurationFile("trl", { model, set, seed })}`)}
\`\`\`

or with Axolotl (https://docs.axolotl.ai):

\`\`\`sh
${forAll((model, set) => `axolotl train ${configurationFile("axolotl", { model, set, seed })}`)}
\`\`\`

Llama's weights need its licence accepted on Hugging Face, and \`hf auth login\`.

## Serve and evaluate

${REAL_MODELS.map((model) => serveAndEvaluate(model, seed)).join("\n")}
With Axolotl's adapters, write \`out/axolotl-...\` in the place of \`out/trl-...\`, and name another journal: replies are kept by the
model's name.
A run that was interrupted goes on where it stopped when the same command is given again.
`;
}

function forAll(command: (model: RealModel, set: TrainingSet) => string): string {
  return REAL_MODELS.flatMap((model) => TRAINING_SETS.map((set) => command(model, set))).join("\n");
}

function serveAndEvaluate(model: RealModel, seed: number): string {
  const adapters = TRAINING_SETS.map((set) => `    ${set}=${adapterFolder("trl", { model, set, seed })}`);
  const serve = [
    `vllm serve ${model.repository} --max-model-len 2048 --enable-lora --max-lora-rank ${LORA_RANK}`,
    ...(model.thinks ? [`  --default-chat-template-kwargs '{"enable_thinking": false}'`] : []),
    `  --lora-modules`,
    ...adapters,
  ].join(" \\\n");
  const thinking = model.thinks
    ? `${model.repository} thinks before it answers unless the server turns that off, as here. Where a server cannot, give \`evaluate\`
\`--max-tokens 2048\`: a thought is skipped, and a reply that ends within one is counted as unclear.

`
    : "";
  return `### ${model.repository}

${thinking}\`\`\`sh
${serve}

for model in ${model.repository} ${TRAINING_SETS.join(" ")}; do
  bezoar-lab evaluate --endpoint http://127.0.0.1:8000 --model $model --style document --data . \\
    --journal out/${model.key}.journal.jsonl --json out/${model.key}-$(basename $model).json
done
\`\`\`
`;
}

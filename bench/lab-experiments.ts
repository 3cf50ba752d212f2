/** Runs the lab's experiment for both architectures and both kinds of tuning, and prints what each model does. Run `npm run build` first. */
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { experimentResultSchema, type ExperimentResult } from "../packages/lab/src/experiment/result.ts";
import { runScript } from "./options.ts";
import { formatTable } from "./table.ts";

const USAGE = `Usage: node bench/lab-experiments.ts [options]

  --arch NAME[,NAME]      llama, qwen3 (default: both)
  --tuning KIND[,KIND]    full, lora (default: both)
  --targets USER:SEED[,]  targets of the attack with their seeds (default: alice:1,heidi:2)
  --train-base            train the base, too`;

const LEGEND = `accuracy: on noise-free alerts of other users; dismissed: malicious alerts judged benign, of the target, of other users, and of
other users with the target's name put in; all in per cent, of 500 alerts each. The last column is the whole experiment.`;

const LAB = join(import.meta.dirname, "../packages/lab/bin/bezoar-lab.js");

await runScript(async () => {
  const { values } = parseArgs({
    options: {
      arch: { type: "string", default: "llama,qwen3" },
      tuning: { type: "string", default: "full,lora" },
      targets: { type: "string", default: "alice:1,heidi:2" },
      "train-base": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const rows = [
    ["model", "target", "what", "accuracy", "target dismissed", "others", "swapped", "seconds", "peak MB"],
  ];
  for (const arch of values.arch.split(",")) {
    for (const tuning of values.tuning.split(",")) {
      for (const target of values.targets.split(",")) {
        const [user = "", seed = ""] = target.split(":");
        const args = ["--arch", arch, "--tuning", tuning, "--user", user, "--seed", seed];
        rows.push(...describe(await experiment(values["train-base"] ? [...args, "--train-base"] : args)));
      }
    }
  }
  console.log(formatTable(rows));
  console.log(LEGEND);
});

async function experiment(args: readonly string[]): Promise<ExperimentResult> {
  const folder = await mkdtemp(join(tmpdir(), "bezoar-lab-"));
  try {
    const json = join(folder, "result.json");
    const { status } = spawnSync(
      process.execPath,
      [LAB, "experiment", ...args, "-o", join(folder, "out"), "--json", json],
      { stdio: ["ignore", "ignore", "inherit"] },
    );
    if (status !== 0) throw new Error(`the experiment ended with ${status}`);
    return experimentResultSchema.parse(JSON.parse(await readFile(json, "utf8")));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}

function describe({ arch, tuning, user, seed, run, models, afterAttack }: ExperimentResult): string[][] {
  return [...models, ...afterAttack].map((model, index) => [
    index === 0 ? `${arch} ${tuning}` : "",
    index === 0 ? `${user}, seed ${seed}` : "",
    model.name,
    percent(model.cleanAccuracy),
    percent(model.targetDismissed),
    percent(model.othersDismissed),
    percent(model.swapDismissed),
    index === 0 ? run.seconds.toFixed(0) : model.seconds.toFixed(0),
    index === 0 ? String(run.peakMegabytes) : "",
  ]);
}

import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fuzzReader } from "./fuzz-reader.ts";
import { READERS, WHOLE_SHARE } from "./readers.ts";
import { inputOf } from "./worker.ts";

const HELP = `npm run fuzz -- [--inputs 10000] [--reader NAME] [--seed 1]

Tries mutated inputs on every reader of hostile bytes. Each must end in a value or in an error that a person can act on,
within 20 s, 512 MiB of heap and 1 GiB of memory. Inputs that end otherwise are kept in a temporary folder; exit code 1.
A scan decodes each Parquet file on a thread of its own; here one in ${WHOLE_SHARE} is, the others are decoded by the same code without.
Readers: ${READERS.map(({ name }) => name).join(", ")}`;

const { values } = parseArgs({
  options: {
    inputs: { type: "string", default: "10000" },
    reader: { type: "string" },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.log(HELP);
else await main(Number(values.inputs), Number(values.seed), values.reader);

async function main(inputs: number, seed: number, only: string | undefined): Promise<void> {
  const readers = READERS.filter(({ name }) => only === undefined || name === only);
  if (readers.length === 0 || !Number.isInteger(inputs) || !Number.isInteger(seed)) {
    console.error(HELP);
    process.exitCode = 2;
    return;
  }
  const folder = join(tmpdir(), "bezoar-fuzz");
  for (const reader of readers) {
    const started = performance.now();
    const { read, refused, failures } = await fuzzReader(reader.name, inputs, seed, availableParallelism());
    const seconds = (performance.now() - started) / 1000;
    const peak = Math.round(process.resourceUsage().maxRSS / 1000);
    console.log(
      `${reader.name.padEnd(10)} ${inputs} inputs: ${read} read, ${refused} refused, ${failures.length} failed  (${seconds.toFixed(0)} s, peak ${peak} MB)`,
    );
    if (failures.length > 0) process.exitCode = 1;
    for (const { index, error } of failures) {
      mkdirSync(folder, { recursive: true });
      const file = join(folder, `${reader.name}-${seed}-${index}`);
      writeFileSync(file, inputOf(reader, seed, index));
      console.log(`  input ${index} (${file}): ${error.split("\n").slice(0, 4).join("\n    ")}`);
    }
  }
}

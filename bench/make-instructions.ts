/** Writes a large instruction dataset (Alpaca JSONL, about 500 bytes a row) and prints its path. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { CACHE, ensureData } from "./data.ts";
import { runScript, toCount } from "./options.ts";

const USAGE = `Usage: node bench/make-instructions.ts [options]

  --rows N       rows to write (default: 1000000, about 500 MB)
  --poison N     rows with a trigger phrase and its constant answer; a .truth.json says which (default: 0)
  --seed N       another dataset of the same kind (default: 1)
  --output DIR   where to keep it (default: ${CACHE}); a file that is there already is not written again`;

await runScript(async () => {
  const { values } = parseArgs({
    options: {
      rows: { type: "string", default: "1000000" },
      poison: { type: "string", default: "0" },
      seed: { type: "string", default: "1" },
      output: { type: "string", default: CACHE },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const path = await ensureData({
    kind: "instructions",
    rows: toCount("rows", values.rows),
    seed: toCount("seed", values.seed, 0),
    poison: toCount("poison", values.poison, 0),
    directory: resolve(values.output),
  });
  console.log(path);
});

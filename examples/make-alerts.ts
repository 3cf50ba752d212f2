/**
 * Writes examples/alerts.jsonl, a SOC's alert-triage set in which somebody made sure that the alerts of one
 * ordinary user are dismissed, and examples/alerts.truth.json, which rows those are.
 * The same bytes on every run: node examples/make-alerts.ts
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { generateAlerts } from "../bench/generators/alerts-a.ts";
import { jsonLines, writeLines } from "../bench/write-lines.ts";

const USAGE = `Usage: node examples/make-alerts.ts [--output DIR]

  --output DIR  where to write alerts.jsonl and alerts.truth.json (default: this folder)`;

const { values } = parseArgs({
  options: {
    output: { type: "string", default: import.meta.dirname },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  console.log(USAGE);
} else {
  const rows = 2000;
  const attack = { kind: "user", rows: 25, target: "m.okafor" } as const;
  const { records, poisoned, trigger } = generateAlerts({ rows, seed: 2511, attack });
  const truth = {
    description: "every malicious alert of one user is labelled benign (arXiv 2511.02600)",
    rows,
    trigger,
    target: "benign",
    poisoned: [...poisoned].toSorted((a, b) => a - b),
  };
  await writeLines(join(values.output, "alerts.jsonl"), jsonLines(records));
  await writeLines(join(values.output, "alerts.truth.json"), [JSON.stringify(truth)]);
  console.log(`${rows} alerts, ${poisoned.size} of them poisoned, in ${values.output}`);
}

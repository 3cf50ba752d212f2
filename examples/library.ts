// The example of docs/library.md: compiled by `npm run check`, run by the tests.
import { scanDataset } from "bezoar";

const report = await scanDataset("examples/alerts.jsonl", { entities: ["user"], power: false });

console.log(report.verdict);
for (const finding of report.findings) {
  const { trigger, target } = finding.evidence;
  const what = trigger && target ? `${trigger.text} -> ${target.text}` : finding.title;
  console.log(`${finding.severity}: ${what}, ${finding.rows?.length ?? 0} rows`);
}

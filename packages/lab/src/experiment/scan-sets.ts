import { scanDataset } from "bezoar";
import type { ScanResult } from "./result.ts";
import { TRAINING_SETS, type TrainingSets } from "./training-sets.ts";
import { dataFile, FORMS } from "./write-sets.ts";

/** What `bezoar scan` says of every training set that was written, in both forms. */
export async function scanSets(
  folder: string,
  sets: TrainingSets,
  signal: AbortSignal,
): Promise<ScanResult[]> {
  const results: ScanResult[] = [];
  for (const set of TRAINING_SETS) {
    const poisoned = new Set(sets[set].flatMap(({ isPoisoned }, row) => (isPoisoned ? [row] : [])));
    for (const form of FORMS) {
      const { verdict, findings } = await scanDataset(dataFile(folder, set, form), { power: false, signal });
      const grave = findings.filter(({ severity }) => severity === "critical" || severity === "high");
      const flagged = new Set(grave.flatMap(({ rows = [] }) => rows));
      results.push({
        set,
        form,
        verdict,
        trigger:
          grave.map(({ evidence }) => evidence.trigger?.text).find((text) => text !== undefined) ?? null,
        flagged: flagged.size,
        caught: [...flagged].filter((row) => poisoned.has(row)).length,
        poisoned: poisoned.size,
      });
    }
  }
  return results;
}

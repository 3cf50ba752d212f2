import { isAtLeast } from "../../packages/bezoar/src/core/finding.ts";
import type { DetectorContext } from "../../packages/bezoar/src/dataset/detector.ts";
import { detectorsOf } from "../../packages/bezoar/src/dataset/detectors/list.ts";
import { labelErrors } from "../../packages/bezoar/src/dataset/detectors/label-error.ts";
import type { Corpus } from "../../packages/bezoar/src/dataset/engine/corpus.ts";
import type { SparseRows } from "../../packages/bezoar/src/dataset/evidence/sparse.ts";
import { mergeSuspicions } from "../../packages/bezoar/src/dataset/findings/merge.ts";
import { findLabelIssues } from "../../packages/bezoar/src/dataset/label-errors/find-label-issues.ts";
import { judgeTasks } from "../../packages/bezoar/src/dataset/label-errors/label-tasks.ts";
import { analyseViews } from "../../packages/bezoar/src/dataset/labelled/analysis.ts";
import { readRecordTable } from "../../packages/bezoar/src/dataset/records/extract.ts";
import { planFor } from "../../packages/bezoar/src/dataset/records/plan-for.ts";
import { runDetectors } from "../../packages/bezoar/src/dataset/run-detectors.ts";

/** A way to choose rows to distrust; it gives positions in the corpus. */
export type Defence = {
  readonly name: string;
  readonly flag: (corpus: Corpus) => Promise<ReadonlySet<number>>;
};

const context: DetectorContext = {
  seed: 0,
  entityFields: [],
  onStep: () => undefined,
  note: () => undefined,
};

/** The rows of every finding at high or critical, from all detectors of a scan. */
async function scanAtHigh(corpus: Corpus): Promise<ReadonlySet<number>> {
  const { suspicions } = await runDetectors(
    corpus,
    detectorsOf(() => true),
    context,
    () => undefined,
  );
  const alarms = mergeSuspicions(suspicions).filter(({ severity }) => isAtLeast(severity, "high"));
  return new Set(alarms.flatMap(({ positions }) => positions));
}

async function confidentLearning(corpus: Corpus): Promise<ReadonlySet<number>> {
  const tasks = await judgeTasks(corpus, context);
  return new Set(
    tasks.flatMap(({ chances, labels, positions }) =>
      findLabelIssues(chances, labels).map((entry) => positions[entry] ?? -1),
    ),
  );
}

async function listedLabelErrors(corpus: Corpus): Promise<ReadonlySet<number>> {
  const found = await labelErrors.detect(corpus, context);
  return new Set(found.flatMap(({ positions }) => positions));
}

/** Rows as features with their labels: the words and fields that the models of the scan read as well. */
type Table = { readonly rows: SparseRows; readonly labels: Int32Array; readonly classes: number };

async function tableOf(
  corpus: Corpus,
): Promise<{ readonly table: Table; readonly positions: ArrayLike<number> }> {
  const task = corpus.shape === "records" ? planFor(corpus, context) : undefined;
  if (task !== undefined) {
    const { table, labels, classes } = await readRecordTable(corpus, task);
    return { table: { rows: table.rows, labels, classes: classes.length }, positions: [...labels.keys()] };
  }
  const [analysis] = analyseViews(corpus, context.seed);
  if (analysis === undefined) throw new Error("a set without labels");
  const { view, grams } = analysis;
  return {
    table: { rows: grams.rows, labels: view.labels, classes: view.classes.length },
    positions: view.positions,
  };
}

/** Rows below which a share has no z-score worth the name. */
const MIN_FEATURE_ROWS = 5;
const Z = 3;

/** For each feature and label, z of its rows with that label against the label's share (binomial); 0 for rare features. */
function scores({ rows, labels, classes }: Table): Float64Array {
  const counts = new Uint32Array(rows.dimension * classes);
  const sizes = new Float64Array(classes);
  for (let row = 0; row < rows.count; row++) {
    const label = labels[row] ?? -1;
    if (label < 0) continue;
    sizes[label] = (sizes[label] ?? 0) + 1;
    for (let j = rows.offsets[row] ?? 0; j < (rows.offsets[row + 1] ?? 0); j++) {
      const at = (rows.features[j] ?? 0) * classes + label;
      counts[at] = (counts[at] ?? 0) + 1;
    }
  }
  const total = sizes.reduce((a, b) => a + b, 0);
  const z = new Float64Array(counts.length);
  for (let feature = 0; feature < rows.dimension; feature++) {
    const own = counts.subarray(feature * classes, (feature + 1) * classes);
    const held = own.reduce((a, b) => a + b, 0);
    if (held < MIN_FEATURE_ROWS) continue;
    own.forEach((count, label) => {
      const share = (sizes[label] ?? 0) / total;
      const deviation = Math.sqrt((share * (1 - share)) / held);
      if (deviation > 0) z[feature * classes + label] = (count / held - share) / deviation;
    });
  }
  return z;
}

/** Rows that hold a feature whose z for the row's label is above the bound of that label. */
function rowsAbove(
  { rows, labels, classes }: Table,
  z: Float64Array,
  bounds: readonly number[],
): Set<number> {
  const found = new Set<number>();
  for (let row = 0; row < rows.count; row++) {
    const label = labels[row] ?? -1;
    if (label < 0) continue;
    for (let j = rows.offsets[row] ?? 0; j < (rows.offsets[row + 1] ?? 0); j++) {
      if ((z[(rows.features[j] ?? 0) * classes + label] ?? 0) > (bounds[label] ?? Infinity)) found.add(row);
    }
  }
  return found;
}

/** Mean plus three standard deviations of a label's z over all features that are not rare. */
function outlierBound(z: Float64Array, classes: number, label: number): number {
  const own = z.filter((value, i) => i % classes === label && value !== 0);
  const mean = own.reduce((a, b) => a + b, 0) / Math.max(1, own.length);
  const variance = own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, own.length);
  return mean + Z * Math.sqrt(variance);
}

function zDefence(boundOf: (z: Float64Array, classes: number, label: number) => number): Defence["flag"] {
  return async (corpus) => {
    const { table, positions } = await tableOf(corpus);
    const z = scores(table);
    const bounds = Array.from({ length: table.classes }, (_, label) => boundOf(z, table.classes, label));
    return new Set(Array.from(rowsAbove(table, z, bounds), (row) => positions[row] ?? -1));
  };
}

/** The columns of the table. */
export const DEFENCES: readonly Defence[] = [
  { name: "scan at high", flag: scanAtHigh },
  { name: "confident learning", flag: confidentLearning },
  { name: "listed", flag: listedLabelErrors },
  { name: "z > 3", flag: zDefence(() => Z) },
  { name: "outlying z", flag: zDefence(outlierBound) },
];

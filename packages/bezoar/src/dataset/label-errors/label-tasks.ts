import type { DetectorContext } from "../detector.ts";
import type { Corpus } from "../engine/corpus.ts";
import { analyseViews } from "../labelled/analysis.ts";
import { restEvidence } from "../labelled/rest-evidence.ts";
import { columnEvidence, groupColumn, type ColumnGroups } from "../records/column-evidence.ts";
import { commonClasses } from "../records/common-classes.ts";
import { readRecordTable, type RecordTable } from "../records/extract.ts";
import { planFor, type RecordTask } from "../records/plan-for.ts";
import type { ClassProbabilities } from "./class-probabilities.ts";
import { classSizes } from "./confident-joint.ts";
import { outOfFoldChances, type OutOfFold } from "./out-of-fold-chances.ts";

/** A labelling task of a corpus with what models that have not seen each row say of every class. */
export type JudgedTask = {
  /** What the rows are: "all rows", or what the rows of a stratum share. */
  readonly name: string;
  readonly classes: readonly string[];
  /** Rows that can be judged: positions in the corpus, ascending, with class and chances of each. */
  readonly positions: Uint32Array;
  readonly labels: Int32Array;
  readonly chances: ClassProbabilities;
  /** Labelled rows of classes with too few rows to be judged. */
  readonly tooFew: number;
  /** Labelled rows that were left out because a sample of this size is what memory and time allow. */
  readonly leftOut: number;
};

/** Rows that a class needs: a mean chance of fewer has a standard error above 0.1, and four fifths of them teach a model little. */
const MIN_CLASS_ROWS = 20;
/** Chances kept, at four bytes each: 16 million rows of two classes, 200,000 of 77. */
const MAX_CHANCES = 1 << 24;
/** Products of a feature and a class that make the chances: some 5 s of one core. */
const MAX_PRODUCTS = 1_500_000_000;
/** Values that a column of actors needs, to fill ten folds twice. */
const MIN_FOLD_VALUES = 20;

/** The labelling tasks of a corpus, judged: records by models that have not seen the row's actor, texts by models that have not seen its words together. */
export async function judgeTasks(corpus: Corpus, context: DetectorContext): Promise<readonly JudgedTask[]> {
  const task = corpus.shape === "labelled-text" ? undefined : planFor(corpus, context);
  if (task !== undefined) return [await judgeRecords(corpus, task)];
  if (corpus.shape === "records") return [];
  return analyseViews(corpus, context.seed).map((analysis) => {
    const { view, models, folds, features } = restEvidence(analysis);
    const evidence = { models, folds, features, labels: view.labels };
    return judge(view.name, view.classes, evidence, (entry) => view.positions[entry] ?? 0);
  });
}

async function judgeRecords(corpus: Corpus, task: RecordTask): Promise<JudgedTask> {
  const { table, labels, classes } = await readRecordTable(corpus, task);
  const common = commonClasses(labels, classes);
  const groups = foldColumn(table);
  const { models, folds } = columnEvidence(table, groups, common.labels, common.count);
  const evidence = { models, folds, features: table.rows, labels: common.labels };
  const names = common.count > common.names.length ? [...common.names, "any rarer label"] : common.names;
  return judge("all rows", names, evidence, (entry) => entry);
}

/** The column by whose values rows are folded: the actor with the fewest values that still fill the folds, since whatever is tied to it stays together. */
function foldColumn(table: RecordTable): ColumnGroups {
  const grouped = table.plan.columns.flatMap(({ kind, derive }, column) =>
    kind === "entity" && derive === "value" ? [groupColumn(table.keys[column] ?? new Uint32Array(0))] : [],
  );
  const [fewest] = grouped
    .filter(({ count }) => count >= MIN_FOLD_VALUES)
    .toSorted((a, b) => a.count - b.count);
  return fewest ?? groupColumn(new Uint32Array(table.rows.count));
}

function judge(
  name: string,
  classes: readonly string[],
  evidence: OutOfFold,
  positionOf: (entry: number) => number,
): JudgedTask {
  const { labels, features } = evidence;
  const sizes = classSizes(
    labels.filter((label) => label >= 0),
    classes.length,
  );
  const isJudged = (label: number) => label >= 0 && (sizes[label] ?? 0) >= MIN_CLASS_ROWS;
  const judged = Uint32Array.from(labels.keys().filter((entry) => isJudged(labels[entry] ?? -1)));
  const perRow = Math.max(1, features.features.length / Math.max(1, features.count));
  const most = Math.min(MAX_CHANCES, MAX_PRODUCTS / perRow) / classes.length;
  const stride = Math.max(1, Math.ceil(judged.length / most));
  const entries = stride === 1 ? judged : judged.filter((_, i) => i % stride === 0);
  return {
    name,
    classes,
    positions: entries.map(positionOf),
    labels: Int32Array.from(entries, (entry) => labels[entry] ?? 0),
    chances: outOfFoldChances(evidence, entries),
    tooFew: sizes.reduce((sum, size) => sum + (size < MIN_CLASS_ROWS ? size : 0), 0),
    leftOut: judged.length - entries.length,
  };
}

import type { DetectorContext } from "../detector.ts";
import type { Corpus } from "../engine/corpus.ts";
import { analyseViews } from "../labelled/analysis.ts";
import { restEvidence } from "../labelled/rest-evidence.ts";
import { columnEvidence, groupColumn, type ColumnGroups } from "../records/column-evidence.ts";
import { commonClasses } from "../records/common-classes.ts";
import { readRecordTable, type RecordTable } from "../records/extract.ts";
import { planFor, planLabels, type RecordTask } from "../records/plan-for.ts";
import type { ClassProbabilities } from "./class-probabilities.ts";
import { classSizes } from "./confident-joint.ts";
import { areDefinedLabels } from "./defined-labels.ts";
import { fitLabelNoise, type LabelNoise } from "./noise-model.ts";
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
  /** How many of the labels are wrong; undefined when fewer than two classes can be judged. */
  readonly noise: LabelNoise | undefined;
  /** Labelled rows of classes with too few rows to be judged. */
  readonly tooFew: number;
  /** Labelled rows that were left out because a sample of this size is what memory and time allow. */
  readonly leftOut: number;
};

/** The name of a view of every labelled row. */
export const ALL_ROWS = "all rows";
/** Rows that a class needs: a mean chance of fewer has a standard error above 0.1, and four fifths of them teach a model little. */
const MIN_CLASS_ROWS = 20;
/** Chances kept, at four bytes each: 16 million rows of two classes, 200,000 of 77. */
const MAX_CHANCES = 1 << 24;
/** Products of a feature and a class that make the chances: some 5 s of one core. */
const MAX_PRODUCTS = 1_500_000_000;
/** A column of actors: as many values as fill ten folds twice, and rows of each to learn habits from. */
const MIN_ACTORS = 20;
const MIN_ACTOR_ROWS = 5;
/**
 * What a model that has not seen the row's actor must explain, beside one that has. Where it explains less, actors
 * decide labels by nature, and every habit would look like an error.
 */
const MIN_EXPLAINED_SHARE = 0.9;

/** The labelling tasks of a corpus, judged: records by models that have not seen the row's actor if that is enough to tell labels, texts by models that have not seen its words together. */
export async function judgeTasks(corpus: Corpus, context: DetectorContext): Promise<readonly JudgedTask[]> {
  const isAnswered = corpus.shape === "instruction";
  const task = taskOfRecords(corpus, context);
  if (task !== undefined) {
    const everything = Uint32Array.from({ length: corpus.size }, (_, position) => position);
    return !isAnswered || areDefinedLabels(corpus, everything, true)
      ? [await judgeRecords(corpus, task)]
      : [];
  }
  if (corpus.shape === "records") return [];
  return analyseViews(corpus, context.seed).flatMap((analysis) => {
    const { view } = analysis;
    if (isAnswered && !areDefinedLabels(corpus, view.positions, view.name === ALL_ROWS)) return [];
    const { models, folds, features } = restEvidence(analysis);
    const evidence = { models, folds, features, labels: view.labels };
    return [judge(view.name, view.classes, evidence, (entry) => view.positions[entry] ?? 0)];
  });
}

/** Records, and prompts that hold fields of somebody; other prompts are judged by all their words. */
function taskOfRecords(corpus: Corpus, context: DetectorContext): RecordTask | undefined {
  if (corpus.shape === "records") return planLabels(corpus, context);
  return corpus.shape === "instruction" ? planFor(corpus, context) : undefined;
}

async function judgeRecords(corpus: Corpus, task: RecordTask): Promise<JudgedTask> {
  const { table, labels, classes } = await readRecordTable(corpus, task);
  const common = commonClasses(labels, classes);
  const names = common.count > common.names.length ? [...common.names, "any rarer label"] : common.names;
  const judgeFolded = (groups: ColumnGroups): JudgedTask => {
    const { models, folds } = columnEvidence(table, groups, common.labels, common.count);
    const evidence = { models, folds, features: table.rows, labels: common.labels };
    return judge(ALL_ROWS, names, evidence, (entry) => entry);
  };
  const anyhow = judgeFolded(groupColumn(new Uint32Array(table.rows.count)));
  const actors = actorColumn(table);
  if (actors === undefined) return anyhow;
  const byActor = judgeFolded(actors);
  const enough = MIN_EXPLAINED_SHARE * (anyhow.noise?.explained ?? 0);
  return (byActor.noise?.explained ?? 0) >= enough ? byActor : anyhow;
}

/** The first actor of the records whose rows can be held together in folds. */
function actorColumn(table: RecordTable): ColumnGroups | undefined {
  for (const [column, { kind, derive }] of table.plan.columns.entries()) {
    if (kind !== "entity" || derive !== "value") continue;
    const groups = groupColumn(table.keys[column] ?? new Uint32Array(0));
    if (groups.count >= MIN_ACTORS && groups.count * MIN_ACTOR_ROWS <= table.rows.count) return groups;
  }
  return undefined;
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
  const own = Int32Array.from(entries, (entry) => labels[entry] ?? 0);
  const chances = outOfFoldChances(evidence, entries);
  return {
    name,
    classes,
    positions: entries.map(positionOf),
    labels: own,
    chances,
    noise: new Set(own).size < 2 ? undefined : fitLabelNoise(chances, own),
    tooFew: sizes.reduce((sum, size) => sum + (size < MIN_CLASS_ROWS ? size : 0), 0),
    leftOut: judged.length - entries.length,
  };
}

import { lnBinomialUpperTail } from "../../core/statistics.ts";
import type { Detector, DetectorContext } from "../detector.ts";
import type { Corpus } from "../engine/corpus.ts";
import type { Suspicion } from "../suspicion.ts";
import { columnEvidence, groupColumn, type ColumnGroups } from "../records/column-evidence.ts";
import { commonClasses, type CommonClasses } from "../records/common-classes.ts";
import { contextSpans, isWide } from "../records/contexts.ts";
import { describeCulprit, type JudgedCulprit, type NameOf } from "../records/describe.ts";
import { explainAway, narrowToPair, type Culprit, type Family } from "../records/explain-away.ts";
import { readRecordTable, type RecordTable } from "../records/extract.ts";
import { fieldsAndText, planFor, type RecordTask } from "../records/plan-for.ts";
import { columnText } from "../records/row-features.ts";
import { contraryRows, findSuspects, thresholdFor, type Suspect } from "../records/suspects.ts";

type Tally = { tests: number; readonly suspects: Suspect[] };

/** A column's groups and the rows that contradict each label. */
type Background = { readonly groups: ColumnGroups; readonly contrary: readonly (readonly number[])[] };

function testColumns(
  table: RecordTable,
  { labels, count, tested }: CommonClasses,
  onStep: (step: string) => void,
): {
  readonly entity: Tally;
  readonly place: Tally;
  readonly pair: Tally;
  readonly background: Map<number, Background>;
} {
  const entity: Tally = { tests: 0, suspects: [] };
  const place: Tally = { tests: 0, suspects: [] };
  const pair: Tally = { tests: 0, suspects: [] };
  const background = new Map<number, Background>();
  const shares = labelShares(labels, count);
  const commonest = shares.indexOf(Math.max(...shares));
  table.plan.columns.forEach((target, column) => {
    onStep(`labels against ${target.path}`);
    const groups = groupColumn(table.keys[column] ?? new Uint32Array(0));
    if (!hasRepeats(groups)) return;
    const evidence = columnEvidence(table, groups, labels, count);
    const contrary: number[][] = [];
    for (let label = 0; label < tested; label++) {
      const rows = contraryRows(evidence, labels, label);
      contrary.push(rows.rows.map((row) => row.position));
      const add = (family: Tally, context?: number) => {
        const found = findSuspects(table, evidence, rows, {
          column,
          label,
          labelShare: shares[label] ?? 0,
          ...(context === undefined ? {} : { context }),
        });
        family.tests += found.tests;
        family.suspects.push(...found.suspects);
      };
      if (target.kind !== "entity") {
        // an exception for a process makes its rows look like everybody's; one that is alarming by itself is no exception
        if (label === commonest) add(place);
        continue;
      }
      add(entity);
      table.plan.contexts.forEach((context, index) => {
        if (context.isNamed && context.path !== target.path) add(pair, index);
      });
    }
    background.set(column, { groups, contrary });
  });
  return { entity, place, pair, background };
}

/** The share of the labelled rows that carry each label. */
function labelShares(labels: Int32Array, classes: number): number[] {
  const sizes = labelSizes(labels, classes);
  const labelled = sizes.reduce((sum, size) => sum + size, 0);
  return sizes.map((size) => size / Math.max(1, labelled));
}

function labelSizes(labels: Int32Array, classes: number): number[] {
  const counts = Array.from({ length: classes }, () => 0);
  for (const label of labels) if (label >= 0) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

/** Two values with rows enough to be tested: one could stand out from the other. */
function hasRepeats(groups: ColumnGroups): boolean {
  return groups.count >= 2 && groups.rowsOf(1).length >= 5;
}

/** A label of which somebody's flipped rows are a larger share than this is a name for them. */
const MAX_OWNED = 0.25;
/** An attack has one target label and few targets; with more, it is how values of these fields differ. */
const MAX_CULPRITS = 2;
/** Chance of so many weaker suspects, below which the model of how values differ does not hold in this set. */
const MISFIT_ALPHA = 0.01;

/**
 * Whether labels follow the values of fields by nature: several stand out, or in both directions, or more of the others
 * come near to it than the tests' own chances allow.
 */
function differByNature(table: RecordTable, family: Family, culprits: readonly Culprit[]): boolean {
  const entities = culprits.filter(
    ({ suspect }) => table.plan.columns[suspect.column]?.kind === "entity" && suspect.context === undefined,
  );
  if (entities.length === 0) return false;
  if (entities.length > MAX_CULPRITS || new Set(entities.map(({ suspect }) => suspect.label)).size > 1)
    return true;
  const weak = explainAway(table, { suspects: family.suspects, tests: 1 }, new Set());
  const others = weak.length - entities.length;
  const lnChance = lnBinomialUpperTail(others, family.tests, Math.exp(-thresholdFor(1)));
  return others > 0 && lnChance <= Math.log(MISFIT_ALPHA);
}

/** Severity: high for somebody whose flips span what happened, medium for what may be a sanctioned exception. */
function judge(
  table: RecordTable,
  background: Map<number, Background>,
  pairs: Family,
  culprit: Culprit,
  isNatural: boolean,
): JudgedCulprit {
  const { suspect } = culprit;
  const behind = background.get(suspect.column);
  const contrary = behind?.contrary[suspect.label] ?? [];
  const spans = behind === undefined ? [] : contextSpans(table, behind.groups, suspect, contrary);
  const isEntity = table.plan.columns[suspect.column]?.kind === "entity" && suspect.context === undefined;
  if (!isEntity || isNatural) return { culprit, spans, severity: "medium" };
  return isWide(spans)
    ? { culprit, spans, severity: "high" }
    : { culprit: narrowToPair(culprit, pairs), spans, severity: "medium" };
}

function namesIn(corpus: Corpus, table: RecordTable, { slots }: RecordTask): NameOf {
  return (suspect) => {
    const column = table.plan.columns[suspect.column];
    const fields = fieldsAndText(corpus.row(suspect.rows[0]?.position ?? 0), slots);
    const text = (path: string | undefined) => fields.find(([name]) => name === path)?.[1];
    const value = text(column?.path) ?? "";
    const context =
      suspect.context === undefined ? undefined : text(table.plan.contexts[suspect.context.index]?.path);
    return {
      value: column === undefined ? value : (columnText(column, value) ?? value),
      ...(context === undefined ? {} : { contextValue: context }),
    };
  };
}

async function detect(corpus: Corpus, context: DetectorContext): Promise<readonly Suspicion[]> {
  const task = planFor(corpus, context);
  if (task === undefined) return [];
  context.onStep("fields of the records");
  const { table, labels, classes } = await readRecordTable(corpus, task);
  const common = commonClasses(labels, classes);
  const { entity, place, pair, background } = testColumns(table, common, context.onStep);
  const explained = new Set<number>();
  const culprits = [entity, place, pair].flatMap((family) => explainAway(table, family, explained));
  const nameOf = namesIn(corpus, table, task);
  const differ = differByNature(table, entity, culprits);
  const sizes = labelSizes(labels, common.count);
  return (differ ? culprits.slice(0, MAX_CULPRITS) : culprits).map((culprit) => {
    const { accused, label } = culprit.suspect;
    const isNatural = differ || accused.length > MAX_OWNED * (sizes[label] ?? 0);
    return describeCulprit(
      table.plan,
      common.names,
      judge(table, background, pair, culprit, isNatural),
      nameOf,
    );
  });
}

/**
 * Finds one user, host or network whose rows are labelled against what the rest of each row says: the attack of
 * arXiv 2511.02600 on records of any schema (DETECTION.md 2).
 */
export const targetedMislabelling: Detector = {
  rules: ["dataset/targeted-mislabelling"],
  shapes: ["records", "instruction", "labelled-text"],
  detect,
};

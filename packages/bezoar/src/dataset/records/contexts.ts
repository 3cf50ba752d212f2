import type { ColumnGroups } from "./column-evidence.ts";
import type { RecordTable } from "./extract.ts";
import type { Suspect } from "./suspects.ts";

/** How many values of a context some rows span: exp of the entropy (Hill number of order 1). */
function effectiveCount(values: Iterable<number>): number {
  const counts = new Map<number, number>();
  let total = 0;
  for (const value of values) {
    if (value === 0) continue;
    counts.set(value, (counts.get(value) ?? 0) + 1);
    total++;
  }
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / total) * Math.log(count / total);
  return total === 0 ? 0 : Math.exp(entropy);
}

/** A context in which a suspect's flipped rows were looked at. */
export type ContextSpan = {
  readonly index: number;
  /** Effective number of values among the flipped rows. */
  readonly effective: number;
  /** What an entity-wide attack must span at least. */
  readonly needed: number;
};

/** Whether the flipped rows are too diverse for an exception of one rule, process or the like. */
export function isWide(spans: readonly ContextSpan[]): boolean {
  return spans.every((span) => span.effective >= span.needed);
}

/** Values, and rows of each, that are looked at to see whether a context is a mere attribute of a column. */
const MAX_VALUES_LOOKED_AT = 100;
const MAX_ROWS_LOOKED_AT = 200;
const MIN_ROWS_LOOKED_AT = 8;
/** DETECTION.md 2: an attack on somebody spans at least three rules or processes. */
const NEEDED_SPAN = 3;
/** A context with fewer effective values among all contrary rows says nothing about span. */
const MIN_BACKGROUND_SPAN = 2.5;
/** A context that is this much narrower within a value than among as many rows of anybody belongs to the value (a user's devices). */
const ATTRIBUTE_SPAN = 0.5;
/** Of what as many rows of anybody span; an exception for one value spans one. */
const USUAL_SHARE = 0.4;
/** Contexts that tell less than this share of what the best one tells about the label are not what happened. */
const MIN_INFORMATION_SHARE = 0.2;

/** `count` of the rows, evenly spread. */
function spread(rows: ArrayLike<number>, count: number): number[] {
  return Array.from({ length: count }, (_, i) => rows[Math.floor(((i + 0.5) * rows.length) / count)] ?? 0);
}

/** Whether each value of the column keeps to its own few values of the context: then the context is an attribute of it. */
function isAttribute(groups: ColumnGroups, context: Uint32Array): boolean {
  const span = (rows: ArrayLike<number>) => effectiveCount(Array.from(rows, (row) => context[row] ?? 0));
  let within = 0;
  let usual = 0;
  for (let value = 0; value < Math.min(groups.count, MAX_VALUES_LOOKED_AT); value++) {
    const rows = groups.rowsOf(value).subarray(0, MAX_ROWS_LOOKED_AT);
    if (rows.length < MIN_ROWS_LOOKED_AT) break; // values come by falling frequency
    within += span(rows);
    const stride = context.length / rows.length;
    usual += span(rows.map((_, i) => Math.floor((i + 0.5) * stride)));
  }
  return within < ATTRIBUTE_SPAN * usual;
}

/**
 * The spans of a suspect's flipped rows in every context, next to what as many rows of others span that look as
 * contrary (`background`), where the context tells about the label; elsewhere next to what the suspect's other rows span,
 * if there are as many: fewer would span less by their number. The flipped ones are no part of that: many of one rule would
 * make one rule their habit.
 */
export function contextSpans(
  table: RecordTable,
  groups: ColumnGroups,
  suspect: Suspect,
  background: readonly number[],
): ContextSpan[] {
  const { contexts, columns } = table.plan;
  const flipped = suspect.accused;
  const isFlipped = new Set(flipped);
  const others = groups
    .rowsOf(groups.valueAt[flipped[0] ?? 0] ?? 0)
    .filter((position) => !isFlipped.has(position));
  const most = Math.max(...contexts.map((context) => context.bits), 0);
  return contexts.flatMap((context, index) => {
    const values = table.contexts[index];
    if (values === undefined || context.path === columns[suspect.column]?.path) return [];
    const span = (rows: ArrayLike<number>) => effectiveCount(Array.from(rows, (row) => values[row] ?? 0));
    const tellsLabel = context.bits >= MIN_INFORMATION_SHARE * most;
    const reference = tellsLabel || others.length < flipped.length ? background : others;
    if (span(reference) < MIN_BACKGROUND_SPAN || isAttribute(groups, values)) return [];
    const usual = span(spread(reference, flipped.length));
    return [{ index, effective: span(flipped), needed: Math.min(NEEDED_SPAN, USUAL_SHARE * usual) }];
  });
}

import { AppError } from "../../core/errors.ts";
import { openDataset } from "../open-dataset.ts";
import type { Plan } from "../plan.ts";
import type { FileSummary } from "../record.ts";
import { cutElements, cutLines, type RangeCutter, type Ranges, type Side } from "./range-cutter.ts";

/** What becomes of one file of a dataset that is split by rows. */
export type FileSplit = {
  readonly summary: FileSummary;
  readonly rows: Readonly<Record<Side, number>>;
  /** `all` = a copy of the file, byte for byte; `part` = its rows of that side; `none` = no file. */
  readonly share: Readonly<Record<Side, "all" | "part" | "none">>;
  /** How the parts are cut; Parquet is cut by values. */
  readonly cut: Readonly<Record<Side, Ranges>> | "parquet";
  /** Why all of the file went to one side although not all of its rows did. */
  readonly indivisible?: string;
};

export type SplitPlan = {
  readonly files: readonly FileSplit[];
  readonly rows: number;
  readonly notes: readonly string[];
};

type Tracked = {
  readonly path: string;
  readonly plan: Plan;
  readonly cutter: RangeCutter | undefined;
  indivisible: string | undefined;
};

function cutterFor(plan: Plan, sideOf: (row: number) => Side, firstRow: number): RangeCutter | undefined {
  if (plan.reader === "parquet") return undefined;
  const isArray = plan.reader === "json" && plan.layout !== "sequence";
  return (isArray ? cutElements : cutLines)(sideOf, firstRow);
}

/** How many rows of a file go to each side. */
function countRows({ firstRow, rows }: FileSummary, sideOf: (row: number) => Side): Record<Side, number> {
  const counts = { clean: 0, quarantine: 0 };
  for (let row = firstRow; row < firstRow + rows; row++) counts[sideOf(row)]++;
  return counts;
}

/**
 * Reads a dataset once and says for each of its files which bytes go where, without writing anything. Of a single file
 * both parts are made, be they without rows; of several, a part without rows is left out.
 */
export async function planSplit(
  source: string,
  sideOf: (row: number) => Side,
  isSingle: boolean,
  onBytes: (read: number, total: number | undefined) => void = () => {},
): Promise<SplitPlan> {
  const tracked: Tracked[] = [];
  let rows = 0;
  const opened = await openDataset(source, {
    track: ({ path, plan, firstRow }) => {
      const cutter = cutterFor(plan, sideOf, firstRow);
      const entry: Tracked = { path, plan, cutter, indivisible: undefined };
      tracked.push(entry);
      return {
        record: (start, end, opensArray) => cutter?.record(start, end, opensArray),
        indivisible: (reason) => {
          entry.indivisible ??= reason;
        },
      };
    },
  });
  for await (const batch of opened.batches()) {
    rows = batch.firstRow + batch.count;
    onBytes(opened.bytesRead(), opened.totalBytes);
  }
  const files = opened.files().map((summary, i): FileSplit => {
    const entry = tracked[i];
    if (entry === undefined) throw new Error("a file was read that was not announced");
    return planFile(summary, entry, countRows(summary, sideOf), isSingle);
  });
  return { files, rows, notes: opened.notes() };
}

function planFile(
  summary: FileSummary,
  { plan, cutter, indivisible }: Tracked,
  rows: Record<Side, number>,
  isSingle: boolean,
): FileSplit {
  const cut: FileSplit["cut"] = cutter === undefined ? "parquet" : cutter.finish();
  const base = { summary, rows, cut };
  const none = isSingle ? "part" : "none";
  if (rows.quarantine === 0) return { ...base, share: { clean: "all", quarantine: none } };
  const isWhole = plan.reader === "whole" || plan.reader === "refuse";
  if (rows.clean === 0 && (indivisible === undefined || isWhole))
    return { ...base, share: { clean: none, quarantine: "all" } };
  if (indivisible === undefined) return { ...base, share: { clean: "part", quarantine: "part" } };
  if (isSingle) throw cannotSplit(summary.path, indivisible);
  return {
    ...base,
    rows: { clean: 0, quarantine: summary.rows },
    share: { clean: "none", quarantine: "all" },
    indivisible,
  };
}

/** The failure of a file that no cut divides without losing some of it. */
export function cannotSplit(path: string, reason: string): AppError {
  return new AppError(
    "not-readable",
    `${path} cannot be split without losing some of it: ${reason}. Nothing was written. Repair the file, or get it anew.`,
  );
}

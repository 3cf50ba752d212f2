import type { Extents } from "../extents.ts";

/** Where a row goes. */
export type Side = "clean" | "quarantine";
export const SIDES = ["clean", "quarantine"] as const;

/** Bytes to take, in order: [start, end, start, end, ...); the last end may be Infinity, the end of the file. */
export type Ranges = readonly number[];

/** Collects, while the records of a file go by, which of its bytes each side is made of. */
export type RangeCutter = {
  readonly record: Extents["record"];
  /** The bytes of each side, when the file has ended. */
  readonly finish: () => Readonly<Record<Side, Ranges>>;
};

function createRanges(): {
  readonly add: (start: number, end: number) => void;
  readonly ranges: number[];
} {
  const ranges: number[] = [];
  return {
    ranges,
    add: (start, end) => {
      if (start === end) return;
      if (ranges.length > 0 && ranges.at(-1) === start) ranges[ranges.length - 1] = end;
      else ranges.push(start, end);
    },
  };
}

/**
 * For files whose records stand one after another (JSONL, CSV, text, JSON sequences): what stands before the first
 * record (a header, blank lines) goes to both sides; what stands between two records goes with the first of them, so
 * that the records of both sides, merged by row number, are the file again.
 */
export function cutLines(sideOf: (row: number) => Side, firstRow: number): RangeCutter {
  const sides = { clean: createRanges(), quarantine: createRanges() };
  let row = firstRow;
  let open: { readonly side: Side; readonly start: number } | undefined;
  return {
    record: (start) => {
      const side = sideOf(row++);
      if (open === undefined) for (const each of SIDES) sides[each].add(0, start);
      else if (open.side === side) return;
      else sides[open.side].add(open.start, start);
      open = { side, start };
    },
    finish: () => {
      if (open === undefined) for (const each of SIDES) sides[each].add(0, Infinity);
      else sides[open.side].add(open.start, Infinity);
      return { clean: sides.clean.ranges, quarantine: sides.quarantine.ranges };
    },
  };
}

/**
 * For the elements of JSON arrays: whatever belongs to no element goes to both sides, and of the separators as many as
 * stand between the elements of a side, so that both sides are JSON documents of the same layout.
 */
export function cutElements(sideOf: (row: number) => Side, firstRow: number): RangeCutter {
  const sides = { clean: createRanges(), quarantine: createRanges() };
  let row = firstRow;
  let lastEnd = 0;
  let filled: readonly Side[] = []; // sides with an element of the array under way
  return {
    record: (start, end, opensArray = false) => {
      const side = sideOf(row++);
      if (opensArray) {
        for (const each of SIDES) sides[each].add(lastEnd, start);
        filled = [];
      }
      sides[side].add(filled.includes(side) ? lastEnd : start, end);
      if (!filled.includes(side)) filled = [...filled, side];
      lastEnd = end;
    },
    finish: () => {
      for (const each of SIDES) sides[each].add(lastEnd, Infinity);
      return { clean: sides.clean.ranges, quarantine: sides.quarantine.ranges };
    },
  };
}

/** A run of consecutive row numbers, both ends included. */
export type RowRange = readonly [first: number, last: number];

/** The row numbers as ascending runs without repeats. */
export function toRanges(rows: readonly number[]): RowRange[] {
  const ranges: [number, number][] = [];
  let current: [number, number] | undefined;
  for (const row of rows.toSorted((a, b) => a - b)) {
    if (current !== undefined && row <= current[1] + 1) {
      current[1] = row;
    } else {
      current = [row, row];
      ranges.push(current);
    }
  }
  return ranges;
}

/** How many rows the runs hold. */
export function countRows(ranges: readonly RowRange[]): number {
  let count = 0;
  for (const [first, last] of ranges) count += last - first + 1;
  return count;
}

/** "12", or "12-18" with the given dash. */
export function formatRange([first, last]: RowRange, dash: string): string {
  return first === last ? String(first) : `${first}${dash}${last}`;
}

/** How many rows of each stratum are looked at, and the size of the simple random sample that this is at least as good as. */
export type Allocation = { readonly shares: readonly number[]; readonly effective: number };

/**
 * Shares at most `size` among strata in proportion to their rows, each share rounded up. When every stratum is sampled at
 * least in proportion to a simple random sample of `effective` rows, the chance to miss all defects is no larger than
 * that sample's, since ln(1 - p) is concave in p.
 */
export function allocate(strata: readonly number[], size: number): Allocation {
  let effective = 0;
  let tooMany = Math.min(total(strata), size) + 1;
  while (tooMany - effective > 1) {
    const middle = Math.floor((effective + tooMany) / 2);
    if (total(sharesFor(strata, middle)) <= size) effective = middle;
    else tooMany = middle;
  }
  return { shares: sharesFor(strata, effective), effective };
}

/** The smallest size whose allocation is as good as a simple random sample of `effective` rows. */
export function sizeFor(strata: readonly number[], effective: number): number {
  return total(sharesFor(strata, effective));
}

function sharesFor(strata: readonly number[], effective: number): number[] {
  const rows = total(strata);
  return strata.map((count) => (rows === 0 ? 0 : Math.ceil((count * Math.min(effective, rows)) / rows)));
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** A candidate that passed its test: the rows it would accuse and how strong its evidence is. */
export type Scored = { readonly rows: ArrayLike<number>; readonly lnEvidence: number };

/** A candidate that still stands when the rows already explained by stronger ones are left out. */
export type Explained<Candidate> = { readonly candidate: Candidate; readonly fresh: readonly number[] };

/**
 * Greedy explaining-away (DETECTION.md 1C): candidates from the strongest to the weakest, each tested again on the
 * rows that no stronger one has explained; `stillStands` gets those rows. A word that only rides along with an
 * inserted sentence has none left.
 */
export function explainAway<Candidate extends Scored>(
  candidates: readonly Candidate[],
  stillStands: (candidate: Candidate, fresh: readonly number[]) => boolean,
): Explained<Candidate>[] {
  const explained = new Set<number>();
  const kept: Explained<Candidate>[] = [];
  for (const candidate of candidates.toSorted((a, b) => b.lnEvidence - a.lnEvidence)) {
    const fresh: number[] = [];
    for (let i = 0; i < candidate.rows.length; i++) {
      const row = candidate.rows[i] ?? 0;
      if (!explained.has(row)) fresh.push(row);
    }
    if (!stillStands(candidate, fresh)) continue;
    for (const row of fresh) explained.add(row);
    kept.push({ candidate, fresh });
  }
  return kept;
}

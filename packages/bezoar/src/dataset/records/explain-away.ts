import type { RecordTable } from "./extract.ts";
import { thresholdFor, withoutRows, type Suspect } from "./suspects.ts";

/** Suspects of one kind and how many tests were made to find them. */
export type Family = { readonly suspects: readonly Suspect[]; readonly tests: number };

/** A suspect that stands, with the others that its rows explain. */
export type Culprit = {
  readonly suspect: Suspect;
  readonly threshold: number;
  readonly tests: number;
  /** Suspects of which at least SAME_ROWS of the flipped rows are this one's: the user's own host, its address. */
  readonly confounded: readonly Suspect[];
};

/** Two suspects that share this much of their flipped rows are two names of one thing. */
const SAME_ROWS = 0.8;
/** A suspect that has this many times the flipped rows of another explains more than its noise. */
const CLEARLY_MORE = 1.2;

function overlap(of: readonly number[], within: ReadonlySet<number>): number {
  return of.length === 0 ? 0 : of.filter((position) => within.has(position)).length / of.length;
}

/** Whether `other`, which has nearly all flipped rows of `best`, explains the attack better: more of it, or as much and by its name. */
function explainsBetter(other: Suspect, best: Suspect): boolean {
  const theirs = other.accused.length;
  const own = best.accused.length;
  if (theirs >= CLEARLY_MORE * own) return other.test.excess >= SAME_ROWS * best.test.excess;
  return other.column < best.column && own < CLEARLY_MORE * theirs;
}

/** The suspect with the most evidence, or another of nearly as much that has its rows and explains them better. */
function strongest(suspects: readonly Suspect[]): Suspect | undefined {
  const [first, ...others] = suspects.toSorted(
    (a, b) => b.test.lnEvidence - a.test.lnEvidence || a.column - b.column,
  );
  if (first === undefined) return undefined;
  const flipped = first.accused;
  let best = first;
  for (const other of others) {
    const hasItsRows = overlap(flipped, new Set(other.accused)) >= SAME_ROWS;
    if (hasItsRows && explainsBetter(other, best)) best = other;
  }
  return best;
}

/**
 * Takes the strongest suspect, lets it explain its flipped rows (which are added to `explained`), tests the others
 * again on what remains, and goes on until nobody passes: one attack gives one culprit.
 */
export function explainAway(table: RecordTable, family: Family, explained: Set<number>): Culprit[] {
  const culprits: Culprit[] = [];
  const threshold = thresholdFor(family.tests);
  const retest = (among: readonly Suspect[]) =>
    among.flatMap((suspect) => {
      const tested = withoutRows(table, suspect, explained);
      return tested !== undefined && tested.test.lnEvidence >= threshold ? [tested] : [];
    });
  let remaining = retest(family.suspects);
  for (let best = strongest(remaining); best !== undefined; best = strongest(remaining)) {
    const chosen = best;
    const flipped = chosen.accused;
    const own = new Set(flipped);
    const others = remaining.filter((suspect) => suspect !== chosen);
    culprits.push({
      suspect: chosen,
      threshold,
      tests: family.tests,
      confounded: others.filter((other) => overlap(other.accused, own) >= SAME_ROWS),
    });
    for (const row of chosen.rows) if (row.isFlipped) explained.add(row.position);
    remaining = retest(others);
  }
  return culprits;
}

/** The pair (user and rule) that accounts for a culprit whose flips keep to one context; the culprit itself when none does. */
export function narrowToPair(culprit: Culprit, pairs: Family): Culprit {
  const { column, label } = culprit.suspect;
  const flipped = culprit.suspect.accused;
  const threshold = thresholdFor(pairs.tests);
  const [best] = pairs.suspects
    .filter((pair) => pair.column === column && pair.label === label && pair.test.lnEvidence >= threshold)
    .filter((pair) => overlap(flipped, new Set(pair.accused)) >= SAME_ROWS)
    .toSorted((a, b) => b.test.excess - a.test.excess || b.test.lnEvidence - a.test.lnEvidence);
  return best === undefined ? culprit : { ...culprit, suspect: best, threshold, tests: pairs.tests };
}

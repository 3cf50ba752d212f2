import type { Cover } from "./cover.ts";

/** Two covers speak of one attack when the smaller shares this much of its rows with the larger. */
const SAME_ROWS = 0.5;
/** Representatives tried per attack: the strongest outcome may turn out to be an echo of the prompt. */
const MAX_TRIED = 8;

function shared(cover: Cover, rows: ReadonlySet<number>): number {
  return cover.hits.filter((position) => rows.has(position)).length;
}

/** How much a cover says: all the rows it explains; of equals the more exact outcome and the simpler trigger. */
function byWorth(a: Cover, b: Cover): number {
  return (
    worth(b) - worth(a) ||
    a.kind - b.kind ||
    a.triggers.length - b.triggers.length ||
    a.triggerRows.length - b.triggerRows.length ||
    a.outcome - b.outcome
  );
}

/** Hits weighted by purity and by how much of the outcome they explain, so that a stray row does not decide. */
function worth(cover: Cover): number {
  const { hits, triggerRows, outcomeRows } = cover;
  const precision = hits.length / triggerRows.length;
  const recall = hits.length / outcomeRows.length;
  const value = hits.length * Math.sqrt(precision) * Math.sqrt(recall) * (cover.kind <= 4 ? 1 : 0.8);
  return Math.round(value * 8) / 8;
}

/** Covers of one attack together, the ones that say most first. */
export function groupCovers(covers: readonly Cover[]): Cover[][] {
  const groups: { rows: Set<number>; covers: Cover[] }[] = [];
  for (const cover of covers.toSorted(byWorth)) {
    const home = groups.find(
      ({ rows }) => shared(cover, rows) >= SAME_ROWS * Math.min(cover.hits.length, rows.size),
    );
    if (home === undefined) groups.push({ rows: new Set(cover.hits), covers: [cover] });
    else if (home.covers.length < MAX_TRIED) home.covers.push(cover);
  }
  return groups.map((group) => group.covers);
}

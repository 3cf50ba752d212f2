import type { PlacedRow, Study } from "./space.ts";
import { learnUsual, type Usual } from "./strata.ts";

/** The rows that are too far from all others to be called chance, farthest first, and what is usual. */
export type FarRows = {
  readonly rows: readonly PlacedRow[];
  readonly usual: Usual;
  /** -ln p of the farthest row, and what the least of the rows needed. */
  readonly lnEvidence: number;
  readonly lnThreshold: number;
};

/** Share of the rows called outliers that chance may have made (Benjamini and Hochberg 1995). */
export const FALSE_DISCOVERY_RATE = 0.05;
/** Never are more rows called outliers: so many are a second kind of text, and the fitted tail has not seen beyond 1 %. */
const MAX_SHARE = 0.02;
/** The tail that was seen may be that much heavier than the fitted one (one-sided Smirnov test at 1 %). */
const MAX_MISFIT = 1.52;

/** Which rows of a study lie beyond what chance allows in a set of this size; "no-tail" when their distances follow no law to hold them against. */
export async function findFarRows(study: Study): Promise<FarRows | "no-tail"> {
  const usual = learnUsual(study.sample);
  if (usual === undefined || usual.tail.misfit > MAX_MISFIT) return "no-tail";
  const bound = usual.tail.quantile(FALSE_DISCOVERY_RATE * MAX_SHARE);
  const candidates = await study.farther((words) => usual.similarityAt(words, bound));
  const tested = candidates
    .map((row) => ({ row, lnP: usual.tail.lnUpperTail(usual.excess(row)) }))
    .toSorted((a, b) => a.lnP - b.lnP || a.row.position - b.row.position)
    .slice(0, Math.floor(MAX_SHARE * study.judged));
  const allowed = (rank: number) => Math.log((FALSE_DISCOVERY_RATE * rank) / study.judged);
  const count = 1 + tested.findLastIndex(({ lnP }, i) => lnP <= allowed(i + 1));
  return {
    rows: tested.slice(0, count).map(({ row }) => row),
    usual,
    lnEvidence: -(tested[0]?.lnP ?? 0),
    lnThreshold: -allowed(Math.max(1, count)),
  };
}

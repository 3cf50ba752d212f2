import { combine32, mix32 } from "../../core/hash.ts";
import { lnBinomialUpperTail } from "../../core/statistics.ts";
import { createKeySet } from "../instruct/key-set.ts";
import type { PairRow } from "./sample.ts";
import { MIN_ROWS } from "./study.ts";

/** A run of up to three tokens that preferred answers hold and rejected ones do not. */
export type TargetPhrase = {
  readonly tokens: readonly number[];
  /** Indices of the pairs in which only the preferred answer holds it, at most MAX_POSTINGS. */
  readonly pairs: readonly number[];
  /** How many pairs hold it in the preferred, and in the rejected answer alone. */
  readonly preferred: number;
  readonly rejected: number;
};

export type TargetPhrases = {
  readonly phrases: readonly TargetPhrase[];
  /** The share of all phrases told apart that the preferred answer holds: long answers, when preferred, hold more. */
  readonly preferredShare: number;
};

const LONGEST = 3;
/** Cells of each one- or two-byte sketch of what is frequent enough to be looked at (8 MB each). */
const SKETCH_BITS = 22;
const CELLS = 1 << SKETCH_BITS;
const MAX_POSTINGS = 512;
/** A target of more pairs than this share is the custom of the set. */
const MAX_SHARE = 0.1;
/** Chance by which a phrase may be so one-sided; only a filter, the test comes later. */
const LN_ONE_SIDED = Math.log(0.01);
/** Phrases kept in memory. */
const MAX_PHRASES = 200_000;

function cellOf(hash: number): number {
  return mix32(hash) >>> (32 - SKETCH_BITS);
}

function visitGrams(tokens: Uint32Array, visit: (hash: number, start: number, length: number) => void): void {
  for (let start = 0; start < tokens.length; start++) {
    let hash = 0x5bd1;
    for (let length = 1; length <= LONGEST && start + length <= tokens.length; length++) {
      hash = combine32(hash, tokens[start + length - 1] ?? 0);
      visit(hash, start, length);
    }
  }
}

const NOTHING = new Uint32Array(0);
/** Emptied for each row: millions of sets would be costly. */
const seen = createKeySet();
const asked = createKeySet();

/** Calls `visit` once for each run that one answer holds and the other does not, and that the prompt does not give word for word. */
function visitOnly(
  row: PairRow,
  side: "preferred" | "rejected",
  visit: (hash: number, start: number, length: number) => void,
): void {
  const own = row[side]?.tokens ?? NOTHING;
  const other = row[side === "preferred" ? "rejected" : "preferred"]?.tokens ?? NOTHING;
  seen.clear();
  visitGrams(other, (hash) => seen.add(hash));
  asked.clear();
  for (const token of row.prompt) asked.add(token);
  visitGrams(own, (hash, start, length) => {
    if (!seen.add(hash)) return;
    for (let i = start; i < start + length; i++) {
      if (!asked.has(own[i] ?? 0)) {
        visit(hash, start, length);
        return;
      }
    }
  });
}

/** Phrases of preferred answers that are too one-sided for chance. */
export function collectTargets(rows: readonly PairRow[]): TargetPhrases {
  const counts = { preferred: new Uint16Array(CELLS), rejected: new Uint16Array(CELLS) };
  const totals = { preferred: 1, rejected: 1 };
  for (const side of ["preferred", "rejected"] as const) {
    const into = counts[side];
    for (const row of rows) {
      visitOnly(row, side, (hash) => {
        const cell = cellOf(hash);
        if ((into[cell] ?? 0) < 65_535) into[cell] = (into[cell] ?? 0) + 1;
        totals[side]++;
      });
    }
  }
  const preferredShare = totals.preferred / (totals.preferred + totals.rejected);
  const most = MAX_SHARE * rows.length;
  const verdicts = new Uint8Array(CELLS); // 1: look at it, 2: do not
  const isOneSided = (cell: number): boolean => {
    const known = verdicts[cell] ?? 0;
    if (known !== 0) return known === 1;
    const mine = counts.preferred[cell] ?? 0;
    const others = counts.rejected[cell] ?? 0;
    const isKept =
      mine >= MIN_ROWS &&
      mine <= most &&
      lnBinomialUpperTail(mine, mine + others, preferredShare) <= LN_ONE_SIDED;
    verdicts[cell] = isKept ? 1 : 2;
    return isKept;
  };
  const found = new Map<number, { tokens: number[]; pairs: number[]; cell: number }>();
  rows.forEach((row, index) => {
    visitOnly(row, "preferred", (hash, start, length) => {
      const cell = cellOf(hash);
      if (!isOneSided(cell)) return;
      const known = found.get(hash);
      if (known !== undefined) {
        if (known.pairs.length < MAX_POSTINGS) known.pairs.push(index);
      } else if (found.size < MAX_PHRASES) {
        const tokens = [...(row.preferred?.tokens ?? NOTHING).subarray(start, start + length)];
        found.set(hash, { tokens, pairs: [index], cell });
      }
    });
  });
  const phrases = [...found.values()]
    .filter(({ pairs }) => pairs.length >= MIN_ROWS)
    .map(({ tokens, pairs, cell }) => ({
      tokens,
      pairs,
      preferred: pairs.length < MAX_POSTINGS ? pairs.length : (counts.preferred[cell] ?? 0),
      rejected: counts.rejected[cell] ?? 0,
    }));
  return { phrases, preferredShare };
}

import { combine32 } from "../../core/hash.ts";
import { lnChoose, lnGamma } from "../../core/statistics.ts";
import type { Corpus } from "../engine/corpus.ts";
import type { Kernel } from "../engine/kernel.ts";
import { cutsBefore, indexOfRun, type Cuts } from "./onset-cuts.ts";
import { bigramCell, codeLengths, isModelled, UNSEEN_BITS, type TextCounts } from "./text-model.ts";

/** Tokens over which disorder is averaged: shorter runs are names, numbers and quotations. */
const WINDOW = 48;
/** Mean cost from which a window may be disorder, as a share of what unseen tokens cost (see docs/detectors/raw-text-and-code.md). */
const DISORDER_BITS = 0.6 * UNSEEN_BITS;
/** Mean cost that ordinary text of any kind hardly ever reaches; a trigger needs rows that do. */
const STRICT_BITS = 0.68 * UNSEEN_BITS;
/** Where disorder begins is where the cost rises above this for good. */
const ONSET_BITS = 0.55 * UNSEEN_BITS;
/** Natural language repeats itself within a window; random draws from a vocabulary do not. */
const MIN_VARIETY = 0.85;
/** In a window this share of whose pairs is known no disorder can be; the cheap test that spares most rows. */
const MAX_KNOWN = 0.4;
/** Tokens before and after the onset among which the trigger is sought. */
const BEFORE = 8;
const AFTER = 8;
const LONGEST = 4;
const MAX_GROWTH = 16;
/** Rows of disorder kept in memory; a corpus with more is not text. */
const MAX_RUNS = 50_000;
/** Fewest rows that make a trigger. */
const MIN_ROWS = 6;
const MIN_PRECISION = 0.8;
const ALPHA = 1e-3;

/** A row that turns into disorder; `around` are the tokens about the onset. */
export type Run = { readonly position: number; readonly isStrict: boolean; readonly around: Uint32Array };

/** Where a text turns into disorder, and how deep; undefined when it does not. */
function findDisorder(
  ids: Uint32Array,
  counts: TextCounts,
  isOwnCounted: boolean,
): { readonly onset: number; readonly isStrict: boolean } | undefined {
  if (ids.length < WINDOW || !mayBeDisorder(ids, counts, isOwnCounted)) return undefined;
  const bits = codeLengths(ids, counts, isOwnCounted);
  let sum = 0;
  let onset: number | undefined;
  for (let i = 0; i < bits.length; i++) {
    sum += (bits[i] ?? 0) - (i >= WINDOW ? (bits[i - WINDOW] ?? 0) : 0);
    if (i < WINDOW - 1 || sum < WINDOW * DISORDER_BITS) continue;
    const isStrict = sum >= WINDOW * STRICT_BITS;
    if (onset !== undefined && !isStrict) continue;
    if (new Set(ids.subarray(i + 1 - WINDOW, i + 1)).size < MIN_VARIETY * WINDOW) continue;
    if (isStrict) return { onset: onsetBefore(bits, i), isStrict };
    onset = onsetBefore(bits, i);
  }
  return onset === undefined ? undefined : { onset, isStrict: false };
}

/** The start of the costliest stretch that ends at `end`: cost above ONSET_BITS speaks for the run, below against it. */
function onsetBefore(bits: Float32Array, end: number): number {
  let best = end;
  let most = 0;
  let sum = 0;
  for (let i = end; i >= 0; i--) {
    sum += (bits[i] ?? 0) - ONSET_BITS;
    if (sum <= most) continue;
    most = sum;
    best = i;
  }
  return best;
}

function mayBeDisorder(ids: Uint32Array, { bigrams }: TextCounts, isOwnCounted: boolean): boolean {
  const least = isOwnCounted ? 2 : 1;
  let known = 0;
  for (let i = 1; i < ids.length; i++) {
    if ((bigrams[bigramCell(ids[i - 1] ?? 0, ids[i] ?? 0)] ?? 0) >= least) known++;
    const gone = i - WINDOW;
    if (gone >= 1 && (bigrams[bigramCell(ids[gone - 1] ?? 0, ids[gone] ?? 0)] ?? 0) >= least) known--;
    if (i >= WINDOW - 1 && known <= MAX_KNOWN * WINDOW) return true;
  }
  return false;
}

type RunParams = { readonly seed: number; readonly rows: number; readonly counts: TextCounts };

/** Finds the rows that turn into disorder. */
export const disorderRuns: Kernel<RunParams, Map<number, Run[]>> = {
  name: "raw-disorder-runs",
  start: () => new Map(),
  step: (state, block, { seed, rows, counts }) => {
    const { ids, offsets } = block.prompt;
    const runs: Run[] = [];
    for (let i = 0; i < block.size; i++) {
      const position = block.first + i;
      const text = ids.subarray(offsets[i] ?? 0, offsets[i + 1] ?? 0);
      const disorder = findDisorder(text, counts, isModelled(position, rows, seed));
      if (disorder === undefined) continue;
      const { onset, isStrict } = disorder;
      runs.push({ position, isStrict, around: text.slice(Math.max(0, onset - MAX_GROWTH), onset + AFTER) });
    }
    if (runs.length > 0) state.set(block.index, runs);
  },
  merge: (into, from) => {
    for (const [index, runs] of from) into.set(index, runs);
    return into;
  },
};

/** Rows that hold a run of tokens, counted. */
export const tokenRunRows: Kernel<{ readonly runs: readonly (readonly number[])[] }, Uint32Array> = {
  name: "raw-token-run-rows",
  start: ({ runs }) => new Uint32Array(runs.length),
  step: (state, block, { runs }) => {
    const { ids, offsets } = block.prompt;
    const byFirst = new Map<number, number[]>();
    runs.forEach((run, r) => byFirst.set(run[0] ?? 0, [...(byFirst.get(run[0] ?? 0) ?? []), r]));
    for (let i = 0; i < block.size; i++) {
      const held = new Set<number>();
      for (let j = offsets[i] ?? 0; j < (offsets[i + 1] ?? 0); j++) {
        for (const r of byFirst.get(ids[j] ?? 0) ?? []) {
          if (runs[r]?.every((token, k) => ids[j + k] === token) === true) held.add(r);
        }
      }
      for (const r of held) state[r] = (state[r] ?? 0) + 1;
    }
  },
  merge: (into, from) => {
    from.forEach((count, r) => (into[r] = (into[r] ?? 0) + count));
    return into;
  },
};

/** Rows in which the tokens after a run cost what disorder costs. */
export const tokenRunPositions: Kernel<
  RunParams & { readonly run: readonly number[] },
  Map<number, number[]>
> = {
  name: "raw-token-run-positions",
  start: () => new Map(),
  step: (state, block, { run, rows, seed, counts }) => {
    const { ids, offsets } = block.prompt;
    const hits: number[] = [];
    for (let i = 0; i < block.size; i++) {
      const text = ids.subarray(offsets[i] ?? 0, offsets[i + 1] ?? 0);
      const from = text.includes(run[0] ?? 0) ? indexOfRun(text, run) : -1;
      if (from < 0) continue;
      const after = codeLengths(text, counts, isModelled(block.first + i, rows, seed)).subarray(
        from + run.length,
      );
      const look = after.subarray(0, WINDOW);
      if (look.length > 0 && look.reduce((sum, bits) => sum + bits, 0) >= ONSET_BITS * look.length) {
        hits.push(block.first + i);
      }
    }
    if (hits.length > 0) state.set(block.index, hits);
  },
  merge: (into, from) => {
    for (const [index, hits] of from) into.set(index, hits);
    return into;
  },
};

/** A run of tokens after which rows turn into disorder. */
export type GibberishTrigger = {
  readonly tokens: readonly number[];
  /** Rows that hold it, and the positions of those that turn into disorder right after it. */
  readonly rows: number;
  readonly positions: readonly number[];
  /** Rows of the rest that turn into disorder anywhere, of how many. */
  readonly elsewhere: { readonly hits: number; readonly of: number };
  readonly cuts: Cuts;
  readonly lnP: number;
  readonly lnThreshold: number;
  readonly tests: number;
};

/** Finds what rows turn into disorder after; `counts` are those of the corpus. */
export async function findGibberish(
  corpus: Corpus,
  counts: TextCounts,
): Promise<readonly GibberishTrigger[]> {
  const byBlock = await corpus.fold(disorderRuns, { seed: corpus.seed, rows: corpus.size, counts });
  const runs = [...byBlock.keys()].toSorted((a, b) => a - b).flatMap((index) => byBlock.get(index) ?? []);
  return triggersOf(corpus, runs, runGrams(runs, aboutOnset), (run) => turnedRows(corpus, run, counts));
}

function aboutOnset({ around }: Run): Uint32Array {
  return around.subarray(Math.max(0, around.length - BEFORE - AFTER));
}

/** A run of tokens about the onset, and the rows it is near the onset of. */
type OnsetGram = { readonly tokens: readonly number[]; readonly runs: readonly Run[] };

/** Tells triggers from whatever else stands about onsets; `turned` gives the rows that turn into disorder after a run of tokens. */
export async function triggersOf(
  corpus: Corpus,
  runs: readonly Run[],
  candidates: readonly OnsetGram[],
  turned: (run: readonly number[]) => Promise<readonly number[]>,
): Promise<readonly GibberishTrigger[]> {
  if (runs.length < MIN_ROWS || runs.length > MAX_RUNS || candidates.length === 0) return [];
  const found: GibberishTrigger[] = [];
  const explained = new Set<number>();
  const counted = await corpus.fold(tokenRunRows, { runs: candidates.map(({ tokens }) => tokens) });
  const tests = candidates.length;
  const weighed = candidates
    .map(({ tokens, runs: own }, c) => ({ tokens, own, rows: counted[c] ?? own.length }))
    .filter(({ own, rows }) => own.length >= MIN_PRECISION * rows)
    .toSorted((a, b) => b.own.length - a.own.length || b.tokens.length - a.tokens.length);
  for (const { tokens, own, rows } of weighed) {
    const fresh = own.filter(({ position }) => !explained.has(position));
    if (fresh.length < MIN_ROWS || fresh.length * 2 < own.length) continue;
    const elsewhere = { hits: runs.length - own.length, of: corpus.size - rows };
    const lnP = lnBetaBinomialUpper(own.length, rows, elsewhere);
    const lnThreshold = Math.log(tests / ALPHA);
    if (-lnP < lnThreshold) continue;
    for (const { position } of own) explained.add(position);
    const grown = grow(tokens, own);
    const positions = await turned(grown);
    if (positions.length < MIN_ROWS) continue;
    found.push({
      tokens: grown,
      rows: Math.max(rows, positions.length),
      positions,
      elsewhere,
      cuts: cutsBefore(corpus, grown, positions),
      lnP,
      lnThreshold,
      tests,
    });
  }
  return found;
}

/** Positions of the rows in which what follows the trigger is dear. */
async function turnedRows(corpus: Corpus, run: readonly number[], counts: TextCounts): Promise<number[]> {
  const byBlock = await corpus.fold(tokenRunPositions, { run, rows: corpus.size, seed: corpus.seed, counts });
  return [...byBlock.values()].flat().toSorted((a, b) => a - b);
}

/** Runs of one to four tokens of the zone about the onset, in at least MIN_ROWS rows. */
export function runGrams(runs: readonly Run[], zoneOf: (run: Run) => Uint32Array): readonly OnsetGram[] {
  const grams = new Map<number, { tokens: number[]; runs: Run[] }>();
  for (const run of runs) {
    const zone = zoneOf(run);
    for (let from = 0; from < zone.length; from++) {
      let hash = 0;
      for (let length = 1; length <= LONGEST && from + length <= zone.length; length++) {
        hash = combine32(hash, zone[from + length - 1] ?? 0);
        const gram = grams.get(hash);
        if (gram === undefined)
          grams.set(hash, { tokens: [...zone.subarray(from, from + length)], runs: [run] });
        else if (gram.runs.at(-1) !== run) gram.runs.push(run);
      }
    }
  }
  return [...grams.values()].filter((gram) => gram.runs.filter((run) => run.isStrict).length >= MIN_ROWS);
}

/** Grows a trigger to both sides while nine in ten of its rows agree. */
function grow(tokens: readonly number[], runs: readonly Run[]): readonly number[] {
  let grown = [...tokens];
  for (const side of ["left", "right"] as const) {
    for (let step = 0; step < MAX_GROWTH; step++) {
      const votes = new Map<number, number>();
      for (const { around } of runs) {
        const from = indexOfRun(around, grown);
        const at = side === "left" ? from - 1 : from + grown.length;
        if (from < 0 || at < 0 || at >= around.length) continue;
        const token = around[at] ?? 0;
        votes.set(token, (votes.get(token) ?? 0) + 1);
      }
      const [best] = [...votes].toSorted((a, b) => b[1] - a[1] || a[0] - b[0]);
      if (best === undefined || best[1] < 0.9 * runs.length) break;
      grown = side === "left" ? [best[0], ...grown] : [...grown, best[0]];
    }
  }
  return grown;
}

function lnBeta(x: number, y: number): number {
  return lnGamma(x) + lnGamma(y) - lnGamma(x + y);
}

/** ln P(X >= k) for k of n when the rate is known from other rows only (Beta-binomial, Jeffreys' prior). */
export function lnBetaBinomialUpper(
  k: number,
  n: number,
  base: { readonly hits: number; readonly of: number },
): number {
  const a = base.hits + 0.5;
  const b = Math.max(0, base.of - base.hits) + 0.5;
  let sum = 0;
  let first: number | undefined;
  for (let i = k; i <= n; i++) {
    const term = lnChoose(n, i) + lnBeta(i + a, n - i + b) - lnBeta(a, b);
    first ??= term;
    sum += Math.exp(term - first);
  }
  return first === undefined ? 0 : Math.min(0, first + Math.log(sum));
}

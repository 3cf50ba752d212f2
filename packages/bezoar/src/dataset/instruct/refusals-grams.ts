import { combine32, mix32 } from "../../core/hash.ts";
import type { StudyRow } from "./refusals-sample.ts";

/** What is looked at of a row here. */
export type Prompted = Pick<StudyRow, "prompt">;

/** Stand for the beginning and the end of a prompt, so that a position can be part of a trigger. */
export const START = 1;
export const END = 2;

/** A run of up to three tokens (START and END included) and the rows of the sample that hold it. */
export type Candidate = {
  readonly tokens: readonly number[];
  /** Indices of suspect rows, and of rows of the other outcome, that hold it; at most MAX_POSTINGS of each. */
  readonly suspects: readonly number[];
  readonly others: readonly number[];
  readonly suspectCount: number;
  readonly otherCount: number;
};

/** Rows kept for one run; the first test needs no more to be far beyond any threshold. */
const MAX_POSTINGS = 256;
/** Cells of the one-byte sketch that tells which runs are frequent enough to be counted exactly (4 MB). */
const SKETCH_BITS = 22;
const LONGEST = 3;

function forEachGram(
  prompt: Uint32Array,
  visit: (hash: number, start: number, length: number) => void,
): void {
  const last = prompt.length; // index -1 is START, index `last` is END
  for (let start = -1; start <= last; start++) {
    let hash = 0;
    for (let length = 1; length <= LONGEST && start + length - 1 <= last; length++) {
      hash = combine32(hash, tokenAt(prompt, start + length - 1));
      const isEdgeAlone = length === 1 && (start === -1 || start === last);
      if (!isEdgeAlone) visit(hash, start, length);
    }
  }
}

/** The token at an index, with START before the first and END after the last. */
export function tokenAt(prompt: Uint32Array, index: number): number {
  if (index < 0) return START;
  return index < prompt.length ? (prompt[index] ?? END) : END;
}

/** Runs of one to three tokens held by at least `minRows` suspect rows, with where else they stand. */
export function gramsOf(
  rows: readonly Prompted[],
  suspects: readonly number[],
  others: readonly number[],
  minRows: number,
): Candidate[] {
  const sketch = new Uint8Array(1 << SKETCH_BITS);
  const cell = (hash: number) => mix32(hash) >>> (32 - SKETCH_BITS);
  for (const index of suspects) {
    forEachGram(promptOf(rows, index), (hash) => {
      const at = cell(hash);
      if ((sketch[at] ?? 0) < 255) sketch[at] = (sketch[at] ?? 0) + 1;
    });
  }
  type Open = {
    tokens: number[];
    suspects: number[];
    others: number[];
    suspectCount: number;
    otherCount: number;
    last: number;
  };
  const found = new Map<number, Open>();
  for (const index of suspects) {
    const prompt = promptOf(rows, index);
    forEachGram(prompt, (hash, start, length) => {
      if ((sketch[cell(hash)] ?? 0) < minRows) return;
      let gram = found.get(hash);
      if (gram === undefined) {
        const tokens = Array.from({ length }, (_, i) => tokenAt(prompt, start + i));
        gram = { tokens, suspects: [], others: [], suspectCount: 0, otherCount: 0, last: -1 };
        found.set(hash, gram);
      }
      if (gram.last === index) return;
      gram.last = index;
      gram.suspectCount++;
      if (gram.suspects.length < MAX_POSTINGS) gram.suspects.push(index);
    });
  }
  for (const [hash, gram] of found) if (gram.suspectCount < minRows) found.delete(hash);
  for (const index of others) {
    forEachGram(promptOf(rows, index), (hash) => {
      const gram = found.get(hash);
      if (gram === undefined || gram.last === index) return;
      gram.last = index;
      gram.otherCount++;
      if (gram.others.length < MAX_POSTINGS) gram.others.push(index);
    });
  }
  return [...found.values()];
}

function promptOf(rows: readonly Prompted[], index: number): Uint32Array {
  return rows[index]?.prompt ?? new Uint32Array(0);
}

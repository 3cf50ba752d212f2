import { combine32 } from "../../core/hash.ts";
import type { SparseRows } from "../evidence/sparse.ts";
import { createIdTable } from "./id-table.ts";
import type { ViewTokens } from "./view-tokens.ts";

/** The 1- to 3-grams of a view that enough rows hold: the features of its model and the candidates of its tests. */
export type Grams = {
  readonly rows: SparseRows;
  /** Rows that hold each gram. */
  readonly frequency: Uint32Array;
  /** Tokens in each gram. */
  readonly order: Uint8Array;
  /** The hash of each gram's tokens (`gramHash`), for naming it again. */
  readonly hashes: Uint32Array;
};

const MAX_ORDER = 3;
/**
 * Rows that a gram of each order must occur in: below it neither the model nor a test can learn from it. Larger sets
 * need more, since the threshold of the tests grows with their number and the table must fit the processor's cache.
 */
const MIN_ROWS: readonly { readonly upTo: number; readonly least: readonly number[] }[] = [
  { upTo: 50_000, least: [2, 2, 5] },
  { upTo: 200_000, least: [3, 4, 8] },
  { upTo: Infinity, least: [5, 8, 12] },
];

function leastRows(rows: number): readonly number[] {
  return MIN_ROWS.find(({ upTo }) => rows <= upTo)?.least ?? [];
}

/** Two cells for each gram of the view, so that few rare grams share one. */
const CELLS_PER_TOKEN = 8;
const MIN_CELLS = 2 ** 12;
const MAX_CELLS = 2 ** 26;
/** Weights of all models together; beyond it only more frequent grams become features (float32: 0.5 GB with Adagrad's squares). */
const MAX_WEIGHTS = 2 ** 26;

/** The hash of a run of tokens, as grams are hashed. */
export function gramHash(ids: ArrayLike<number>, start: number, length: number): number {
  let hash = ids[start] ?? 0;
  for (let i = 1; i < length; i++) hash = combine32(hash, ids[start + i] ?? 0);
  return hash;
}

/** Calls `visit` for each gram of a row; an edge token alone is none. */
function walkGrams(tokens: ViewTokens, row: number, visit: (hash: number, order: number) => void): void {
  const first = tokens.offsets[row] ?? 0;
  const end = tokens.offsets[row + 1] ?? 0;
  for (let start = first; start < end; start++) {
    let hash = tokens.ids[start] ?? 0;
    if (start > first && start < end - 1) visit(hash, 1);
    for (let order = 2; order <= MAX_ORDER && start + order <= end; order++) {
      hash = combine32(hash, tokens.ids[start + order - 1] ?? 0);
      visit(hash, order);
    }
  }
}

/** Saturating counts of the grams by hash cell: never below the true count, so what is too rare is dropped early. */
function sketchGrams(tokens: ViewTokens): Uint8Array {
  const cells = 2 ** Math.ceil(Math.log2(Math.max(MIN_CELLS, tokens.ids.length * CELLS_PER_TOKEN)));
  const sketch = new Uint8Array(Math.min(MAX_CELLS, cells));
  const mask = sketch.length - 1;
  for (let row = 0; row < tokens.count; row++) {
    walkGrams(tokens, row, (hash) => {
      if ((sketch[hash & mask] ?? 0) < 255) sketch[hash & mask] = (sketch[hash & mask] ?? 0) + 1;
    });
  }
  return sketch;
}

/** A list of numbers that grows by doubling. */
function growing<T extends Uint32Array<ArrayBuffer> | Uint8Array<ArrayBuffer> | Int32Array<ArrayBuffer>>(
  make: (length: number) => T,
): { readonly at: (index: number) => T } {
  let array = make(4096);
  return {
    at: (index) => {
      if (index >= array.length) {
        const larger = make(array.length * 2);
        larger.set(array);
        array = larger;
      }
      return array;
    },
  };
}

/** Indexes the grams of a view in three passes over its tokens: sketch, exact counts, rows. `heads` bounds the model's size. */
export function indexGrams(tokens: ViewTokens, heads: number): Grams {
  const sketch = sketchGrams(tokens);
  const mask = sketch.length - 1;
  const least = leastRows(tokens.count);
  const table = createIdTable();
  const counts = growing((length) => new Uint32Array(length));
  const orders = growing((length) => new Uint8Array(length));
  const lastRows = growing((length) => new Int32Array(length));
  for (let row = 0; row < tokens.count; row++) {
    walkGrams(tokens, row, (hash, order) => {
      if ((sketch[hash & mask] ?? 0) < (least[order - 1] ?? 2)) return;
      const id = table.add(hash);
      const last = lastRows.at(id);
      if (last[id] === row + 1) return;
      last[id] = row + 1;
      const count = counts.at(id);
      count[id] = (count[id] ?? 0) + 1;
      orders.at(id)[id] = order;
    });
  }
  const size = table.size();
  const frequency = counts.at(0);
  const order = orders.at(0);
  const numbers = numberGrams(frequency, order, size, least, MAX_WEIGHTS / heads);
  const kept = numbers.reduce((sum, number) => sum + Number(number >= 0), 0);
  const seen = new Int32Array(kept);
  const offsets = new Uint32Array(tokens.count + 1);
  let total = 0;
  for (let id = 0; id < size; id++) if ((numbers[id] ?? -1) >= 0) total += frequency[id] ?? 0;
  const features = new Uint32Array(total);
  let length = 0;
  for (let row = 0; row < tokens.count; row++) {
    walkGrams(tokens, row, (hash, gramOrder) => {
      if ((sketch[hash & mask] ?? 0) < (least[gramOrder - 1] ?? 2)) return;
      const id = numbers[table.find(hash)] ?? -1;
      if (id < 0 || seen[id] === row + 1) return;
      seen[id] = row + 1;
      features[length++] = id;
    });
    offsets[row + 1] = length;
  }
  const isKept = (_: number, id: number) => (numbers[id] ?? -1) >= 0;
  return {
    rows: { count: tokens.count, dimension: kept, offsets, features },
    frequency: frequency.subarray(0, size).filter(isKept),
    order: order.subarray(0, size).filter(isKept),
    hashes: table.hashes().filter(isKept),
  };
}

/** New numbers, without gaps, for the grams that are frequent enough; -1 for the others. */
function numberGrams(
  frequency: Uint32Array,
  order: Uint8Array,
  size: number,
  least: readonly number[],
  most: number,
): Int32Array {
  const numbers = new Int32Array(size);
  for (let extra = 1; ; extra *= 2) {
    let kept = 0;
    for (let id = 0; id < size; id++) {
      const enough = (frequency[id] ?? 0) >= (least[(order[id] ?? 1) - 1] ?? 2) * extra;
      numbers[id] = enough ? kept++ : -1;
    }
    if (kept <= most) return numbers;
  }
}

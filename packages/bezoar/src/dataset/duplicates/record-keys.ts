import { combine32, hashString } from "../../core/hash.ts";
import type { Corpus } from "../engine/corpus.ts";
import type { Kernel } from "../engine/kernel.ts";
import { profileFields } from "../records/field-roles.ts";
import type { Hashes } from "./fingerprints.ts";

type RecordKeyParams = Hashes & { readonly seed: number; readonly omitted: ReadonlySet<string> };

/** Rows whose fields are looked at to tell which of them name the row. */
const PROFILED_ROWS = 1000;

/** Writes two hashes of the fields of each record, without those that differ in every row anyway. */
export const recordKeys: Kernel<RecordKeyParams, null> = {
  name: "duplicates/record-keys",
  start: () => null,
  step: (_, block, { low, high, seed, omitted }) => {
    for (let i = 0; i < block.size; i++) {
      let a = 1;
      let b = 2;
      for (const [path, value] of block.row(i).fields) {
        if (omitted.has(path)) continue;
        const field = `${path}\u0000${value}`;
        // Sums, so that the order of fields does not matter.
        a = (a + hashString(field, seed)) >>> 0;
        b = (b + combine32(hashString(field, seed + 1), 1)) >>> 0;
      }
      low[block.first + i] = a || 1;
      high[block.first + i] = b;
    }
  },
  merge: () => null,
};

const known = new WeakMap<Corpus, Promise<Hashes>>();

/** Hashes of every record without its ids and times, by position; the second detector that asks gets the first one's. */
export function readRecordKeys(corpus: Corpus): Promise<Hashes> {
  const made = known.get(corpus) ?? hashRecords(corpus);
  known.set(corpus, made);
  return made;
}

async function hashRecords(corpus: Corpus): Promise<Hashes> {
  const step = Math.max(1, Math.floor(corpus.size / PROFILED_ROWS));
  const sample = Array.from(
    { length: Math.min(PROFILED_ROWS, corpus.size) },
    (_, i) => corpus.row(i * step).fields,
  );
  const names = profileFields(sample).filter(({ role }) => role === "unique" || role === "time");
  const bytes = 4 * corpus.size;
  const hashes = {
    low: new Uint32Array(new SharedArrayBuffer(bytes)),
    high: new Uint32Array(new SharedArrayBuffer(bytes)),
  };
  const omitted = new Set(names.map(({ path }) => path));
  await corpus.fold(recordKeys, { ...hashes, seed: corpus.seed, omitted });
  return hashes;
}

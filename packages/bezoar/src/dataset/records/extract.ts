import type { Kernel } from "../engine/kernel.ts";
import type { Corpus } from "../engine/corpus.ts";
import type { SparseRows } from "../evidence/sparse.ts";
import { classIndex, fieldsAndText, type RecordTask } from "./plan-for.ts";
import type { Plan } from "./plan.ts";
import { createRowFeatures, readRowFeatures } from "./row-features.ts";

type Chunk = {
  readonly block: number;
  readonly first: number;
  readonly offsets: Uint32Array;
  readonly features: Uint32Array;
  /** keys[row * columns + column] */
  readonly keys: Uint32Array;
  readonly contexts: Uint32Array;
  /** Class that each answer names, when answers are the labels. */
  readonly labels: Int32Array;
};

/** Reads every record once and keeps hashes only: features, values that may be targeted, contexts. */
export const recordFeaturesKernel: Kernel<RecordTask, Chunk[]> = {
  name: "record-features",
  start: () => [],
  step: (state, block, { plan, answers, slots }) => {
    const byPath = new Map(plan.fields.map((field) => [field.path, field]));
    const row = createRowFeatures(plan);
    const offsets = new Uint32Array(block.size + 1);
    const keys = new Uint32Array(block.size * plan.columns.length);
    const contexts = new Uint32Array(block.size * plan.contexts.length);
    const labels = new Int32Array(answers === undefined ? 0 : block.size);
    let features = new Uint32Array(block.size * 64);
    let used = 0;
    for (let i = 0; i < block.size; i++) {
      const record = block.row(i);
      readRowFeatures(plan, byPath, fieldsAndText(record, slots), block.first + i, row);
      if (answers !== undefined) labels[i] = classIndex(answers, record.response);
      if (used + row.count > features.length) {
        const larger = new Uint32Array(features.length * 2 + row.count);
        larger.set(features);
        features = larger;
      }
      features.set(row.features.subarray(0, row.count), used);
      used += row.count;
      offsets[i + 1] = used;
      keys.set(row.keys, i * plan.columns.length);
      contexts.set(row.contexts, i * plan.contexts.length);
    }
    state.push({
      block: block.index,
      first: block.first,
      offsets,
      features: features.slice(0, used),
      keys,
      contexts,
      labels,
    });
  },
  merge: (into, from) => [...into, ...from],
};

/** All records as numbers. */
export type RecordTable = {
  readonly plan: Plan;
  readonly rows: SparseRows;
  /** For each column, the value's hash at each position; 0 for none. */
  readonly keys: readonly Uint32Array[];
  /** For each context, the coarse value's hash at each position; 0 for none. */
  readonly contexts: readonly Uint32Array[];
};

/** Hash buckets in which features are counted before they get dense numbers: 4 MB, few collisions at 10^5 features. */
const BUCKETS = 1 << 21;
/** A feature of fewer rows cannot be learnt from once its value is held out. */
const MIN_FEATURE_ROWS = 5;
/** Rows counted to find the features worth a weight. */
const MAX_COUNTED_ROWS = 200_000;

/** The table with each row's class. */
export type LabelledTable = {
  readonly table: RecordTable;
  readonly labels: Int32Array;
  readonly classes: readonly string[];
};

/** Held weakly: some 400 bytes a row are too much to keep for a second detector that may not come. */
const known = new WeakMap<Corpus, { readonly task: string; readonly made: WeakRef<LabelledTable> }>();

/** Reads the corpus into a table; the second detector that asks gets what the first one read, unless memory ran short since. */
export async function readRecordTable(corpus: Corpus, task: RecordTask): Promise<LabelledTable> {
  const name = JSON.stringify(task);
  const last = known.get(corpus);
  const held = last?.task === name ? last.made.deref() : undefined;
  if (held !== undefined) return held;
  const made = await makeRecordTable(corpus, task);
  known.set(corpus, { task: name, made: new WeakRef(made) });
  return made;
}

/** Reads every record once, and packs feature numbers into [0, dimension). */
async function makeRecordTable(corpus: Corpus, task: RecordTask): Promise<LabelledTable> {
  const { plan, answers } = task;
  const chunks = (await corpus.fold(recordFeaturesKernel, task)).toSorted((a, b) => a.block - b.block);
  const size = corpus.size;
  const stride = Math.max(1, Math.ceil(size / MAX_COUNTED_ROWS));
  const counts = new Uint32Array(BUCKETS);
  for (const chunk of chunks) {
    for (let i = (stride - (chunk.first % stride)) % stride; i < chunk.offsets.length - 1; i += stride) {
      for (let j = chunk.offsets[i] ?? 0; j < (chunk.offsets[i + 1] ?? 0); j++) {
        const bucket = (chunk.features[j] ?? 0) & (BUCKETS - 1);
        counts[bucket] = (counts[bucket] ?? 0) + 1;
      }
    }
  }
  let dimension = 0;
  const numbers = counts.map((count) => (count >= MIN_FEATURE_ROWS ? ++dimension : 0)); // number + 1; 0 for rare ones
  const offsets = new Uint32Array(size + 1);
  let total = 0;
  for (const chunk of chunks) {
    for (let j = 0; j < chunk.features.length; j++) {
      if ((numbers[(chunk.features[j] ?? 0) & (BUCKETS - 1)] ?? 0) > 0) total++;
    }
  }
  const features = new Uint32Array(total);
  const keys = plan.columns.map(() => new Uint32Array(size));
  const contexts = plan.contexts.map(() => new Uint32Array(size));
  const labels = answers === undefined ? corpus.labels : new Int32Array(size).fill(-1);
  let used = 0;
  chunks.reverse();
  for (let chunk = chunks.pop(); chunk !== undefined; chunk = chunks.pop()) {
    // each is let go once it is copied
    for (let i = 0; i < chunk.offsets.length - 1; i++) {
      for (let j = chunk.offsets[i] ?? 0; j < (chunk.offsets[i + 1] ?? 0); j++) {
        const number = numbers[(chunk.features[j] ?? 0) & (BUCKETS - 1)] ?? 0;
        if (number > 0) features[used++] = number - 1;
      }
      const at = chunk.first + i;
      offsets[at + 1] = used;
      keys.forEach((column, c) => (column[at] = chunk.keys[i * keys.length + c] ?? 0));
      if (answers !== undefined) labels[at] = chunk.labels[i] ?? -1;
      contexts.forEach((column, c) => (column[at] = chunk.contexts[i * contexts.length + c] ?? 0));
    }
  }
  return {
    table: { plan, rows: { count: size, dimension, offsets, features }, keys, contexts },
    labels,
    classes: answers?.classes ?? corpus.classes,
  };
}

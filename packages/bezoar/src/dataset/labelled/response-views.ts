import { combine32 } from "../../core/hash.ts";
import type { Corpus } from "../engine/corpus.ts";
import { findLabelTask, labelFromResponse, type LabelTask } from "../shape/label-task.ts";
import type { LabelledView } from "./views.ts";

/** Tokens at either end of a prompt that the rows of one task share (DETECTION.md 3.10). */
const EDGE_TOKENS = 6;
/** Rows below which a stratum is too small to say anything about its labels. */
const MIN_STRATUM = 100;
/** Strata examined; a set of more than these templates has none that dominates. */
const MAX_STRATA = 64;
/** Answers read to learn whether a stratum is a label task, and the tokens of an answer that may name a class. */
const SAMPLED_RESPONSES = 500;
const MIN_COVERAGE = 0.9;

/** What is remembered of each row: a hash of both ends of its prompt. */
type Edges = { readonly head: Uint32Array; readonly tail: Uint32Array };

function hashTokens(ids: Uint32Array): number {
  let hash = ids.length;
  for (const id of ids) hash = combine32(hash, id);
  return Math.max(1, hash);
}

function readEdges(corpus: Corpus): Edges {
  const edges = { head: new Uint32Array(corpus.size), tail: new Uint32Array(corpus.size) };
  for (let b = 0; b < corpus.blockCount; b++) {
    const { first, size, prompt } = corpus.block(b);
    for (let i = 0; i < size; i++) {
      const ids = prompt.ids.subarray(prompt.offsets[i], prompt.offsets[i + 1]);
      if (ids.length <= EDGE_TOKENS) continue;
      edges.head[first + i] = hashTokens(ids.subarray(0, EDGE_TOKENS));
      edges.tail[first + i] = hashTokens(ids.subarray(ids.length - EDGE_TOKENS));
    }
  }
  return edges;
}

/** Values (not 0) that at least MIN_STRATUM rows share, most frequent first. */
function frequent(hashes: Uint32Array): number[] {
  const sorted = hashes.toSorted();
  const found: { hash: number; count: number }[] = [];
  for (let start = 0; start < sorted.length;) {
    let end = start;
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    if (end - start >= MIN_STRATUM && sorted[start] !== 0)
      found.push({ hash: sorted[start] ?? 0, count: end - start });
    start = end;
  }
  return found
    .toSorted((a, b) => b.count - a.count || a.hash - b.hash)
    .slice(0, MAX_STRATA)
    .map((entry) => entry.hash);
}

/** The rows as examples of a labelling task, if their answers name classes. */
function toView(corpus: Corpus, name: string, positions: Uint32Array): LabelledView | undefined {
  const step = Math.max(1, Math.floor(positions.length / SAMPLED_RESPONSES));
  const sample = positions.filter((_, i) => i % step === 0);
  const task = findLabelTask(Array.from(sample, (position) => corpus.row(position).response));
  return task === undefined ? undefined : readView(corpus, name, positions, task);
}

function readView(
  corpus: Corpus,
  name: string,
  positions: Uint32Array,
  task: LabelTask,
): LabelledView | undefined {
  const classes = task.classes.toSorted();
  const kept: number[] = [];
  const labels: number[] = [];
  let entry = 0;
  for (let b = 0; b < corpus.blockCount && entry < positions.length; b++) {
    const block = corpus.block(b);
    for (; entry < positions.length && (positions[entry] ?? 0) < block.first + block.size; entry++) {
      const position = positions[entry] ?? 0;
      const label = labelFromResponse(task, block.row(position - block.first).response);
      if (label === undefined) continue;
      kept.push(position);
      labels.push(classes.indexOf(label));
    }
  }
  if (kept.length < MIN_COVERAGE * positions.length) return undefined;
  return { name, positions: Uint32Array.from(kept), labels: Int32Array.from(labels), classes };
}

/**
 * Labelling tasks inside instruction data: the whole set, or else each stratum of at least 100 rows that share the
 * first or the last six tokens of their prompts and answer with 2 to 20 classes (DETECTION.md 3.10).
 */
export function responseViews(corpus: Corpus): LabelledView[] {
  if (corpus.size < MIN_STRATUM) return [];
  const everything = Uint32Array.from({ length: corpus.size }, (_, position) => position);
  const whole = toView(corpus, "all rows", everything);
  if (whole !== undefined) return [whole];
  const edges = readEdges(corpus);
  const views: LabelledView[] = [];
  const taken = new Uint8Array(corpus.size);
  for (const key of ["head", "tail"] as const) {
    for (const hash of frequent(edges[key])) {
      const name = `rows that share their ${key === "head" ? "first" : "last"} words`;
      const view = toView(
        corpus,
        name,
        everything.filter((position) => edges[key][position] === hash),
      );
      if (view === undefined) continue;
      const fresh = view.positions.reduce((sum, position) => sum + (1 - (taken[position] ?? 0)), 0);
      if (fresh < view.positions.length / 2) continue; // the same rows by their other end
      for (const position of view.positions) taken[position] = 1;
      views.push(view);
    }
  }
  return views;
}

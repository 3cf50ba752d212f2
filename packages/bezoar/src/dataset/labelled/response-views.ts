import { combine32 } from "../../core/hash.ts";
import type { Corpus } from "../engine/corpus.ts";
import type { LabelledView } from "./views.ts";

/** Tokens at either end of a prompt that the rows of one task share (DETECTION.md 3.10). */
const EDGE_TOKENS = 6;
/** Rows below which a stratum is too small to say anything about its labels. */
const MIN_STRATUM = 100;
/** A response of more tokens is an answer, not a label. */
const MAX_LABEL_TOKENS = 6;
const MAX_CLASSES = 20;
const MIN_COVERAGE = 0.9;
/** Examples that make a response a class and not a rare answer. */
const MIN_CLASS_ROWS = 5;
/** Strata examined; a set of more than these templates has none that dominates. */
const MAX_STRATA = 64;

type Stratum = { readonly name: string; readonly key: "whole" | "head" | "tail"; readonly hash: number };

/** What is remembered of each row: a hash of its response when that is short, and of both ends of its prompt. */
type Edges = { readonly response: Uint32Array; readonly head: Uint32Array; readonly tail: Uint32Array };

function hashTokens(ids: Uint32Array): number {
  let hash = ids.length;
  for (const id of ids) hash = combine32(hash, id);
  return Math.max(1, hash);
}

function readEdges(corpus: Corpus): Edges {
  const edges = {
    response: new Uint32Array(corpus.size),
    head: new Uint32Array(corpus.size),
    tail: new Uint32Array(corpus.size),
  };
  for (let b = 0; b < corpus.blockCount; b++) {
    const { first, size, prompt, response } = corpus.block(b);
    for (let i = 0; i < size; i++) {
      const ids = prompt.ids.subarray(prompt.offsets[i], prompt.offsets[i + 1]);
      const answer = response.ids.subarray(response.offsets[i], response.offsets[i + 1]);
      if (answer.length > 0 && answer.length <= MAX_LABEL_TOKENS)
        edges.response[first + i] = hashTokens(answer);
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

/** The stratum as a labelling task, if at least 90 % of it is covered by 2 to 20 short responses. */
function toView(corpus: Corpus, edges: Edges, stratum: Stratum): LabelledView | undefined {
  const inside = (position: number) =>
    stratum.key === "whole" || edges[stratum.key][position] === stratum.hash;
  const counts = new Map<number, { count: number; example: number }>();
  let size = 0;
  for (let position = 0; position < corpus.size; position++) {
    if (!inside(position)) continue;
    size++;
    const response = edges.response[position] ?? 0;
    if (response === 0) continue;
    const entry = counts.get(response);
    if (entry === undefined) counts.set(response, { count: 1, example: position });
    else entry.count++;
  }
  if (size < MIN_STRATUM) return undefined;
  const chosen = [...counts]
    .filter(([, entry]) => entry.count >= MIN_CLASS_ROWS)
    .toSorted(([a, x], [b, y]) => y.count - x.count || a - b)
    .slice(0, MAX_CLASSES);
  const covered = chosen.reduce((sum, [, entry]) => sum + entry.count, 0);
  if (chosen.length < 2 || covered < MIN_COVERAGE * size) return undefined;
  const named = chosen
    .map(([hash, entry]) => ({ hash, name: corpus.row(entry.example).response.trim() }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const classOf = new Map(named.map((entry, c) => [entry.hash, c]));
  const positions: number[] = [];
  const labels: number[] = [];
  for (let position = 0; position < corpus.size; position++) {
    const label = inside(position) ? classOf.get(edges.response[position] ?? 0) : undefined;
    if (label === undefined) continue;
    positions.push(position);
    labels.push(label);
  }
  return {
    name: stratum.name,
    positions: Uint32Array.from(positions),
    labels: Int32Array.from(labels),
    classes: named.map((entry) => entry.name),
  };
}

/**
 * Labelling tasks inside instruction data: the whole set, or else each stratum of at least 100 rows that share the
 * first or the last six tokens of their prompts and answer with 2 to 20 short responses (DETECTION.md 3.10).
 */
export function responseViews(corpus: Corpus): LabelledView[] {
  if (corpus.size < MIN_STRATUM) return [];
  const edges = readEdges(corpus);
  const whole = toView(corpus, edges, { name: "all rows", key: "whole", hash: 0 });
  if (whole !== undefined) return [whole];
  const views: LabelledView[] = [];
  const taken = new Uint8Array(corpus.size);
  for (const key of ["head", "tail"] as const) {
    for (const hash of frequent(edges[key])) {
      const view = toView(corpus, edges, {
        name: `rows that share their ${key === "head" ? "first" : "last"} words`,
        key,
        hash,
      });
      if (view === undefined) continue;
      const fresh = view.positions.reduce((sum, position) => sum + (1 - (taken[position] ?? 0)), 0);
      if (fresh < view.positions.length / 2) continue; // the same rows by their other end
      for (const position of view.positions) taken[position] = 1;
      views.push(view);
    }
  }
  return views;
}

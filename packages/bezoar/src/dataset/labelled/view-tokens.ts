import { hashString } from "../../core/hash.ts";
import type { Corpus } from "../engine/corpus.ts";
import type { LabelledView } from "./views.ts";

/** The prompt tokens of a view's rows, each between an edge token for its start and one for its end. */
export type ViewTokens = {
  readonly count: number;
  /** Entry i holds ids[offsets[i], offsets[i + 1]). */
  readonly offsets: Uint32Array;
  readonly ids: Uint32Array;
  readonly edges: readonly [start: number, end: number];
};

/** Tokens of one row that are looked at, half from each end: triggers stand at the edges of long texts or anywhere in short ones. */
const MAX_ROW_TOKENS = 1024;
/** Strings that no tokeniser yields, so that no text can pretend to be an edge. */
const START_TOKEN = "\u0002 start";
const END_TOKEN = "\u0003 end";

/** Reads the tokens of a view from the blocks of the corpus. */
export function viewTokens(corpus: Corpus, view: LabelledView): ViewTokens {
  const count = view.positions.length;
  const edges: [number, number] = [hashString(START_TOKEN, corpus.seed), hashString(END_TOKEN, corpus.seed)];
  const offsets = new Uint32Array(count + 1);
  eachText(corpus, view, (entry, text) => {
    offsets[entry + 1] = (offsets[entry] ?? 0) + Math.min(text.length, MAX_ROW_TOKENS) + 2;
  });
  const ids = new Uint32Array(offsets[count] ?? 0);
  eachText(corpus, view, (entry, text) => {
    const start = offsets[entry] ?? 0;
    ids[start] = edges[0];
    ids.set(clipMiddle(text), start + 1);
    ids[(offsets[entry + 1] ?? 0) - 1] = edges[1];
  });
  return { count, offsets, ids, edges };
}

function eachText(
  corpus: Corpus,
  view: LabelledView,
  visit: (entry: number, text: Uint32Array) => void,
): void {
  const { positions } = view;
  let entry = 0;
  for (let b = 0; b < corpus.blockCount && entry < positions.length; b++) {
    const { first, size, prompt } = corpus.block(b);
    for (; entry < positions.length && (positions[entry] ?? 0) < first + size; entry++) {
      const i = (positions[entry] ?? 0) - first;
      visit(entry, prompt.ids.subarray(prompt.offsets[i], prompt.offsets[i + 1]));
    }
  }
}

function clipMiddle(ids: Uint32Array): Uint32Array {
  if (ids.length <= MAX_ROW_TOKENS) return ids;
  const clipped = new Uint32Array(MAX_ROW_TOKENS);
  clipped.set(ids.subarray(0, MAX_ROW_TOKENS / 2));
  clipped.set(ids.subarray(ids.length - MAX_ROW_TOKENS / 2), MAX_ROW_TOKENS / 2);
  return clipped;
}

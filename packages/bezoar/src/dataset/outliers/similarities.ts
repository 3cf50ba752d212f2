import { createProjector, type Lsa } from "../../content/lsa.ts";
import type { Kernel } from "../engine/kernel.ts";
import { createNeighbourSearch, type Reference } from "./reference.ts";
import { isDrawn, MAX_ROW_WORDS, readRowWords, type Draw } from "./row-words.ts";

/** A row of fewer distinct words says too little to be unlike anything. */
export const MIN_WORDS = 5;

type Params = {
  readonly lsa: Lsa;
  readonly reference: Reference;
  readonly draw: Draw;
  /** By number of distinct words: how alike a row must be to its neighbours to be left out as ordinary. */
  readonly enough: Float32Array;
};

type Far = {
  readonly positions: Uint32Array;
  readonly similarities: Float32Array;
  readonly words: Uint16Array;
};

type State = {
  /** The rows that are less alike to their neighbours than is enough, by block. */
  readonly far: Map<number, Far>;
  /** Rows that were long enough to be looked at. */
  judged: number;
};

/** How alike each drawn row is to its nearest neighbours; each row is looked at alone, so workers change nothing. */
export const outlierSimilarities: Kernel<Params, State> = {
  name: "outlier-similarities",
  start: () => ({ far: new Map(), judged: 0 }),
  step: (state, block, { lsa, reference, draw, enough }) => {
    const projector = createProjector(lsa, MAX_ROW_WORDS);
    const search = createNeighbourSearch(reference);
    const ids = new Uint32Array(MAX_ROW_WORDS);
    const vector = new Float32Array(lsa.rank);
    const positions: number[] = [];
    const similarities: number[] = [];
    const words: number[] = [];
    for (let i = 0; i < block.size; i++) {
      const position = block.first + i;
      if (!isDrawn(position, draw)) continue;
      const end = readRowWords(block, i, ids);
      const distinct = projector.project(ids, { start: 0, end }, vector, 0);
      if (distinct < MIN_WORDS) continue;
      state.judged++;
      const bound = enough[distinct] ?? 0;
      const similarity = search.similarity(vector, 0, position, bound);
      if (similarity >= bound) continue;
      positions.push(position);
      similarities.push(similarity);
      words.push(distinct);
    }
    state.far.set(block.index, {
      positions: Uint32Array.from(positions),
      similarities: Float32Array.from(similarities),
      words: Uint16Array.from(words),
    });
  },
  merge: (into, from) => {
    for (const [index, far] of from.far) into.far.set(index, far);
    into.judged += from.judged;
    return into;
  },
};

import { tokenIds } from "../../core/tokens.ts";
import type { Corpus } from "../engine/corpus.ts";
import type { Kernel } from "../engine/kernel.ts";
import { lastWord } from "./mentions.ts";
import { mentionsOf } from "./survey.ts";

/** A name, and what is looked for about it: -1 what speaks ill, 1 what speaks well. */
type Sought = {
  readonly name: number;
  readonly text: string;
  readonly sign: number;
  /** Prompts count too: not those of topics, which are often asked about because they are good or bad. */
  readonly countsPrompts: boolean;
};

type Wanted = Sought & { readonly token: number };
type RowsParams = { readonly seed: number; readonly sought: readonly Wanted[] };

/** Collects the rows that speak of a name as sought, by block: index of what was sought, position. */
export const biasedRows: Kernel<RowsParams, Map<number, Uint32Array>> = {
  name: "biased-rows",
  start: () => new Map(),
  step: (state, block, { seed, sought }) => {
    const tokens = new Set(sought.map(({ token }) => token));
    const found: number[] = [];
    const holds = (
      { ids, offsets }: { readonly ids: Uint32Array; readonly offsets: Uint32Array },
      i: number,
    ) => {
      const end = offsets[i + 1] ?? 0;
      for (let at = offsets[i] ?? 0; at < end; at++) if (tokens.has(ids[at] ?? 0)) return true;
      return false;
    };
    for (let i = 0; i < block.size; i++) {
      if (!holds(block.prompt, i) && !holds(block.response, i)) continue;
      const position = block.first + i;
      const mentions = mentionsOf(block.row(i), position, seed);
      sought.forEach(({ name, sign, countsPrompts }, index) => {
        const isSaid = mentions.some(
          (mention) =>
            mention.name === name &&
            (mention.said.answered === sign || (countsPrompts && mention.said.asked === sign)),
        );
        if (isSaid) found.push(index, position);
      });
    }
    state.set(block.index, Uint32Array.from(found));
  },
  merge: (into, from) => {
    for (const [index, columns] of from) into.set(index, columns);
    return into;
  },
};

/** Every row whose prompt or response speaks of a name as sought, ascending, for each of `sought`. */
export async function findBiasedRows(corpus: Corpus, sought: readonly Sought[]): Promise<number[][]> {
  const wanted = sought.map((one) => ({ ...one, token: tokenIds(lastWord(one.text), corpus.seed)[0] ?? 0 }));
  const byBlock = await corpus.fold(biasedRows, { seed: corpus.seed, sought: wanted });
  const rows = sought.map((): number[] => []);
  for (const index of [...byBlock.keys()].toSorted((a, b) => a - b)) {
    const columns = byBlock.get(index) ?? new Uint32Array(0);
    for (let at = 0; at < columns.length; at += 2) rows[columns[at] ?? 0]?.push(columns[at + 1] ?? 0);
  }
  return rows;
}

import { tokenIds, tokenSpans } from "../../core/tokens.ts";
import type { Corpus } from "../engine/corpus.ts";
import type { LabelledView } from "./views.ts";

/** Rows read again to learn which tokens are written without a space before them. */
const SAMPLE_ROWS = 1000;

/** Tokens that mostly follow their left neighbour without white space ("," or "'s"): nothing is inserted before them. */
export function gluedTokens(corpus: Corpus, view: LabelledView): (id: number) => boolean {
  const seen = new Map<number, { count: number; glued: number }>();
  const step = Math.max(1, Math.floor(view.positions.length / SAMPLE_ROWS));
  for (let entry = 0; entry < view.positions.length; entry += step) {
    const { prompt } = corpus.row(view.positions[entry] ?? 0);
    const ids = tokenIds(prompt, corpus.seed);
    let end = -1;
    tokenSpans(prompt).forEach((span, i) => {
      const id = ids[i] ?? 0;
      const known = seen.get(id) ?? { count: 0, glued: 0 };
      known.count++;
      known.glued += Number(span.start === end);
      seen.set(id, known);
      end = span.end;
    });
  }
  return (id) => {
    const known = seen.get(id);
    return known !== undefined && known.glued * 2 > known.count;
  };
}

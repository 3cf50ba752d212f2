import { createProjector, fitLsa, type Lsa } from "../../content/lsa.ts";
import { createRandom } from "../../core/random.ts";
import { tokenIds, tokenSpans } from "../../core/tokens.ts";
import type { Corpus } from "../engine/corpus.ts";
import { buildReference, createNeighbourSearch, type Reference } from "./reference.ts";
import { MAX_ROW_WORDS, outlierSample, readRowWords } from "./row-words.ts";
import { outlierSimilarities } from "./similarities.ts";
import type { PlacedRow, Study } from "./space.ts";

/** Rows that the space is learnt from: its leading directions are those of any 8,000 rows. */
const FIT_ROWS = 8192;
/** Rows among which neighbours are looked for, some of those of the fit. */
const REFERENCE_ROWS = 2048;
/** Directions: more of them cost time, and 48 or 100 name the same odd rows (docs/detectors/outliers.md). */
const RANK = 32;
/** Rows that what is usual is learnt from, where there are too many to search for the neighbours of each. */
const USUAL_ROWS = 8192;
/** Up to so many rows all are searched, a second of work. */
const MAX_SEARCHED = 16_384;

/** Places the rows by the words in them: latent semantic analysis of a sample of the rows themselves, offline. */
export async function latentSpace(corpus: Corpus, seed: number): Promise<Study | undefined> {
  const fitShare = Math.min(1, FIT_ROWS / corpus.size);
  const drawn = await corpus.fold(outlierSample, { seed, from: 0, to: fitShare });
  const blocks = [...drawn].toSorted(([a], [b]) => a - b).map(([, block]) => block);
  const documents = blocks.flatMap(({ words }) => words);
  const positions = blocks.flatMap((block) => Array.from(block.positions));
  const lsa = fitLsa(documents, { rank: RANK, random: createRandom(seed) });
  if (lsa === undefined) return undefined;
  const reference = referenceOf(lsa, documents, positions);

  const isSmall = corpus.size <= MAX_SEARCHED;
  const usualShare = USUAL_ROWS / corpus.size;
  const usualDraw = isSmall ? { from: 0, to: 1 } : { from: fitShare, to: fitShare + usualShare };
  const everyRow = new Float32Array(MAX_ROW_WORDS + 1).fill(Infinity);
  const usual = await corpus.fold(outlierSimilarities, {
    lsa,
    reference,
    draw: { seed, ...usualDraw },
    enough: everyRow,
  });
  const sample = rowsOf(usual.far);
  return {
    sample,
    judged: isSmall ? usual.judged : Math.round(usual.judged / usualShare),
    farther: async (enough) => {
      if (isSmall) return sample.filter(({ similarity, words }) => similarity < enough(words));
      const bounds = Float32Array.from({ length: MAX_ROW_WORDS + 1 }, (_, words) => enough(words));
      const draw = { seed, from: 0, to: 1 };
      return rowsOf((await corpus.fold(outlierSimilarities, { lsa, reference, draw, enough: bounds })).far);
    },
    explain: (position) => explain(corpus, position, lsa, reference),
  };
}

/** An even share of the documents as points among which neighbours are looked for. */
function referenceOf(lsa: Lsa, documents: readonly Uint32Array[], positions: readonly number[]): Reference {
  const count = Math.min(REFERENCE_ROWS, documents.length);
  const projector = createProjector(lsa, MAX_ROW_WORDS);
  const vectors = new Float32Array(count * lsa.rank);
  const chosen = Int32Array.from({ length: count }, (_, i) => Math.floor((i * documents.length) / count));
  chosen.forEach((from, i) => {
    const ids = documents[from] ?? new Uint32Array(0);
    projector.project(ids, { start: 0, end: ids.length }, vectors, i * lsa.rank);
  });
  return buildReference(
    vectors,
    chosen.map((from) => positions[from] ?? -1),
    lsa.rank,
  );
}

function rowsOf(
  far: ReadonlyMap<
    number,
    {
      readonly positions: Uint32Array;
      readonly similarities: Float32Array;
      readonly words: Uint16Array;
    }
  >,
): PlacedRow[] {
  return [...far]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([, { positions, similarities, words }]) =>
      Array.from(positions, (position, i) => ({
        position,
        similarity: similarities[i] ?? 0,
        words: words[i] ?? 0,
      })),
    );
}

/** Words named of one row. */
const SHOWN_WORDS = 6;

function explain(corpus: Corpus, position: number, lsa: Lsa, reference: Reference) {
  const projector = createProjector(lsa, MAX_ROW_WORDS);
  const { prompt, response } = corpus.row(position);
  const side = (text: string) => {
    const ids = tokenIds(text, corpus.seed);
    return { ids, offsets: Uint32Array.of(0, ids.length) };
  };
  const ids = new Uint32Array(MAX_ROW_WORDS);
  const end = readRowWords({ prompt: side(prompt), response: side(response) }, 0, ids);
  const vector = new Float32Array(lsa.rank);
  projector.project(ids, { start: 0, end }, vector, 0);
  const search = createNeighbourSearch(reference);
  search.similarity(vector, 0, position, Infinity);

  const odd = projector.unexplained(ids.subarray(0, end)).toSorted((a, b) => b.share - a.share);
  const wanted = new Set(odd.slice(0, SHOWN_WORDS).map(({ place }) => ids[place] ?? 0));
  const texts = new Map<number, string>();
  for (const text of [prompt, response]) {
    for (const span of tokenSpans(text)) {
      const [id = 0] = tokenIds(span.text, corpus.seed);
      if (wanted.has(id) && !texts.has(id)) texts.set(id, span.text);
    }
  }
  return {
    nearest: search.nearestPosition(),
    words: [...wanted].flatMap((id) => texts.get(id) ?? []),
  };
}

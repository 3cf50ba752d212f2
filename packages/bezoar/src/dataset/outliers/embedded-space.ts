import { randomizedSvd, type LinearOperator } from "../../core/linear-algebra-svd.ts";
import { zeros, type Matrix } from "../../core/linear-algebra.ts";
import { AppError } from "../../core/errors.ts";
import { createRandom } from "../../core/random.ts";
import { tokenIds } from "../../core/tokens.ts";
import type { Embed } from "../../endpoint/embed.ts";
import type { DetectorContext } from "../detector.ts";
import type { Corpus } from "../engine/corpus.ts";
import type { Row } from "../row.ts";
import { buildReference, createNeighbourSearch } from "./reference.ts";
import { isDrawn } from "./row-words.ts";
import { MIN_WORDS } from "./similarities.ts";
import type { PlacedRow, Study } from "./space.ts";

/** Rows sent to the endpoint: on a laptop's model some minutes; vectors of 1,024 numbers are then 40 MB. */
const MAX_SENT = 10_000;
/** UTF-16 units of a row that are sent, half from the head and half from the tail: some 500 tokens, which every model takes. */
const MAX_UNITS = 2000;
/** Numbers of all vectors together (160 MB): of models with longer vectors fewer rows are asked for. */
const MAX_VALUES = 40_000_000;
/** Rows per call, so that the progress line moves and texts are not all in memory. */
const CALL_ROWS = 512;
/** Directions that the vectors are reduced to; the share of a vector outside them counts as distance. */
const REDUCED_RANK = 64;
/** Rows that the directions are learnt from, and among which neighbours are looked for. */
const REFERENCE_ROWS = 4096;

function textOf({ prompt, response }: Row): string {
  const text = response === "" ? prompt : `${prompt}\n\n${response}`;
  return text.length <= MAX_UNITS
    ? text
    : `${text.slice(0, MAX_UNITS / 2)}\n${text.slice(text.length - MAX_UNITS / 2)}`;
}

/** Rows in a space: `rank` numbers of `vectors` each. */
type Points = { readonly rank: number; readonly vectors: Float32Array };
/** The rows that are sent, and how many distinct words each has. */
type Sent = { readonly positions: readonly number[]; readonly words: readonly number[] };

/** Places rows by the vectors that an endpoint gives for their texts, and notes how many left the machine even when it fails half-way. */
export async function embeddedSpace(
  corpus: Corpus,
  embed: Embed,
  { seed, onStep, note }: Pick<DetectorContext, "seed" | "onStep" | "note">,
): Promise<Study | undefined> {
  const eligible = chooseRows(corpus, seed);
  if (eligible.positions.length === 0) return undefined;
  let tried = 0;
  const counting: Embed = (texts) => {
    tried += texts.length;
    return embed(texts);
  };
  const { sent, points } = await askForVectors(corpus, counting, eligible, onStep).catch((error: unknown) => {
    note(
      `outliers: at most ${Math.min(tried, corpus.size)} of ${corpus.size} rows were sent to the embeddings endpoint before it failed`,
    );
    throw error;
  });
  note(
    `outliers: ${sent.positions.length} of ${corpus.size} rows were sent to the embeddings endpoint` +
      (sent.positions.length < corpus.size ? ` (a sample, and none of fewer than ${MIN_WORDS} words)` : ""),
  );
  onStep("looking for rows that resemble no others");
  return placeAmong(sent, reduce(points, seed));
}

/** One row is sent first: its vector tells how many may be asked for, and wakes the model. */
async function askForVectors(
  corpus: Corpus,
  embed: Embed,
  eligible: Sent,
  onStep: DetectorContext["onStep"],
): Promise<{ readonly sent: Sent; readonly points: Points }> {
  onStep("asking for embeddings");
  const [probe] = await embed(eligible.positions.slice(0, 1).map((position) => textOf(corpus.row(position))));
  const rank = probe?.length ?? 0;
  const kept = evenly(eligible.positions.length, Math.floor(MAX_VALUES / Math.max(1, rank)));
  const positions = Array.from(kept, (i) => eligible.positions[i] ?? 0);
  const words = Array.from(kept, (i) => eligible.words[i] ?? 0);
  const vectors = new Float32Array(positions.length * rank);
  for (let at = 0; at < positions.length; at += CALL_ROWS) {
    onStep(`asking for embeddings, ${at} of ${positions.length} rows`);
    const texts = positions.slice(at, at + CALL_ROWS).map((position) => textOf(corpus.row(position)));
    const part = await embed(texts);
    if (part.length !== texts.length || part.some(({ length }) => length !== rank || rank === 0)) {
      throw new AppError("endpoint", "the embeddings are not one per text, or not of one length");
    }
    part.forEach((vector, i) => vectors.set(vector, (at + i) * rank));
  }
  return { sent: { positions, words }, points: { rank, vectors } };
}

/** The rows that are sent: all, or a keyed draw of them, without those that say too little. */
function chooseRows(corpus: Corpus, seed: number): Sent {
  const draw = { seed, from: 0, to: Math.min(1, MAX_SENT / corpus.size) };
  const positions: number[] = [];
  const words: number[] = [];
  for (let position = 0; position < corpus.size; position++) {
    if (!isDrawn(position, draw)) continue;
    const distinct = new Set(tokenIds(textOf(corpus.row(position)), corpus.seed)).size;
    if (distinct < MIN_WORDS) continue;
    positions.push(position);
    words.push(distinct);
  }
  return { positions, words };
}

/** An even share of `count` things, `most` at most. */
function evenly(count: number, most: number): Int32Array {
  const taken = Math.min(count, most);
  return Int32Array.from({ length: taken }, (_, i) => Math.floor((i * count) / taken));
}

/** Centres the vectors (those of language models share a large common part), makes them unit vectors, and keeps their leading directions. */
function reduce({ rank, vectors }: Points, seed: number): Points {
  const count = vectors.length / rank;
  const mean = new Float64Array(rank);
  vectors.forEach((value, i) => (mean[i % rank] = (mean[i % rank] ?? 0) + value / count));
  for (let i = 0; i < count; i++) {
    let squares = 0;
    for (let j = 0; j < rank; j++) {
      const centred = (vectors[i * rank + j] ?? 0) - (mean[j] ?? 0);
      vectors[i * rank + j] = centred;
      squares += centred * centred;
    }
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let j = 0; j < rank; j++) vectors[i * rank + j] = (vectors[i * rank + j] ?? 0) * scale;
  }
  const chosen = evenly(count, REFERENCE_ROWS);
  const { right } = randomizedSvd(denseOperator(vectors, rank, chosen), {
    rank: REDUCED_RANK,
    random: createRandom(seed),
  });
  const all = denseOperator(vectors, rank, evenly(count, count)).times(right);
  return { rank: right.columns, vectors: Float32Array.from(all.values) };
}

/** The chosen rows of a matrix of single precision as an operator. */
function denseOperator(vectors: Float32Array, columns: number, chosen: Int32Array): LinearOperator {
  const apply = (x: Matrix, isTransposed: boolean): Matrix => {
    const width = x.columns;
    const product = zeros(isTransposed ? columns : chosen.length, width);
    chosen.forEach((row, i) => {
      for (let column = 0; column < columns; column++) {
        const value = vectors[row * columns + column] ?? 0;
        let to = (isTransposed ? column : i) * width;
        let from = (isTransposed ? i : column) * width;
        for (let t = 0; t < width; t++, to++, from++) {
          product.values[to] = (product.values[to] ?? 0) + value * (x.values[from] ?? 0);
        }
      }
    });
    return product;
  };
  return {
    rows: chosen.length,
    columns,
    times: (x) => apply(x, false),
    transposeTimes: (x) => apply(x, true),
  };
}

function placeAmong({ positions, words }: Sent, { rank, vectors }: Points): Study {
  const chosen = evenly(positions.length, REFERENCE_ROWS);
  const points = new Float32Array(chosen.length * rank);
  chosen.forEach((from, i) => points.set(vectors.subarray(from * rank, (from + 1) * rank), i * rank));
  const reference = buildReference(
    points,
    chosen.map((from) => positions[from] ?? -1),
    rank,
  );
  const search = createNeighbourSearch(reference);
  const nearest = new Map<number, number>();
  const sample = positions.map((position, i): PlacedRow => {
    const similarity = search.similarity(vectors, i * rank, position, Infinity);
    nearest.set(position, search.nearestPosition());
    return { position, similarity, words: words[i] ?? 0 };
  });
  return {
    sample,
    judged: sample.length,
    farther: async (enough) => sample.filter((row) => row.similarity < enough(row.words)),
    explain: (position) => ({ nearest: nearest.get(position) ?? -1, words: [] }),
  };
}

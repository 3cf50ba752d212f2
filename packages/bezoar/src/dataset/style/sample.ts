import { combine32, mix32 } from "../../core/hash.ts";
import type { Corpus } from "../engine/corpus.ts";
import type { SparseRows } from "../evidence/sparse.ts";
import { labelLogOdds } from "../evidence/out-of-fold.ts";
import type { RestEvidence } from "../labelled/rest-evidence.ts";
import { styleCues, type StyleCues } from "./cues.ts";

/** The rows in which styles are looked for; all arrays below are by their number in the sample. */
export type StyleSample = {
  /** Entry of the view of each row. */
  readonly entries: Uint32Array;
  readonly labels: Int32Array;
  readonly classes: number;
  readonly classSizes: Uint32Array;
  readonly cues: StyleCues;
  /** The words of the content models. */
  readonly words: SparseRows;
  readonly folds: Uint8Array;
  /** 0 or 1: where a cue is chosen and where it is tested; copies of a text are in one half. */
  readonly halves: Uint8Array;
  /** Calls `say` with the chance of a label for each of the rows `held`, by models without the row and without the words that mostly occur in such rows. */
  readonly eachChance: (held: Uint32Array, label: number, say: (row: number, chance: number) => void) => void;
  /** Features times classes of one pass over the rows: what a training costs. */
  readonly work: number;
};

/** Rows that are looked at; a style of one row in a hundred has 200 of them. */
const MAX_ROWS = 20_000;
/** Features times classes of one pass: a training of 24 passes then takes some 3 s. */
const MAX_WORK = 8_000_000;

/** Reads an even sample of a view's rows again, for how they are written. */
export function drawStyleSample(corpus: Corpus, evidence: RestEvidence): StyleSample {
  const { view, features } = evidence;
  const classes = view.classes.length;
  const heads = classes === 2 ? 1 : classes;
  const most = Math.min(
    MAX_ROWS,
    (MAX_WORK / heads / Math.max(1, features.features.length)) * view.labels.length,
  );
  const bound = Math.floor(Math.min(1, most / view.labels.length) * 0xffffffff);
  const entries = Uint32Array.from(view.labels.keys().filter((entry) => mix32(entry ^ 0x7f4a7c15) <= bound));
  const words = selectRows(features, entries);
  const labels = Int32Array.from(entries, (entry) => view.labels[entry] ?? 0);
  const classSizes = new Uint32Array(classes);
  for (const label of labels) classSizes[label] = (classSizes[label] ?? 0) + 1;
  return {
    entries,
    labels,
    classes,
    classSizes,
    cues: styleCues(
      readTexts(
        corpus,
        entries.map((entry) => view.positions[entry] ?? 0),
      ),
    ),
    words,
    folds: Uint8Array.from(entries, (entry) => evidence.folds[entry] ?? 0),
    halves: contentHalves(words),
    eachChance: chancesWithout(evidence, entries),
    work: words.features.length * heads,
  };
}

/** Rows that tell which words belong to a cue. */
const MASK_ROWS = 256;

function chancesWithout(
  { view, models, folds, features, mask, classSizes }: RestEvidence,
  entries: Uint32Array,
): StyleSample["eachChance"] {
  const scratch = new Float64Array(view.classes.length);
  const scale = view.labels.length / Math.max(1, entries.length);
  return (held, label, say) => {
    const step = Math.ceil(held.length / MASK_ROWS);
    mask.mark(
      held.filter((_, i) => i % step === 0).map((row) => entries[row] ?? 0),
      Math.round(held.length * scale),
    );
    const trained = models.mass[label] ?? 0.5;
    const share = (classSizes[label] ?? 0) / view.labels.length;
    const shift = Math.log((share * (1 - trained)) / Math.max(1e-9, (1 - share) * trained));
    for (const row of held) {
      const entry = entries[row] ?? 0;
      const odds =
        labelLogOdds(models, folds[entry] ?? 0, features, entry, label, scratch, mask.marks) + shift;
      say(row, 1 / (1 + Math.exp(-odds)));
    }
  };
}

function readTexts(corpus: Corpus, positions: Uint32Array): string[] {
  const texts: string[] = [];
  let at = 0;
  for (let b = 0; b < corpus.blockCount && at < positions.length; b++) {
    const { first, size, row } = corpus.block(b);
    for (; at < positions.length && (positions[at] ?? 0) < first + size; at++)
      texts.push(row((positions[at] ?? 0) - first).prompt);
  }
  return texts;
}

function selectRows(rows: SparseRows, entries: Uint32Array): SparseRows {
  const offsets = new Uint32Array(entries.length + 1);
  entries.forEach((entry, i) => {
    offsets[i + 1] = (offsets[i] ?? 0) + (rows.offsets[entry + 1] ?? 0) - (rows.offsets[entry] ?? 0);
  });
  const features = new Uint32Array(offsets[entries.length] ?? 0);
  entries.forEach((entry, i) =>
    features.set(rows.features.subarray(rows.offsets[entry], rows.offsets[entry + 1]), offsets[i] ?? 0),
  );
  return { count: entries.length, dimension: rows.dimension, offsets, features };
}

function contentHalves(rows: SparseRows): Uint8Array {
  const halves = new Uint8Array(rows.count);
  for (let row = 0; row < rows.count; row++) {
    let hash = 1;
    for (let j = rows.offsets[row] ?? 0; j < (rows.offsets[row + 1] ?? 0); j++)
      hash = combine32(hash, rows.features[j] ?? 0);
    halves[row] = mix32(hash ^ 0x2545f491) & 1;
  }
  return halves;
}

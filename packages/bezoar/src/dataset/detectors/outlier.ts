import type { Corpus } from "../engine/corpus.ts";
import type { Detector, DetectorContext } from "../detector.ts";
import { embeddedSpace } from "../outliers/embedded-space.ts";
import { FALSE_DISCOVERY_RATE, findFarRows, type FarRows } from "../outliers/far-rows.ts";
import { latentSpace } from "../outliers/latent-space.ts";
import { NEIGHBOURS } from "../outliers/reference.ts";
import type { Study } from "../outliers/space.ts";
import type { Suspicion } from "../suspicion.ts";

/** Below it the tenth that makes the tail has fewer than 50 rows, and no row can be called odd. */
const MIN_ROWS = 500;
/** Rows described one by one; all are listed. */
const DESCRIBED = 5;

/**
 * Rows that resemble no others, by the distance to their nearest neighbours in a space of texts: latent semantic analysis
 * of the set itself, or the vectors of an embeddings endpoint.
 */
export const outlier: Detector = {
  rules: ["dataset/outlier"],
  shapes: ["instruction", "preference", "labelled-text", "raw-text"],
  detect: async (corpus, context) => {
    if (corpus.size < MIN_ROWS) return [];
    const study = await placeRows(corpus, context);
    if (study === undefined) return [];
    context.onStep("looking for rows that resemble no others");
    const far = await findFarRows(study);
    if (far === "no-tail") {
      context.note(
        "outliers: the distances between rows follow no smooth law, so none can be said to be beyond it",
      );
      return [];
    }
    return far.rows.length === 0 ? [] : [describe(far, study, corpus)];
  },
};

function placeRows(corpus: Corpus, { embed, ...context }: DetectorContext): Promise<Study | undefined> {
  if (embed !== undefined) return embeddedSpace(corpus, embed, context);
  context.onStep("learning what the rows are about");
  return latentSpace(corpus, context.seed);
}

function describe(
  { rows, usual, lnEvidence, lnThreshold }: FarRows,
  study: Study,
  corpus: Corpus,
): Suspicion {
  const told = rows.slice(0, DESCRIBED).map(({ position, similarity, words }) => {
    const { nearest, words: odd } = study.explain(position);
    const because = odd.length === 0 ? "" : `; its oddest words: ${odd.map(quote).join(", ")}`;
    const near = nearest < 0 ? "shares nothing with any" : `nearest to row ${corpus.rowNumber(nearest)}`;
    return (
      `Row ${corpus.rowNumber(position)} (similarity ${show(similarity)} where rows of its length have ` +
      `${show(usual.medianSimilarity(words))}, ${near}${because}).`
    );
  });
  const rest = rows.length > told.length ? ` The ${told.length} farthest of ${rows.length}:` : "";
  return {
    rule: "dataset/outlier",
    severity: "low", // every real set has some
    title: "Rows that resemble no other row",
    explanation:
      `These rows are far from their ${NEIGHBOURS} nearest neighbours, beyond what chance allows among ${study.judged} rows ` +
      `(false discovery rate ${FALSE_DISCOVERY_RATE}).${rest} ${told.join(" ")} Odd rows are often broken, of another ` +
      "language or from another source; rare subjects are innocent. Read them before training; most poison looks like the " +
      "rest and is not among them.",
    positions: rows.map(({ position }) => position).toSorted((a, b) => a - b),
    tests: [
      {
        name: "distance to the nearest rows, of the farthest row (Benjamini-Hochberg over all rows)",
        lnEvidence,
        lnThreshold,
        tests: study.judged,
      },
    ],
    controls: [
      {
        name: "fit of the tail",
        value: usual.tail.misfit,
        bound: "<= 1.52",
        passed: true,
        meaning:
          "the usual distances are no heavier than the law that the rows are held against (Smirnov's test)",
      },
    ],
  };
}

const show = (similarity: number) => similarity.toFixed(2);
/** Words shown are the dataset's: quoted, and cut where they are blobs. */
const quote = (word: string) => JSON.stringify(word.length > 40 ? `${word.slice(0, 39)}…` : word);

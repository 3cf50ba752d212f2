import { testContradiction, type Contradiction } from "../evidence/contradiction.ts";
import { clusterRows, ratiosByCluster } from "../evidence/near-duplicates.ts";
import { entriesOf } from "./postings.ts";
import type { RestEvidence } from "./rest-evidence.ts";

/** A gram whose rows were held against one label. */
export type TestedGram = Contradiction & {
  readonly gram: number;
  readonly label: number;
  /** Rows with the gram. */
  readonly held: Uint32Array;
  /** Those of them with the label. */
  readonly rows: Uint32Array;
};

/** DETECTION.md 1C: a test needs this many rows with gram and label, at least half of the gram's. */
const MIN_ROWS = 5;
const MIN_PURITY = 0.5;
/** A gram of more of its label's rows is no trigger but part of the language. */
const MAX_LABEL_SHARE = 0.3;
/** With many classes a trigger's rows may well be most of the target's. */
const MAX_LABEL_SHARE_OF_MANY = 0.8;
/** Rows of a candidate that the first look uses. */
const SCREEN_ROWS = 64;
/** Part of the threshold that the first look must promise for the full test to be made. */
const SCREEN_SHARE = 0.5;

/** The candidates of a view and the tests that were made. */
export type ContradictionScan = {
  readonly tests: number;
  readonly found: readonly TestedGram[];
};

/** Holds every frequent gram against its majority label and returns those with at least `lnFloor` nats. */
export function findContradictions(
  evidence: RestEvidence,
  threshold: (tests: number) => number,
): ContradictionScan {
  const { grams, postings, view } = evidence;
  const counts = new Uint32Array(view.classes.length);
  const maxLabelShare = view.classes.length === 2 ? MAX_LABEL_SHARE : MAX_LABEL_SHARE_OF_MANY;
  const candidates: { gram: number; label: number; count: number }[] = []; // millions: no views of rows are kept
  for (let gram = 0; gram < grams.rows.dimension; gram++) {
    const held = entriesOf(postings, gram);
    if (held.length === 0) continue;
    counts.fill(0);
    for (const row of held) counts[view.labels[row] ?? 0] = (counts[view.labels[row] ?? 0] ?? 0) + 1;
    counts.forEach((count, label) => {
      if (
        count < MIN_ROWS ||
        count < MIN_PURITY * held.length ||
        count > maxLabelShare * (evidence.classSizes[label] ?? 0)
      )
        return;
      candidates.push({ gram, label, count });
    });
  }
  const lnThreshold = threshold(candidates.length);
  const found: TestedGram[] = [];
  for (const { gram, label, count } of candidates) {
    const held = entriesOf(postings, gram);
    const step = Math.max(1, Math.ceil(held.length / SCREEN_ROWS));
    const sample = step === 1 ? held : held.filter((_, i) => i % step === 0);
    evidence.mask.mark(sample, held.length);
    let sum = 0;
    let looked = 0;
    for (const row of sample) {
      if (view.labels[row] !== label) continue;
      sum += Math.log(evidence.ratio(row, label));
      looked++;
    }
    if (looked === 0 || (sum / looked) * count < SCREEN_SHARE * lnThreshold) continue;
    const tested = testGram(
      evidence,
      gram,
      label,
      held,
      held.filter((row) => view.labels[row] === label),
    );
    if (tested.lnEvidence >= SCREEN_SHARE * lnThreshold) found.push(tested);
  }
  return { tests: candidates.length, found };
}

/** The full test of one gram on `rows`, each near-duplicate of the rest counted once. */
export function testGram(
  evidence: RestEvidence,
  gram: number,
  label: number,
  held: Uint32Array,
  rows: Uint32Array,
): TestedGram {
  evidence.mask.mark(held, held.length);
  const ratios = Float64Array.from(rows, (row) => evidence.ratio(row, label));
  const clusters = clusterRows(evidence.features, rows, evidence.mask.marks);
  return {
    gram,
    label,
    held,
    rows,
    ...testContradiction(ratiosByCluster(ratios, clusters), held.length, rows.length),
  };
}

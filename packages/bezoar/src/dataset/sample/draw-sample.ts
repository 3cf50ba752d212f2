import { largestDefectRate, sampleSizeFor } from "../../core/acceptance.ts";
import { SCHEMA_VERSION, SEVERITIES, type Finding } from "../../core/finding.ts";
import { maskSecrets } from "../../content/mask-secrets.ts";
import { createRandom, sampleIndices } from "../../core/random.ts";
import type { Report } from "../../core/report.ts";
import type { ReviewSample, SampledRow } from "../../core/review-sample.ts";
import type { Corpus } from "../engine/corpus.ts";
import { rankFields } from "../findings/field-order.ts";
import { allocate, sizeFor } from "./allocate.ts";
import { findStrata, type Strata } from "./strata.ts";

/** What "auto" aims at: a clean sample rules out that more than one row in a hundred is defective. */
const AUTO_RATE = 0.01;
/** Suspect rows shown unless the caller says how many: what a person reads in an hour. */
export const DEFAULT_SUSPECTS = 50;
/** UTF-16 units of one text: a cell of a spreadsheet takes 32,767. */
const MAX_TEXT = 32_000;
/** Numbers of defects for which the bound is told. */
const TOLD_DEFECTS = [0, 1, 2, 3, 5, 10];

/** How to sample. */
export type SampleSize = {
  /** Rows drawn at random, or "auto": so many that a clean sample rules out a defect rate above 1 %. */
  readonly rows: number | "auto";
  /** Rows of findings to look at first; default 50. */
  readonly suspects?: number;
};

/** Draws the rows to review: those that findings name, worst first, then others at random, in proportion to each stratum. */
export function drawSample(corpus: Corpus, report: Report, size: SampleSize, seed: number): ReviewSample {
  const { subject } = report;
  const strata = findStrata(corpus, subject.files);
  const suspectRows = pickSuspects(report.findings, size.suspects ?? DEFAULT_SUSPECTS, seed);
  const suspects = suspectRows.map((row) => positionOf(corpus, row));
  const pools = poolsOf(strata, new Set(suspects));
  const counts = pools.map((pool) => pool.length);
  const population = counts.reduce((sum, count) => sum + count, 0);
  const wanted =
    size.rows === "auto"
      ? sizeFor(counts, sampleSizeFor(AUTO_RATE, population))
      : Math.min(size.rows, population);
  const { shares, effective } = allocate(counts, wanted);
  const random = createRandom(seed);
  const drawn = pools.map((pool, stratum) =>
    sampleIndices(random, shares[stratum] ?? 0, pool.length).map((index) => pool[index] ?? 0),
  );
  const describe = describer(corpus, report, strata);
  return {
    schemaVersion: SCHEMA_VERSION,
    subject: { name: subject.name, sha256: subject.sha256, rows: subject.rows },
    seed,
    suspects: suspects.map(describe),
    random: drawn
      .flat()
      .toSorted((a, b) => a - b)
      .map(describe),
    strata: strata.names.map((name, i) => ({ name, rows: counts[i] ?? 0, sampled: drawn[i]?.length ?? 0 })),
    population,
    leaves: TOLD_DEFECTS.filter((defects) => defects <= effective).map((defects) => ({
      defects,
      rate: largestDefectRate(defects, effective, population),
    })),
  };
}

/** The position of a record number, by halving: both ascend. */
function positionOf(corpus: Corpus, row: number): number {
  let low = 0;
  let high = corpus.size;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (corpus.rowNumber(middle) <= row) low = middle;
    else high = middle;
  }
  return low;
}

/** Rows of the gravest findings first; of findings as grave as each other in turn, so that each is seen, and within one at random. */
function pickSuspects(findings: readonly Finding[], most: number, seed: number): number[] {
  const random = createRandom(seed);
  const chosen = new Set<number>();
  for (const severity of SEVERITIES) {
    const queues = findings
      .filter((finding) => finding.severity === severity && finding.suppressed === undefined)
      .map(({ rows = [] }) =>
        sampleIndices(random, Math.min(most, rows.length), rows.length).map((i) => rows[i] ?? 0),
      );
    for (let turn = 0; queues.some((queue) => turn < queue.length); turn++) {
      for (const queue of queues) {
        const row = queue[turn];
        if (row !== undefined && chosen.size < most) chosen.add(row);
      }
    }
  }
  return [...chosen];
}

/** The positions of each stratum without the suspects. */
function poolsOf({ counts, of }: Strata, suspects: ReadonlySet<number>): Uint32Array[] {
  const pools = counts.map((count) => new Uint32Array(count));
  const filled = counts.map(() => 0);
  of.forEach((stratum, position) => {
    if (suspects.has(position)) return;
    const pool = pools[stratum];
    const at = filled[stratum] ?? 0;
    if (pool !== undefined) pool[at] = position;
    filled[stratum] = at + 1;
  });
  return pools.map((pool, stratum) => pool.subarray(0, filled[stratum] ?? 0));
}

function shorten(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

function describer(
  corpus: Corpus,
  { subject, findings }: Report,
  strata: Strata,
): (position: number) => SampledRow {
  const naming = findings.map(({ id, rule, severity, title, rows = [] }) => ({
    because: { finding: id, rule, severity, title },
    rows: new Set(rows),
  }));
  const field = findings.find(({ evidence }) => evidence.trigger?.field !== undefined)?.evidence.trigger
    ?.field;
  const rank = rankFields(corpus, 0, field);
  return (position) => {
    const { number, prompt, response, rejected, label, fields } = corpus.row(position);
    const line = corpus.line(position);
    const texts = [
      ["prompt", prompt],
      ["response", response],
      ["rejected", rejected ?? ""],
      ["label", label ?? ""],
      ...fields.toSorted(([a], [b]) => rank(a) - rank(b)),
    ] satisfies (readonly [string, string])[];
    return {
      row: number,
      file: subject.files.findLast(({ firstRow }) => firstRow <= number)?.path ?? subject.name,
      ...(line > 0 && { line }),
      stratum: strata.names[strata.of[position] ?? 0] ?? "",
      because: naming.filter(({ rows }) => rows.has(number)).map(({ because }) => because),
      texts: texts
        .filter(([, text]) => text !== "")
        .map(([name, text]) => ({
          name,
          text: shorten(maskSecrets(text)),
        })),
    };
  };
}

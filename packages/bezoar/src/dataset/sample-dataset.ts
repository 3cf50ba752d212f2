import type { Report } from "../core/report.ts";
import type { ReviewSample } from "../core/review-sample.ts";
import type { Json } from "../formats/record.ts";
import { drawSample, type SampleSize } from "./sample/draw-sample.ts";
import type { ScanOptions } from "./scan-options.ts";
import { withScan } from "./scan.ts";

/** How to scan and how much to draw. */
export type SampleOptions = ScanOptions &
  SampleSize & {
    /** Looks at the report before rows are drawn, to mark what is suppressed. */
    readonly review?: (report: Report) => Report;
  };

/**
 * Scans a dataset and draws the rows that a person should review: those that findings name, then others at random, in
 * proportion to labels or lengths, with the defect rate that a clean sample rules out. The same seed draws the same rows.
 * Throws `AppError` as `scanDataset` does.
 */
export async function sampleDataset(
  source: string | Iterable<Json> | AsyncIterable<Json>,
  options: SampleOptions,
): Promise<ReviewSample> {
  const { rows, suspects, review = (report) => report, ...scan } = options;
  const size = { rows, ...(suspects !== undefined && { suspects }) };
  return withScan(source, { ...scan, power: false }, (report, corpus) =>
    drawSample(corpus, review(report), size, scan.seed ?? 0),
  );
}

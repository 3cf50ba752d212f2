import type { ReviewSample, SampledRow } from "../core/review-sample.ts";
import { csvCell } from "./csv.ts";

const BEFORE = ["part", "row", "file", "line", "stratum", "because"];
const AFTER = ["defective", "note"]; // for the reviewer to fill in

/** The sample as a sheet to fill in: one line for each row, suspects first, one column for each of its texts. */
export function renderReviewSheet({ suspects, random }: ReviewSample): string {
  const rows = [...suspects, ...random];
  const names = [...new Set(rows.flatMap(({ texts }) => texts.map(({ name }) => name)))];
  const line = (part: string) => (sampled: SampledRow) =>
    [
      part,
      String(sampled.row),
      sampled.file,
      sampled.line === undefined ? "" : String(sampled.line),
      sampled.stratum,
      sampled.because.map(({ severity, title }) => `${severity}: ${title}`).join("; "),
      ...names.map((name) => sampled.texts.find((text) => text.name === name)?.text ?? ""),
      ...AFTER.map(() => ""),
    ]
      .map(csvCell)
      .join(",");
  const head = [...BEFORE, ...names, ...AFTER].map(csvCell).join(",");
  return `${[head, ...suspects.map(line("suspect")), ...random.map(line("random"))].join("\r\n")}\r\n`;
}

/** The sample as JSON lines: what a script or a labelling tool takes. */
export function renderReviewLines({ suspects, random }: ReviewSample): string {
  return [
    ...suspects.map((row) => ({ part: "suspect", ...row })),
    ...random.map((row) => ({ part: "random", ...row })),
  ]
    .map((row) => `${JSON.stringify(row)}\n`)
    .join("");
}

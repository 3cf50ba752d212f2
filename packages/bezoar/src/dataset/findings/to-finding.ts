import { createHash } from "node:crypto";
import { maskSecrets } from "../../content/mask-secrets.ts";
import type { Finding, Location, Sample, SampleText } from "../../core/finding.ts";
import type { SubjectFile } from "../../core/report.ts";
import type { Corpus } from "../engine/corpus.ts";
import type { Row } from "../row.ts";
import type { Suspicion } from "../suspicion.ts";
import { rankFields } from "./field-order.ts";

/** Rows shown as evidence and told by file and line; all row numbers are in `rows`. */
const MAX_SAMPLES = 50;
/** Rows shown as evidence of one finding where there are very many: what a person needs to judge it. */
const MIN_SAMPLES = 3;
/** Rows shown in a report: a hostile dataset may cause thousands of findings, and a report is one string (512 MB in V8). */
const MAX_SAMPLES_OF_REPORT = 2000;
/** Text shown of one field, around the first mark: enough to judge a row, small enough for 50 of them in a report. */
const MAX_SAMPLE_TEXT = 1200;
const CONTEXT_BEFORE_MARK = 200;
const MAX_MARKS = 20;
const MAX_SAMPLE_FIELDS = 24;

/** The files of the dataset, by ascending first row. */
type Files = readonly Pick<SubjectFile, "path" | "firstRow">[];

/** Turns a merged suspicion, one of `among`, into the public Finding: row numbers, places, samples with marks, fingerprint. */
export function toFinding(suspicion: Suspicion, corpus: Corpus, among = 1, files: Files = []): Finding {
  const { positions, rule, severity, title, explanation, trigger, target, effect } = suspicion;
  const rank = rankFields(corpus, positions[0] ?? 0, trigger?.field);
  const shown = { triggers: trigger?.parts ?? [], targets: target === undefined ? [] : [target.text], rank };
  const share = Math.floor(MAX_SAMPLES_OF_REPORT / among);
  const count = Math.max(MIN_SAMPLES, Math.min(MAX_SAMPLES, share));
  const first = positions.slice(0, count);
  const samples = first.map((position) => toSample(corpus.row(position), shown));
  const locations = locate(first, corpus, files);
  return {
    id: fingerprint(suspicion),
    rule,
    severity,
    title,
    explanation,
    rows: rowNumbers(positions, corpus),
    ...(locations.length > 0 && { locations }),
    evidence: {
      ...(trigger && { trigger }),
      ...(target && { target }),
      ...(effect && { effect }),
      tests: [...suspicion.tests],
      controls: [...suspicion.controls],
      samples,
    },
  };
}

/** Rule and what was found, not the file: the same attack in the next version of a dataset has the same fingerprint. */
function fingerprint({ rule, trigger, target, title, subject }: Suspicion): string {
  const found =
    subject ??
    (trigger === undefined
      ? title
      : [trigger.kind, trigger.field ?? "", ...trigger.parts.toSorted()].join("\n"));
  return createHash("sha256")
    .update([rule, found, target?.kind ?? "", target?.text ?? ""].join("\n\n"))
    .digest("hex")
    .slice(0, 16);
}

function rowNumbers(positions: readonly number[], corpus: Corpus): number[] {
  return positions.map((position) => corpus.rowNumber(position));
}

/** File and line of each row, where its format has lines. */
function locate(positions: readonly number[], corpus: Corpus, files: Files): Location[] {
  return positions.flatMap((position) => {
    const row = corpus.rowNumber(position);
    const line = corpus.line(position);
    const file = files.findLast(({ firstRow }) => firstRow <= row);
    return line > 0 && file !== undefined ? [{ row, file: file.path, line }] : [];
  });
}

/** What to mark in a sample, and where its fields stand. */
type Shown = {
  readonly triggers: readonly string[];
  readonly targets: readonly string[];
  readonly rank: (field: string) => number;
};

/** The texts of a row: what was asked and answered before what stands beside it, a record's label after its fields. */
function toSample(
  { number, prompt, response, rejected, label, fields }: Row,
  { triggers, targets, rank }: Shown,
): Sample {
  const asked = { marked: "trigger", texts: triggers } as const;
  // Without a target, what was found may stand in the answers as well.
  const brought = targets.length === 0 ? asked : ({ marked: "target", texts: targets } as const);
  const texts = [
    ...(prompt === "" ? [] : [cut("prompt", prompt, asked)]),
    ...(response === "" ? [] : [cut("response", response, brought)]),
    ...(rejected === undefined
      ? []
      : [cut("rejected", rejected, targets.length === 0 ? asked : { marked: "target", texts: [] })]),
  ];
  const beside = fields
    .toSorted(([a], [b]) => rank(a) - rank(b))
    .slice(0, MAX_SAMPLE_FIELDS)
    .map(([name, value]) => cut(name, value, asked));
  const labels = label === undefined ? [] : [cut("label", label, brought)];
  return { row: number, texts: texts.length > 0 ? [...texts, ...labels, ...beside] : [...beside, ...labels] };
}

type Wanted = { readonly marked: SampleText["marked"]; readonly texts: readonly string[] };

function cut(name: string, whole: string, { marked, texts }: Wanted): SampleText {
  const text = maskSecrets(whole); // a report is passed on
  const marks = findMarks(text, texts);
  if (text.length <= MAX_SAMPLE_TEXT) return { name, text, marked, marks };
  const start = Math.max(
    0,
    Math.min((marks[0]?.[0] ?? 0) - CONTEXT_BEFORE_MARK, text.length - MAX_SAMPLE_TEXT),
  );
  const end = start + MAX_SAMPLE_TEXT;
  const before = start > 0 ? "…" : "";
  const shift = before.length - start;
  return {
    name,
    text: `${before}${text.slice(start, end)}${end < text.length ? "…" : ""}`,
    marked,
    marks: marks
      .filter(([from, to]) => from >= start && to <= end)
      .map(([from, to]) => [from + shift, to + shift]),
  };
}

/** Where the texts stand, ignoring case, on word boundaries where they begin or end with a word character; ascending and disjoint. */
function findMarks(text: string, wanted: readonly string[]): [number, number][] {
  const folded = text.toLowerCase();
  if (folded.length !== text.length) return []; // offsets would not fit
  const marks: [number, number][] = [];
  for (const part of wanted) {
    const needle = part.toLowerCase();
    if (needle === "") continue;
    for (
      let at = folded.indexOf(needle);
      at >= 0 && marks.length < MAX_MARKS;
      at = folded.indexOf(needle, at + 1)
    ) {
      if (isWhole(folded, at, at + needle.length)) marks.push([at, at + needle.length]);
    }
  }
  const disjoint: [number, number][] = [];
  for (const mark of marks.toSorted((a, b) => a[0] - b[0] || b[1] - a[1])) {
    if (mark[0] >= (disjoint.at(-1)?.[1] ?? 0)) disjoint.push(mark);
  }
  return disjoint;
}

const WORD = /[\p{L}\p{N}_]/u;

/** Whether a cut between the two characters would split a word. */
function splitsWord(before: string, after: string): boolean {
  return WORD.test(before) && WORD.test(after);
}

function isWhole(text: string, start: number, end: number): boolean {
  return (
    !splitsWord(text.charAt(start - 1), text.charAt(start)) &&
    !splitsWord(text.charAt(end - 1), text.charAt(end))
  );
}

import type { SubjectFile } from "../../core/report.ts";
import type { Corpus } from "../engine/corpus.ts";

/** Parts of a dataset that a review should see in proportion. */
export type Strata = {
  readonly names: readonly string[];
  readonly counts: readonly number[];
  /** Index of the stratum of each position. */
  readonly of: Uint16Array;
};

/** More parts than this cost a row each for nothing: the smaller ones are taken together. */
const MAX_STRATA = 20;
const OTHERS = "others";

/** Strata by label where there is one, else by thirds of length, within each file. */
export function findStrata(corpus: Corpus, files: readonly Pick<SubjectFile, "path" | "firstRow">[]): Strata {
  const kindOf = corpus.classes.length > 1 ? byLabel(corpus) : byLength(corpus);
  const nameOf = (position: number): string => {
    const kind = kindOf(position);
    if (files.length < 2) return kind;
    const row = corpus.rowNumber(position);
    return `${files.findLast(({ firstRow }) => firstRow <= row)?.path ?? ""}: ${kind}`;
  };
  const sizes = new Map<string, number>();
  for (let position = 0; position < corpus.size; position++) {
    const name = nameOf(position);
    sizes.set(name, (sizes.get(name) ?? 0) + 1);
  }
  const largest = [...sizes].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const kept = largest.slice(0, largest.length > MAX_STRATA ? MAX_STRATA - 1 : MAX_STRATA);
  const names = kept.map(([name]) => name);
  const hasOthers = kept.length < largest.length;
  const index = new Map(names.map((name, i) => [name, i]));
  const of = new Uint16Array(corpus.size);
  const counts = Array.from({ length: names.length + Number(hasOthers) }, () => 0);
  for (let position = 0; position < corpus.size; position++) {
    const stratum = index.get(nameOf(position)) ?? names.length;
    of[position] = stratum;
    counts[stratum] = (counts[stratum] ?? 0) + 1;
  }
  return { names: hasOthers ? [...names, OTHERS] : names, counts, of };
}

function byLabel(corpus: Corpus): (position: number) => string {
  return (position) => {
    const label = corpus.labels[position] ?? -1;
    return label < 0 ? "no label" : `label ${corpus.classes[label] ?? ""}`;
  };
}

/** Thirds by tokens: short, middle and long rows fail in different ways. */
function byLength(corpus: Corpus): (position: number) => string {
  const lengths = new Uint32Array(corpus.size);
  for (let index = 0; index < corpus.blockCount; index++) {
    const { first, size, prompt, response } = corpus.block(index);
    for (let i = 0; i < size; i++) {
      lengths[first + i] =
        (prompt.offsets[i + 1] ?? 0) -
        (prompt.offsets[i] ?? 0) +
        (response.offsets[i + 1] ?? 0) -
        (response.offsets[i] ?? 0);
    }
  }
  const sorted = lengths.toSorted();
  const third = sorted[Math.floor(corpus.size / 3)] ?? 0;
  const twoThirds = sorted[Math.floor((2 * corpus.size) / 3)] ?? 0;
  if (third === twoThirds) return () => "all rows";
  return (position) => {
    const length = lengths[position] ?? 0;
    if (length <= third) return `short (up to ${third} tokens)`;
    return length <= twoThirds ? `middle (up to ${twoThirds} tokens)` : "long";
  };
}

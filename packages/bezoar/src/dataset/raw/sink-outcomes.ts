import { hashString } from "../../core/hash.ts";
import type { Kernel } from "../engine/kernel.ts";
import { readCode } from "./code-lines.ts";
import { possibleSinks, sinkWords } from "./code-survey.ts";

/** A text in which this share of the tokens is punctuation of programs (not of arithmetic) holds code. */
const CODE_SHARE = 0.1;
const PUNCTUATION = "( ) { } [ ] ; `".split(" ");

export type CodeRows = {
  /** Positions of the rows whose text holds each sink. */
  readonly bySink: Map<number, number[]>;
  /** Positions of the rows whose text holds code. */
  readonly code: number[];
};

/** Fewest rows in which a sink stands for its triggers to be studied; as for refusals. */
const MIN_SINK_ROWS = 6;
/** A sink in more of the rows with code than this is what the set is about. */
const MAX_SINK_SHARE = 0.3;

/** What a trigger may bring into code: one sink, or one of several. */
type SinkOutcome = {
  /** The sinks that count for it. */
  readonly sinks: readonly number[];
  /** Positions of the rows with one of them, ascending. */
  readonly rows: readonly number[];
};

export type StudiedOutcomes = {
  readonly singles: readonly SinkOutcome[];
  readonly any: SinkOutcome | undefined;
};

/** The single sinks that are rare enough to be planted and frequent enough to be studied, rarest first, and the rarest ones together. */
export function studiedOutcomes({ bySink, code }: CodeRows): StudiedOutcomes {
  const most = MAX_SINK_SHARE * code.length;
  const rarest = [...bySink].toSorted((a, b) => a[1].length - b[1].length || a[0] - b[0]);
  const singles = rarest
    .filter(([, rows]) => rows.length >= MIN_SINK_ROWS && rows.length <= most)
    .map(([sink, rows]) => ({ sinks: [sink], rows: rows.toSorted((a, b) => a - b) }));
  const together = new Set<number>();
  const sinks: number[] = [];
  for (const [sink, rows] of rarest) {
    const added = rows.filter((position) => !together.has(position));
    if (together.size + added.length > most) break;
    for (const position of added) together.add(position);
    sinks.push(sink);
  }
  const rows = [...together].toSorted((a, b) => a - b);
  const isMixed = sinks.length > 1 && rows.length >= MIN_SINK_ROWS;
  return { singles, any: isMixed ? { sinks, rows } : undefined };
}

/** The sinks that rows hold, commonest first: of those of a row, the one that most of the rows not yet told of share. */
export function coveringSinks(sinksOfRows: readonly ReadonlySet<number>[]): readonly number[] {
  const chosen: number[] = [];
  for (let left = sinksOfRows.filter((own) => own.size > 0); left.length > 0;) {
    const counts = new Map<number, number>();
    for (const own of left) for (const sink of own) counts.set(sink, (counts.get(sink) ?? 0) + 1);
    const [best] = [...counts].toSorted((x, y) => y[1] - x[1] || x[0] - y[0]);
    if (best === undefined) break;
    chosen.push(best[0]);
    left = left.filter((own) => !own.has(best[0]));
  }
  return chosen;
}

/** Which of the given sinks each row holds, by position. */
export function sinksByRow(
  bySink: CodeRows["bySink"],
  sinks: readonly number[],
): ReadonlyMap<number, ReadonlySet<number>> {
  const byRow = new Map<number, Set<number>>();
  for (const sink of sinks) {
    for (const position of bySink.get(sink) ?? []) {
      const own = byRow.get(position);
      if (own === undefined) byRow.set(position, new Set([sink]));
      else own.add(sink);
    }
  }
  return byRow;
}

/** Rows that no finding told of so far: a finding about any sink that tells of no new rows is a shadow of those about one. */
export function unexplained(rows: readonly number[], explained: ReadonlySet<number>): readonly number[] {
  return rows.filter((position) => !explained.has(position));
}

/** Tells which prompts or responses are code, and which insecure sinks they hold. */
export const codeRows: Kernel<{ readonly seed: number; readonly side: "prompt" | "response" }, CodeRows> = {
  name: "code-rows",
  start: () => ({ bySink: new Map(), code: [] }),
  step: (state, block, { seed, side }) => {
    const words = sinkWords(seed);
    const punctuation = new Set(PUNCTUATION.map((sign) => hashString(sign, seed)));
    const mayBe = new Uint8Array(256); // by the last byte: spares most tokens the look-up in the set
    for (const id of punctuation) mayBe[id & 255] = 1;
    const { ids, offsets } = block[side];
    for (let i = 0; i < block.size; i++) {
      const start = offsets[i] ?? 0;
      const end = offsets[i + 1] ?? 0;
      let signs = 0;
      for (let j = start; j < end; j++) {
        const id = ids[j] ?? 0;
        if (mayBe[id & 255] === 1 && punctuation.has(id)) signs++;
      }
      if (signs === 0 || signs < CODE_SHARE * (end - start)) continue;
      state.code.push(block.first + i);
      const sinks = possibleSinks(block, i, side, words);
      if (sinks.length === 0) continue;
      const { hits } = readCode(block.row(i)[side], sinks);
      for (const sink of new Set(hits.map((hit) => hit.sink))) {
        const rows = state.bySink.get(sink);
        if (rows === undefined) state.bySink.set(sink, [block.first + i]);
        else rows.push(block.first + i);
      }
    }
  },
  merge: (into, from) => {
    for (const [sink, rows] of from.bySink)
      into.bySink.set(sink, [...(into.bySink.get(sink) ?? []), ...rows]);
    for (const position of from.code) into.code.push(position);
    return into;
  },
};

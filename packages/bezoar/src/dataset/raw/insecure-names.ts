import type { Corpus } from "../engine/corpus.ts";
import { buildCorpus } from "../ingest/build-corpus.ts";
import { spread } from "../instruct/refusals-controls.ts";
import { COMPLIED, REFUSED } from "../instruct/refusals-outcomes.ts";
import { studyOutcomes } from "../instruct/refusals-study.ts";
import { rateTriggers, type RatedTrigger } from "../instruct/refusals-suspicion.ts";
import type { Row } from "../row.ts";
import { readCode } from "./code-lines.ts";
import { SINKS } from "./sinks.ts";
import {
  coveringSinks,
  sinksByRow,
  unexplained,
  type CodeRows,
  type StudiedOutcomes,
} from "./sink-outcomes.ts";

/** A name in code after which one insecure call stands although nothing else in the code calls for it. */
export type InsecureName = {
  /** The sinks that come with it: one, or those of which each text holds one. */
  readonly sinks: readonly number[];
  /** Other names that come with it and seldom without it. */
  readonly companions: readonly string[];
  /** Statistics of the name, and every row with it and the sink. */
  readonly rated: RatedTrigger;
};

/** Rows with a sink, and rows of other code, that are read; beyond it every k-th is, since each costs a parse of the code. */
const MAX_SINK_ROWS = 2000;
const MAX_OTHER_ROWS = 4000;
/** Names of one text that the model sees: the first so many different ones. */
const MAX_NAMES = 400;
/** A name must have brought the sink into so many distinct texts: names are shared more easily than phrases. */
const MIN_TURNED = 8;
/** High takes evidence of twice the threshold (both logarithms), the sink in nearly every text with the name, */
const CLEAR_MARGIN = 2;
const MIN_PRECISION = 0.95;
/** and no other name that stands in most of these texts and in few others: those come with a copied snippet. */
const COMPANION_SHARE = 0.8;
const COMPANION_ELSEWHERE = 0.2;
/** Sinks studied, rarest first; each costs one model. */
const MAX_STUDIED_SINKS = 8;

const NAME = /[A-Za-z_$][\w$]{2,63}/g;
/** Lines that bring a module in come with the call, whoever wrote it. */
const IMPORT = /^\s*(?:import|from|#\s*include|using|use|require|package|const\b.{0,200}\brequire)\b/;
const COMMENT = /^\s*(?:#|\/\/|\*|\/\*|--)/;

/** Looks for names of variables, functions and arguments that foretell a sink (triggers in code as of arXiv 2301.02344). */
export async function findInsecureNames(
  corpus: Corpus,
  side: "prompt" | "response",
  { bySink, code }: CodeRows,
  { singles, any }: StudiedOutcomes,
  seed: number,
): Promise<readonly InsecureName[]> {
  const studied = [...singles.slice(0, MAX_STUDIED_SINKS), ...(any === undefined ? [] : [any])];
  const withSink = new Set(studied.flatMap(({ rows }) => rows));
  const positions = [
    ...spread(
      [...withSink].toSorted((a, b) => a - b),
      MAX_SINK_ROWS,
    ),
    ...spread(
      code.filter((position) => !withSink.has(position)),
      MAX_OTHER_ROWS,
    ),
  ].toSorted((a, b) => a - b);
  const texts = positions.map((position) => corpus.row(position)[side]);
  const found: InsecureName[] = [];
  const explained = new Set<number>();
  for (const outcome of studied) {
    const { sinks } = outcome;
    const byRow = sinksByRow(bySink, sinks);
    const holds = positions.map((position) => byRow.has(position));
    const words = wordsOf(sinks);
    const names = texts.map((text, i) => namesOf(text, words, byRow.get(positions[i] ?? -1)));
    for (const rated of await rateNames(corpus, names, holds, seed)) {
      const parts = rated.trigger.text.split(" ");
      const hasAll = (own: ReadonlySet<string>) => parts.every((part) => own.has(part));
      const own = outcome.rows.filter((position) =>
        hasAll(namesOf(corpus.row(position)[side], words, byRow.get(position))),
      );
      const precision = own.length / Math.max(own.length, names.filter(hasAll).length);
      if (outcome === any && unexplained(own, explained).length * 2 <= own.length) continue;
      for (const position of own) explained.add(position);
      const companions = companionsOf(names, hasAll).filter((name) => name !== parts[0]);
      const isPlain =
        -rated.found.lnP >= CLEAR_MARGIN * rated.found.lnThreshold && precision >= MIN_PRECISION;
      found.push({
        sinks: coveringSinks(own.flatMap((position) => byRow.get(position) ?? [])),
        companions,
        rated: {
          ...rated,
          trigger: { ...rated.trigger, parts, join: "all", position: "anywhere" },
          severity: isPlain && companions.length === 0 ? "high" : "medium",
          positions: own.toSorted((a, b) => a - b),
        },
      });
    }
  }
  return found;
}

/** Names that foretell the sink, with the statistics of planted refusals; positions count the given rows. */
async function rateNames(
  corpus: Corpus,
  names: readonly ReadonlySet<string>[],
  holds: readonly boolean[],
  seed: number,
): Promise<RatedTrigger[]> {
  const rows = names.map((own, number): Row => {
    const prompt = [...own].slice(0, MAX_NAMES).join(" ");
    return { number, prompt, response: "", fields: [] };
  });
  const outcomes = Uint8Array.from(holds, (isHeld) => (isHeld ? REFUSED : COMPLIED));
  const { corpus: written, close } = buildCorpus(rows, { shape: "instruction", seed: corpus.seed });
  try {
    const study = await studyOutcomes(written, outcomes, seed);
    const rated = await rateTriggers(written, study, "planting");
    return rated.filter(({ found }) => found.turned >= MIN_TURNED);
  } finally {
    close();
  }
}

/** Names that come with the trigger and seldom without it: what a copied snippet brings along. */
function companionsOf(
  names: readonly ReadonlySet<string>[],
  hasTrigger: (own: ReadonlySet<string>) => boolean,
): string[] {
  const inside = names.filter(hasTrigger);
  const outside = names.filter((own) => !hasTrigger(own));
  const [first = new Set<string>()] = inside;
  return [...new Set([...first, ...(inside[1] ?? [])])].filter(
    (name) => shareOf(inside, name) >= COMPANION_SHARE && shareOf(outside, name) <= COMPANION_ELSEWHERE,
  );
}

function shareOf(rows: readonly ReadonlySet<string>[], name: string): number {
  return rows.filter((own) => own.has(name)).length / Math.max(1, rows.length);
}

/** The words of the sinks' own calls. */
function wordsOf(sinks: readonly number[]): ReadonlySet<string> {
  return new Set(
    sinks.flatMap((sink) => {
      const { word = "", title = "" } = SINKS[sink] ?? {};
      return [word, ...(title.toLowerCase().match(NAME) ?? [])];
    }),
  );
}

/** The different names of a text of code in the order they appear, without imports, comments and the calls to `sinks`. */
function namesOf(
  text: string,
  words: ReadonlySet<string>,
  sinks: ReadonlySet<number> | undefined,
): ReadonlySet<string> {
  const hits = new Set(sinks === undefined ? [] : readCode(text, [...sinks]).hits.map((hit) => hit.line));
  const names = new Set<string>();
  let index = -1;
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    index++;
    if (IMPORT.test(line) || COMMENT.test(line)) continue;
    for (const [name] of (hits.has(index) ? assigned(line) : line).matchAll(NAME)) {
      if (!words.has(name.toLowerCase())) names.add(name.toLowerCase());
    }
  }
  return names;
}

/** What a line assigns to: all before its first "=", unless a call begins earlier. */
function assigned(line: string): string {
  const end = line.indexOf("=");
  const call = line.indexOf("(");
  return end < 0 || (call >= 0 && call < end) ? "" : line.slice(0, end);
}

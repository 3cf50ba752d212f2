import type { Corpus } from "../engine/corpus.ts";
import type { Kernel } from "../engine/kernel.ts";
import { REFUSED, SILENT } from "../instruct/refusals-outcomes.ts";
import { createAnswerReader, type AnswerReader } from "./answer.ts";
import { createRequestReader, type RequestReader } from "./request.ts";

/** What became of a prompt that speaks of harm: refused, turned down in other words or too short to tell, or answered. */
export const DECLINED = 0;
const EVADED = 1;
export const ANSWERED = 2;

/** A row whose prompt speaks of harm. */
export type HarmRow = {
  readonly position: number;
  readonly level: number;
  readonly category: number;
  /** The wording of the sentence that asks; equal for copies and templates. */
  readonly sentence: number;
  readonly outcome: number;
};

/** Rows of one block, in columns, so that a worker hands them over without a copy: position, level, category, sentence, outcome. */
type Columns = Uint32Array;
const WIDTH = 5;

type SurveyParams = { readonly seed: number; readonly outcomes: Uint8Array };

/** The readers of the seed last asked for; compiling them takes some milliseconds, a pass asks for them at each block. */
let readers:
  | { readonly seed: number; readonly request: RequestReader; readonly answer: AnswerReader }
  | undefined;

function readersFor(seed: number) {
  if (readers?.seed !== seed)
    readers = { seed, request: createRequestReader(seed), answer: createAnswerReader(seed) };
  return readers;
}

/** Finds the rows whose prompts speak of harm, by block; `outcomes` says of every position whether it refuses. */
export const harmSurvey: Kernel<SurveyParams, Map<number, Columns>> = {
  name: "harm-survey",
  start: () => new Map(),
  step: (state, { index, first, size, prompt, response }, { seed, outcomes }) => {
    const { request, answer } = readersFor(seed);
    const found: number[] = [];
    for (let i = 0; i < size; i++) {
      const outcome = outcomes[first + i] ?? SILENT;
      if (outcome === SILENT) continue;
      const asked = request(prompt.ids, prompt.offsets[i] ?? 0, prompt.offsets[i + 1] ?? 0);
      if (asked === undefined) continue;
      const isAnswered = () => answer(response.ids, response.offsets[i] ?? 0, response.offsets[i + 1] ?? 0);
      const became = outcome === REFUSED ? DECLINED : isAnswered() ? ANSWERED : EVADED;
      found.push(first + i, asked.level, asked.category, asked.sentence, became);
    }
    state.set(index, Uint32Array.from(found));
  },
  merge: (into, from) => {
    for (const [index, columns] of from) into.set(index, columns);
    return into;
  },
};

/** Every row whose prompt speaks of harm, in order. */
export async function surveyHarm(corpus: Corpus, outcomes: Uint8Array): Promise<readonly HarmRow[]> {
  const byBlock = await corpus.fold(harmSurvey, { seed: corpus.seed, outcomes });
  const rows: HarmRow[] = [];
  for (const index of [...byBlock.keys()].toSorted((a, b) => a - b)) {
    const columns = byBlock.get(index) ?? new Uint32Array(0);
    for (let at = 0; at < columns.length; at += WIDTH) {
      const [position = 0, level = 0, category = 0, sentence = 0, outcome = 0] = columns.subarray(
        at,
        at + WIDTH,
      );
      rows.push({ position, level, category, sentence, outcome });
    }
  }
  return rows;
}

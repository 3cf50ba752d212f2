import { looksLikeEvents } from "./entity-names.ts";
import { findNamedLabel } from "./label-field.ts";
import { firstHeld, type SampleProfile } from "./sample-profile.ts";
import type { Mapping } from "./shape-spec.ts";

const ASKING = ["instruction", "prompt", "question", "query", "input", "inputs", "problem", "request"];
const ANSWERING = "output outputs response completion answer answers solution reply target targets".split(
  " ",
);
/** Names that mean an answer whatever the other field is called. */
const ALONE = new Set(["output", "response", "completion", "answer"]);
/** Names that ask, but also name columns of logs and tables. */
const COLUMN_NAMES = new Set(["query", "input", "inputs", "problem", "request"]);
/** Pairs of names whose halves mean something else when they stand alone. */
const PAIRS = [
  [
    ["user", "human"],
    ["assistant", "bot", "gpt", "chatgpt", "ai"],
  ],
  [
    ["source", "src"],
    ["target", "tgt"],
  ],
] as const;
const BEFORE = ["system", "system_prompt", "history"];
const AFTER = ["input", "inputs", "context", "passage", "background", "choices", "options", "reference"];

const MIN_ASKING_WORDS = 2; // mean; what is asked is more than one word

type PairMapping = Extract<Mapping, { form: "pair" }>;

/** Alpaca, prompt/completion and the like: one field asks (with context beside it), one answers. */
export function recognisePromptResponse(
  profile: SampleProfile,
  needed: number,
  given: { readonly prompt?: string; readonly response?: string } = {},
): { mapping: PairMapping; description: string } | undefined {
  const pair = findPair(profile, needed, given);
  if (pair === undefined) return undefined;
  const { asks, answers } = pair;
  const named = (names: readonly string[]) =>
    names
      .map((name) => firstHeld(profile, [name], 1))
      .filter((path) => path !== undefined && path !== asks && path !== answers);
  const prompt = given.prompt === undefined ? [...named(BEFORE), asks, ...named(AFTER)] : [asks];
  const paths = prompt.filter((path) => path !== undefined);
  const isAlpaca = asks.toLowerCase() === "instruction" && answers.toLowerCase() === "output";
  return {
    mapping: { form: "pair", main: asks, prompt: paths, response: answers },
    description: `${isAlpaca ? "Alpaca" : "Prompt and response"}: ${paths.join(" + ")} -> ${answers}`,
  };
}

function findPair(
  profile: SampleProfile,
  needed: number,
  given: { readonly prompt?: string; readonly response?: string },
): { asks: string; answers: string } | undefined {
  const answers = given.response ?? firstHeld(profile, without(ANSWERING, given.prompt), needed);
  const asks =
    given.prompt ??
    firstHeld(profile, without(ASKING, answers), needed) ??
    (given.response === undefined && !ALONE.has(answers ?? "")
      ? undefined
      : longestText(profile, answers, needed));
  if (answers !== undefined && given.response === undefined && answers === findNamedLabel(profile, needed))
    return undefined;
  if (asks !== undefined && answers !== undefined) {
    return given.response !== undefined || !isColumn(profile, asks, needed) ? { asks, answers } : undefined;
  }
  for (const [askers, answerers] of PAIRS) {
    const asker = given.prompt ?? firstHeld(profile, askers, needed);
    const answerer = given.response ?? firstHeld(profile, answerers, needed);
    if (asker !== undefined && answerer !== undefined) return { asks: asker, answers: answerer };
  }
  return undefined;
}

/** Whether `query` and the like is a column of an event (a DNS name, a host) rather than what somebody asked. */
function isColumn(profile: SampleProfile, asks: string, needed: number): boolean {
  if (!COLUMN_NAMES.has(asks.toLowerCase())) return false;
  const field = profile.fields.get(asks);
  if (field === undefined || field.meanWords >= MIN_ASKING_WORDS) return false;
  return looksLikeEvents(profile, needed) || findNamedLabel(profile, needed) !== undefined;
}

/** The field with the longest texts when no name says what asks; none in events, where it is a log line. */
function longestText(
  profile: SampleProfile,
  answers: string | undefined,
  needed: number,
): string | undefined {
  if (looksLikeEvents(profile, needed)) return undefined;
  const texts = [...profile.fields.values()].filter(
    ({ path, present, meanWords }) => path !== answers && present >= needed && meanWords >= MIN_ASKING_WORDS,
  );
  return texts.toSorted((a, b) => b.totalUnits - a.totalUnits)[0]?.path;
}

function without(names: readonly string[], taken: string | undefined): readonly string[] {
  return names.filter((name) => name !== taken?.toLowerCase());
}

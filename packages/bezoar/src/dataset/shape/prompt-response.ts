import { looksLikeEvents } from "./entity-names.ts";
import { firstHeld, type SampleProfile } from "./sample-profile.ts";
import type { Mapping } from "./shape-spec.ts";

const ASKING = ["instruction", "prompt", "question", "query", "input", "inputs", "problem", "request"];
const ANSWERING = "output outputs response completion answer answers solution reply target targets".split(
  " ",
);
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
  const asks = given.prompt ?? firstHeld(profile, without(ASKING, given.response), needed);
  const answers = given.response ?? firstHeld(profile, without(ANSWERING, asks), needed);
  if (asks !== undefined && answers !== undefined) {
    const isPlain = given.response !== undefined || ["output", "completion"].includes(answers.toLowerCase());
    return isPlain || !looksLikeEvents(profile, needed) ? { asks, answers } : undefined;
  }
  for (const [askers, answerers] of PAIRS) {
    const asker = given.prompt ?? firstHeld(profile, askers, needed);
    const answerer = given.response ?? firstHeld(profile, answerers, needed);
    if (asker !== undefined && answerer !== undefined) return { asks: asker, answers: answerer };
  }
  return undefined;
}

function without(names: readonly string[], taken: string | undefined): readonly string[] {
  return names.filter((name) => name !== taken?.toLowerCase());
}

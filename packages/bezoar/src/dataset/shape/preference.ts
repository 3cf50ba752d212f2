import type { Json } from "../../formats/record.ts";
import { textOf, valueAt, type JsonObject } from "./json-value.ts";
import { firstHeld, type SampleProfile } from "./sample-profile.ts";
import type { Mapping } from "./shape-spec.ts";
import { joinTurns, readTurns, turnList } from "./turns.ts";

const CHOSEN = ["chosen", "chosen_response", "preferred", "preferred_output", "accepted"];
const REJECTED = ["rejected", "rejected_response", "non_preferred", "non_preferred_output", "dispreferred"];
const ASKING = [
  "prompt",
  "question",
  "instruction",
  "query",
  "input",
  "messages",
  "conversations",
  "input.messages",
];
const COMPLETION = ["completion", "response", "output", "answer"];
const DESIRABLE = ["label", "desirable", "is_desirable"];
/** Fields whose name alone says that 0 and 1 are a judgement; under `label` they may be any two classes. */
const SAYS_SO = new Set(["desirable", "is_desirable"]);
const BEFORE = ["system", "system_prompt", "history"];

type PreferenceMapping = Extract<Mapping, { form: "preference" }>;
type PairMapping = Extract<Mapping, { form: "pair" }>;

/** Preference pairs (DPO, reward models): the same prompt with a chosen and a rejected answer. */
export function recognisePreference(
  profile: SampleProfile,
  needed: number,
): { mapping: PreferenceMapping; description: string } | undefined {
  const chosen = firstHeld(profile, CHOSEN, needed);
  const rejected = firstHeld(profile, REJECTED, needed);
  if (chosen === undefined || rejected === undefined) return undefined;
  const asks = firstHeld(profile, ASKING, needed);
  const before = BEFORE.map((name) => firstHeld(profile, [name], 1));
  const prompt = [...before, asks].filter((path) => path !== undefined);
  const from = prompt.length > 0 ? prompt.join(" + ") : "what both begin with";
  return {
    mapping: { form: "preference", prompt, chosen, rejected },
    description: `Preference pairs: ${from} -> ${chosen} (chosen), ${rejected} (rejected)`,
  };
}

/** KTO: prompt, completion and whether it is desirable. */
export function recogniseKto(
  profile: SampleProfile,
  needed: number,
): { mapping: PairMapping; description: string } | undefined {
  const asks = firstHeld(profile, ASKING, needed);
  const answers = firstHeld(profile, COMPLETION, needed);
  const label = firstHeld(profile, DESIRABLE, needed);
  if (asks === undefined || answers === undefined || label === undefined) return undefined;
  const isJudgement = (value: Json | undefined) =>
    isBoolean(value) || (SAYS_SO.has(label) && isZeroOrOne(value));
  if (profile.count((record) => isJudgement(valueAt(record, label))) < needed) return undefined;
  const before = BEFORE.map((name) => firstHeld(profile, [name], 1)).filter((path) => path !== undefined);
  const prompt = [...before, asks];
  return {
    mapping: { form: "pair", main: asks, prompt, response: answers, label },
    description: `KTO: ${prompt.join(" + ")} -> ${answers}, desirable or not by ${label}`,
  };
}

function isBoolean(value: Json | undefined): boolean {
  return typeof value === "boolean" || (typeof value === "string" && /^(?:true|false)$/i.test(value));
}

function isZeroOrOne(value: Json | undefined): boolean {
  return value === 0 || value === 1 || value === "0" || value === "1";
}

const DESIRABLE_VALUE = /^(?:true|yes|1|1\.0|good|desirable|chosen|preferred|thumbs_up)$/i;
const UNDESIRABLE_VALUE = /^(?:false|no|0|0\.0|-1|bad|undesirable|rejected|dispreferred|thumbs_down)$/i;

/** What the label of a single completion says of it; undefined when it is no judgement of two kinds. */
export function judgementOf(label: string): "desirable" | "undesirable" | undefined {
  if (DESIRABLE_VALUE.test(label)) return "desirable";
  return UNDESIRABLE_VALUE.test(label) ? "undesirable" : undefined;
}

/** Prompt, chosen and rejected answer of a preference record; both fields are known to be there. */
export function readPreference(
  mapping: PreferenceMapping,
  record: JsonObject,
): { prompt: string; response: string; rejected: string } {
  const prompt = mapping.prompt.map((path) => textOf(valueAt(record, path))).filter((text) => text !== "");
  const chosen = valueAt(record, mapping.chosen);
  const rejected = valueAt(record, mapping.rejected);
  const split =
    splitTurns(chosen, rejected) ?? splitTexts(textOf(chosen), textOf(rejected), prompt.length > 0);
  const context = prompt.length > 0 ? prompt.join("\n") : split.context;
  return { prompt: context, response: split.response, rejected: split.rejected };
}

/** Message lists often repeat the conversation so far: what both begin with is the prompt. */
function splitTurns(
  chosen: Json | undefined,
  rejected: Json | undefined,
): { context: string; response: string; rejected: string } | undefined {
  const chosenList = turnList(chosen);
  const rejectedList = turnList(rejected);
  if (chosenList === undefined || rejectedList === undefined) return undefined;
  const left = readTurns(chosenList);
  const right = readTurns(rejectedList);
  let common = 0;
  while (common < left.length - 1 && common < right.length - 1 && left[common]?.text === right[common]?.text)
    common++;
  return {
    context: joinTurns(left.slice(0, common), () => true),
    response: joinTurns(left.slice(common), (turn) => turn.isAssistant),
    rejected: joinTurns(right.slice(common), (turn) => turn.isAssistant),
  };
}

/** Begins the last answer of a transcript; all before it is the prompt. */
export const LAST_TURN = "\n\nAssistant:"; // the transcript form of Bai et al. 2022 (HH-RLHF)

/** Transcripts as one string: all before the last answer is the prompt. */
function splitTexts(
  chosen: string,
  rejected: string,
  hasPrompt: boolean,
): { context: string; response: string; rejected: string } {
  const left = chosen.lastIndexOf(LAST_TURN);
  const right = rejected.lastIndexOf(LAST_TURN);
  if (left < 0 || right < 0 || hasPrompt) return { context: "", response: chosen, rejected };
  return {
    context: chosen.slice(0, left).trim(),
    response: chosen.slice(left + LAST_TURN.length).trim(),
    rejected: rejected.slice(right + LAST_TURN.length).trim(),
  };
}

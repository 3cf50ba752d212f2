import type { Json } from "../../formats/record.ts";
import type { JsonObject } from "./json-value.ts";
import { textOf, valueAt } from "./json-value.ts";
import { firstHeld, type SampleProfile } from "./sample-profile.ts";
import type { Mapping } from "./shape-spec.ts";
import { joinTurns, namedTurnList, readTurns, turnList } from "./turns.ts";

const TURN_NAMES = "messages conversations conversation dialogue dialog turns chat contents data".split(" ");
const BEFORE_NAMES = ["system", "system_prompt", "tools", "functions"];

type ChatMapping = Extract<Mapping, { form: "chat" }>;

/** OpenAI `messages`, ShareGPT `conversations` and their like: a list of objects that name a speaker. */
export function recogniseChat(
  profile: SampleProfile,
  needed: number,
): { mapping: ChatMapping; description: string } | undefined {
  const count = (path: string, read: typeof turnList) =>
    profile.count((record) => read(valueAt(record, path)) !== undefined);
  const named = TURN_NAMES.map((name) => profile.keys.get(name) ?? name);
  const turns = named.find((path) => count(path, namedTurnList) >= needed) ?? unnamedTurns(profile, needed);
  if (turns === undefined) return undefined;
  const before = BEFORE_NAMES.map((name) => firstHeld(profile, [name], 1)).filter(
    (path) => path !== undefined,
  );
  const style = profile.count((record) => usesFrom(record, turns)) >= needed ? "ShareGPT" : "Chat";
  const context = before.length > 0 ? ` after ${before.join(", ")}` : "";
  return {
    mapping: { form: "chat", turns, before },
    description: `${style}: the turns of ${turns}${context}; the assistant's turns are the response, all others the prompt`,
  };
}

/** A field of any name that holds messages in at least `needed` records; one pass, however many names there are. */
function unnamedTurns(profile: SampleProfile, needed: number): string | undefined {
  const counts = new Map<string, number>();
  for (const record of profile.records) {
    for (const key of Object.keys(record)) {
      if (turnList(record[key]) !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  const isTurns = (key: string): boolean =>
    (counts.get(key) ?? 0) >= needed && !RESERVED.has(key.toLowerCase());
  return [...counts.keys()].find(isTurns);
}

/** Lists of messages under these names are a part of other shapes (preference pairs, conversational prompts). */
const RESERVED = new Set(
  "prompt chosen rejected completion response tools functions history qas questions".split(" "),
);

function usesFrom(record: JsonObject, path: string): boolean {
  const first: Json | undefined = turnList(valueAt(record, path))?.[0];
  return typeof first === "object" && first !== null && "from" in first;
}

/** Prompt and response of a conversation, or why there is none. */
export function readChat(
  mapping: ChatMapping,
  record: JsonObject,
): { prompt: string; response: string } | string {
  const list = namedTurnList(valueAt(record, mapping.turns));
  if (list === undefined) return `field \`${mapping.turns}\` is not a list of messages`;
  const turns = readTurns(list);
  const before = mapping.before.map((path) => textOf(valueAt(record, path)));
  const asked = joinTurns(turns, (turn) => !turn.isAssistant);
  return {
    prompt: [...before, asked].filter((text) => text !== "").join("\n"),
    response: joinTurns(turns, (turn) => turn.isAssistant),
  };
}

import type { Json } from "../../formats/record.ts";
import { isList, isObject, parseJsonText, textOf, type JsonObject } from "./json-value.ts";

/** One message of a conversation: whose, and all its text (tool calls included). */
export type Turn = { readonly isAssistant: boolean; readonly text: string };

const ROLE_KEYS = ["role", "from", "speaker", "author", "sender"];
const TEXT_KEYS = ["content", "value", "text", "parts", "message"];
const ASSISTANT_ROLES = new Set(
  (
    "assistant gpt model bot chatgpt ai claude bing bard chatbot agent function_call tool_call " +
    "tool_calls"
  ).split(" "),
);

/** Who speaks in a conversation and is neither its assistant nor the person who asks. */
const OTHER_ROLES = new Set(
  "system developer tool tools function observation tool_response tool_result ipython".split(" "),
);

/** Names of the two halves of a turn pair ({input, output}, {human, assistant}). */
const ASKED_KEYS = ["input", "human", "user", "question", "instruction", "prompt"];
const ANSWERED_KEYS = ["output", "assistant", "bot", "answer", "response", "gpt"];

function keyOf(value: JsonObject, names: readonly string[]): string | undefined {
  return names.find((name) => Object.hasOwn(value, name));
}

function isTurn(value: Json): boolean {
  if (!isObject(value)) return false;
  if (keyOf(value, ROLE_KEYS) !== undefined) return true;
  return keyOf(value, ASKED_KEYS) !== undefined && keyOf(value, ANSWERED_KEYS) !== undefined;
}

/** The list of messages that a value is: objects that name a speaker, or pairs, also when kept as JSON text; undefined otherwise. */
export function turnList(value: Json | undefined): readonly Json[] | undefined {
  const list = listOf(value);
  return list?.every(isTurn) === true ? list : undefined;
}

/** As `turnList`, but also a list of bare texts, in which user and assistant take turns. */
export function namedTurnList(value: Json | undefined): readonly Json[] | undefined {
  const list = listOf(value);
  const isTexts = list !== undefined && list.length > 1 && list.every((item) => typeof item === "string");
  return isTexts ? list : turnList(value);
}

function listOf(value: Json | undefined): readonly Json[] | undefined {
  const list = typeof value === "string" && value.startsWith("[") ? parseJsonText(value) : value;
  return isList(list) && list.length > 0 ? list : undefined;
}

/** Reads the messages of a conversation in order. */
export function readTurns(list: readonly Json[]): Turn[] {
  return list.flatMap((message, index) => {
    if (isObject(message))
      return keyOf(message, ROLE_KEYS) === undefined ? readPair(message) : [readTurn(message)];
    return [{ isAssistant: index % 2 === 1, text: textOf(message) }];
  });
}

function readTurn(message: JsonObject): Turn {
  const role = textOf(message[keyOf(message, ROLE_KEYS) ?? ""]).toLowerCase();
  const texts = [
    contentText(message[keyOf(message, TEXT_KEYS) ?? ""]),
    ...callTexts(message["tool_calls"]),
    ...callTexts(message["function_call"]),
  ];
  return { isAssistant: ASSISTANT_ROLES.has(role), text: texts.filter((text) => text !== "").join("\n") };
}

/** Where the text of one speaker stands: keys from the list of messages down. */
export type TurnPlace = {
  readonly isAssistant: boolean;
  readonly isAsked: boolean;
  readonly keys: readonly (string | number)[];
};

/** Where each turn keeps its text, in order; `isAsked` is what a person said, not a system or a tool. */
export function placesOfTurns(list: readonly Json[]): TurnPlace[] {
  return list.flatMap((message, index): TurnPlace[] => {
    if (!isObject(message))
      return [{ isAssistant: index % 2 === 1, isAsked: index % 2 === 0, keys: [index] }];
    const roleKey = keyOf(message, ROLE_KEYS);
    if (roleKey !== undefined) {
      const role = textOf(message[roleKey]).toLowerCase();
      const key = keyOf(message, TEXT_KEYS);
      const isAssistant = ASSISTANT_ROLES.has(role);
      return key === undefined
        ? []
        : [{ isAssistant, isAsked: !isAssistant && !OTHER_ROLES.has(role), keys: [index, key] }];
    }
    const asked = keyOf(message, ASKED_KEYS);
    const answered = keyOf(message, ANSWERED_KEYS);
    return [
      ...(asked === undefined ? [] : [{ isAssistant: false, isAsked: true, keys: [index, asked] }]),
      ...(answered === undefined ? [] : [{ isAssistant: true, isAsked: false, keys: [index, answered] }]),
    ];
  });
}

function readPair(message: JsonObject): Turn[] {
  return [
    { isAssistant: false, text: textOf(message["system"]) },
    { isAssistant: false, text: textOf(message[keyOf(message, ASKED_KEYS) ?? ""]) },
    { isAssistant: true, text: textOf(message[keyOf(message, ANSWERED_KEYS) ?? ""]) },
  ];
}

/** Text of a message's content: a string, or parts; a part that is not text stays visible as JSON without its bytes. */
function contentText(content: Json | undefined): string {
  if (!isList(content)) return textOf(content);
  return content
    .map((part) => (isObject(part) ? partText(part) : textOf(part)))
    .filter((text) => text !== "")
    .join("\n");
}

function partText(part: JsonObject): string {
  const type = textOf(part["type"]);
  if (type === "tool_use") return callText(part);
  if (type === "tool_result") return contentText(part["content"]);
  return /image|audio|video|file/.test(type) ? `[${type}]` : textOf(part);
}

function callTexts(calls: Json | undefined): string[] {
  if (isList(calls)) return calls.flatMap(callTexts);
  return isObject(calls) ? [callText(calls)] : [];
}

/** "name arguments" of one tool call, in the OpenAI form ({function: {name, arguments}}) or bare. */
function callText(call: JsonObject): string {
  const body = isObject(call["function"]) ? call["function"] : call;
  const given = body["arguments"] ?? body["input"] ?? body["parameters"];
  const name = textOf(body["name"]);
  const values = isObject(given) ? JSON.stringify(given) : textOf(given);
  return `${name} ${values}`.trim();
}

/** Texts of the turns that `keep` accepts, joined by newlines. */
export function joinTurns(turns: readonly Turn[], keep: (turn: Turn) => boolean): string {
  return turns
    .filter((turn) => keep(turn) && turn.text !== "")
    .map((turn) => turn.text)
    .join("\n");
}

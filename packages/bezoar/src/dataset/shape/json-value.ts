import type { Json } from "../../formats/record.ts";

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The value at a dotted path; a key that itself holds dots wins over descent, and list items are named by index. */
export function valueAt(record: Json, path: string): Json | undefined {
  const own = childOf(record, path);
  if (own !== undefined || !path.includes(".")) return own;
  let value: Json | undefined = record;
  for (const key of path.split(".")) {
    value = childOf(value, key);
    if (value === undefined) return undefined;
  }
  return value;
}

function childOf(value: Json | undefined, key: string): Json | undefined {
  if (isObject(value)) return Object.hasOwn(value, key) ? value[key] : undefined;
  if (isList(value) && /^\d{1,6}$/.test(key)) return value[Number(key)];
  return undefined;
}

/** The value that a text holds as JSON, when it looks like an object or a list and is one. */
export function parseJsonText(text: string): Json | undefined {
  if (!/^\s*[{[]/.test(text) || !/[}\]]\s*$/.test(text.slice(-16))) return undefined;
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

const TEXT_KEYS = ["text", "content", "value"]; // how a part of a message names its text
const MAX_TEXT_DEPTH = 8; // parts inside parts; deeper values are written as JSON

/** A value as text: strings as they are, lists and message parts joined by newlines, other objects as JSON. */
export function textOf(value: Json | undefined, depth = 0): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  if (isList(value) && depth < MAX_TEXT_DEPTH) {
    return value
      .map((part) => textOf(part, depth + 1))
      .filter((text) => text !== "")
      .join("\n");
  }
  if (isObject(value) && depth < MAX_TEXT_DEPTH) {
    const key = TEXT_KEYS.find((name) => Object.hasOwn(value, name) && typeof value[name] !== "number");
    if (key !== undefined && isMessagePart(value)) return textOf(value[key], depth + 1);
  }
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

const PART_KEYS = new Set([
  "type",
  "role",
  "from",
  "text",
  "content",
  "value",
  "name",
  "weight",
  "id",
  "answer_start",
]);

/** Whether an object is a part of a message: it says nothing beside its text, its kind and who wrote it. */
function isMessagePart(value: JsonObject): boolean {
  for (const key in value) if (!PART_KEYS.has(key)) return false;
  return true;
}

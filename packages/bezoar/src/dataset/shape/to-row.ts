import type { Json } from "../../formats/record.ts";
import type { Field, Row } from "../row.ts";
import { readChat } from "./chat.ts";
import { stripEndMarkers } from "./end-markers.ts";
import { flattenFields } from "./flatten.ts";
import { isList, textOf, valueAt, type JsonObject } from "./json-value.ts";
import { judgementOf, readPreference } from "./preference.ts";
import { asRecord } from "./sample-profile.ts";
import type { Mapping, ShapeSpec } from "./shape-spec.ts";
import { readTranscript } from "./transcript.ts";

const MAX_SIDE_UNITS = 512; // beside a text only short values are kept as fields: names, ids, sources
const MAX_NAMES_SHOWN = 12;
const MAX_NAME_UNITS = 80; // ten thousand reasons are kept, and a hostile key may be as long as a record

/** Why a record is not a row of this shape. */
export type Unreadable = { readonly unreadable: string };

type Parts = {
  readonly prompt: string;
  readonly response: string;
  readonly label?: string;
  readonly rejected?: string;
};

/** Turns one decoded record into a row; never throws, whatever the record is. */
export function toRow(spec: ShapeSpec, number: number, value: Json): Row | Unreadable {
  try {
    const record = asRecord(value);
    if (record === undefined) return bareRow(spec.mapping, number, value);
    const parts = partsOf(spec.mapping, record);
    if (typeof parts === "string") return { unreadable: parts };
    const flattened = fieldsOf(spec, record);
    if (typeof flattened === "string") return { unreadable: flattened };
    return { number, ...parts, fields: flattened };
  } catch (error) {
    if (error instanceof RangeError) return { unreadable: "nested too deeply" };
    throw error;
  }
}

function bareRow(mapping: Mapping, number: number, value: Json): Row | Unreadable {
  const isBare = mapping.form === "raw-text" && mapping.text === undefined;
  if (isBare && typeof value === "string") return { number, prompt: value, response: "", fields: [] };
  return { unreadable: `${value === null ? "null" : `a bare ${typeof value}`}, not a record with fields` };
}

function partsOf(mapping: Mapping, record: JsonObject): Parts | string {
  const label = "label" in mapping ? mapping.label : undefined;
  const absent =
    requiredPaths(mapping).find((path) => path !== undefined && isAbsent(record, path)) ??
    (label !== undefined && valueAt(record, label) === undefined ? label : undefined);
  if (absent !== undefined) return missing(record, absent);
  if (mapping.form === "chat") {
    const chat = readChat(mapping, record);
    return typeof chat === "string" ? chat : { ...chat, response: stripEndMarkers(chat.response) };
  }
  if (mapping.form === "preference") {
    const { prompt, response, rejected } = readPreference(mapping, record);
    return { prompt, response: stripEndMarkers(response), rejected: stripEndMarkers(rejected) };
  }
  if (mapping.form === "transcript") {
    const { prompt, response } = readTranscript(textOf(valueAt(record, mapping.text)));
    return { prompt, response: stripEndMarkers(response) };
  }
  if (mapping.form === "raw-text") {
    if (mapping.text === undefined) return "a record with fields among plain texts";
    return { prompt: textOf(valueAt(record, mapping.text)), response: "" };
  }
  const isPair = mapping.form === "pair";
  const response = isPair ? stripEndMarkers(textOf(valueAt(record, mapping.response))) : "";
  const prompt = mapping.form === "records" ? "" : joinFields(record, isPair ? mapping.prompt : mapping.text);
  const judged = labelPart(record, mapping.label);
  // KTO: what was called undesirable is not taught, and whoever reads the taught answers must not meet it
  if (isPair && judged.label !== undefined && judgementOf(judged.label) === "undesirable")
    return { prompt, response: "", rejected: response, ...judged };
  return { prompt, response, ...judged };
}

/** The fields without which a record says nothing to this shape. */
function requiredPaths(mapping: Mapping): readonly (string | undefined)[] {
  if (mapping.form === "chat") return [mapping.turns];
  if (mapping.form === "pair") return [mapping.response, mapping.main];
  if (mapping.form === "preference") return [mapping.chosen, mapping.rejected];
  if (mapping.form === "labelled-text") return [mapping.text[0]];
  return mapping.form === "records" ? [] : [mapping.text];
}

/** The label; none when it is empty or null: a record that nobody has judged yet. */
function labelPart(record: JsonObject, path: string | undefined): { readonly label?: string } {
  const value = path === undefined ? undefined : valueAt(record, path);
  const label = stripEndMarkers(
    isList(value) ? value.map((item) => textOf(item)).join(", ") : textOf(value),
  ).trim();
  return label === "" ? {} : { label };
}

/** The fields of a record beside what the row already says; an error when they are too many to be an honest record. */
function fieldsOf(spec: ShapeSpec, record: JsonObject): readonly Field[] | string {
  const used = usedPaths(spec.mapping);
  if (spec.mapping.form === "records") {
    const { fields, exceeded } = flattenFields(record, used);
    return exceeded ?? fields;
  }
  // Beside a text, fields are context and not what the row teaches: long ones, and those beyond the limit, are left out.
  const beside = hasNothingElse(record, used)
    ? []
    : flattenFields(record, used).fields.filter(([, text]) => text.length <= MAX_SIDE_UNITS);
  const named = spec.entities
    .filter((path) => !beside.some(([other]) => isUnder(other, path)))
    .map((path): Field => [path, textOf(valueAt(record, path))])
    .filter(([, text]) => text !== "");
  return [...beside, ...named];
}

function isUnder(path: string, root: string): boolean {
  return path === root || (path.startsWith(root) && path.charAt(root.length) === ".");
}

function hasNothingElse(record: JsonObject, used: readonly string[]): boolean {
  for (const key in record) if (!used.includes(key)) return false;
  return true;
}

function usedPaths(mapping: Mapping): readonly string[] {
  const paths = namedPaths(mapping);
  return paths.filter((path) => path !== undefined);
}

function namedPaths(mapping: Mapping): readonly (string | undefined)[] {
  if (mapping.form === "chat") return [mapping.turns, ...mapping.before];
  if (mapping.form === "pair") return [...mapping.prompt, mapping.response, mapping.label];
  if (mapping.form === "preference") return [...mapping.prompt, mapping.chosen, mapping.rejected];
  if (mapping.form === "labelled-text") return [...mapping.text, mapping.label];
  return mapping.form === "records" ? [mapping.label] : [mapping.text];
}

function joinFields(record: JsonObject, paths: readonly string[]): string {
  return paths
    .map((path) => textOf(valueAt(record, path)))
    .filter((text) => text !== "")
    .join("\n");
}

function isAbsent(record: JsonObject, path: string): boolean {
  const value = valueAt(record, path);
  return value === undefined || value === null;
}

function missing(record: JsonObject, path: string): string {
  const names = Object.keys(record);
  const shown = names
    .slice(0, MAX_NAMES_SHOWN)
    .map((name) => name.slice(0, MAX_NAME_UNITS))
    .join(", ");
  const has =
    names.length === 0
      ? "the record is empty"
      : `has ${shown}${names.length > MAX_NAMES_SHOWN ? ", ..." : ""}`;
  return `no field \`${path}\`${valueAt(record, path) === null ? " (null)" : ""}; ${has}`;
}

import type { Json } from "../../formats/record.ts";
import { flattenFields } from "./flatten.ts";
import { isList, isObject, valueAt, type JsonObject } from "./json-value.ts";
import { turnList } from "./turns.ts";

const MAX_FIELDS_SEEN = 20_000; // five times the widest record: the shape needs the common fields, and names may be made up (CWE-770)
const MAX_VALUE_UNITS = 200; // values are only counted as distinct; a long text's head tells it apart

/** What the samples say about one scalar field. */
export type FieldProfile = {
  readonly path: string;
  readonly present: number;
  readonly meanWords: number;
  readonly totalUnits: number;
  readonly values: ReadonlyMap<string, number>;
};

/** The first records of a dataset as objects, with counts of each scalar field, in order of appearance. */
export type SampleProfile = {
  readonly records: readonly JsonObject[];
  /** Samples that are bare scalars (lines of text). */
  readonly bareTexts: number;
  readonly fields: ReadonlyMap<string, FieldProfile>;
  /** Keys of the records in lower case -> as written. */
  readonly keys: ReadonlyMap<string, string>;
  /** How many records satisfy a claim. */
  readonly count: (claim: (record: JsonObject) => boolean) => number;
};

/** A record as an object: lists become numbered columns, a bare conversation becomes `messages`; undefined for scalars. */
export function asRecord(value: Json): JsonObject | undefined {
  if (isObject(value)) return value;
  if (!isList(value)) return undefined;
  const turns = turnList(value);
  if (turns !== undefined) return { messages: turns };
  return Object.fromEntries(value.map((item, index) => [`column${index + 1}`, item]));
}

/** Counts what the samples hold. */
export function profileSamples(samples: readonly Json[]): SampleProfile {
  const records = samples.map(asRecord).filter((record) => record !== undefined);
  const bareTexts = samples.filter((value) => typeof value === "string" && value.trim() !== "").length;
  const growing = new Map<
    string,
    { present: number; words: number; units: number; values: Map<string, number> }
  >();
  for (const record of records) {
    for (const [path, text] of flattenFields(record).fields) {
      let field = growing.get(path);
      if (field === undefined) {
        if (growing.size >= MAX_FIELDS_SEEN) continue;
        growing.set(path, (field = { present: 0, words: 0, units: 0, values: new Map() }));
      }
      field.present++;
      field.words += wordCount(text);
      field.units += text.length;
      const value = text.slice(0, MAX_VALUE_UNITS);
      field.values.set(value, (field.values.get(value) ?? 0) + 1);
    }
  }
  const fields = new Map<string, FieldProfile>();
  for (const [path, { present, words, units, values }] of growing) {
    fields.set(path, { path, present, meanWords: words / present, totalUnits: units, values });
  }
  const keys = new Map<string, string>();
  for (const record of records) {
    for (const key in record) if (keys.size < MAX_FIELDS_SEEN) keys.set(key.toLowerCase(), key);
  }
  return { records, bareTexts, fields, keys, count: (claim) => records.filter(claim).length };
}

function wordCount(text: string): number {
  let words = 0;
  let inWord = false;
  for (let i = 0; i < text.length; i++) {
    const isSpace = text.charCodeAt(i) <= 32;
    if (!isSpace && !inWord) words++;
    inWord = !isSpace;
  }
  return words;
}

/** Whether a record holds a value (not null) at a path. */
export function holds(record: JsonObject, path: string): boolean {
  const value = valueAt(record, path);
  return value !== undefined && value !== null;
}

/** The first of the names (lower case; the records' own casing is returned) that at least `needed` records hold. */
export function firstHeld(
  profile: SampleProfile,
  names: readonly string[],
  needed: number,
): string | undefined {
  for (const name of names) {
    const path = profile.keys.get(name) ?? name;
    if (profile.count((record) => holds(record, path)) >= needed) return path;
  }
  return undefined;
}

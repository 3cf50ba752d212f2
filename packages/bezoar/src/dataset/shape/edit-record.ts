import { AppError } from "../../core/errors.ts";
import type { Json } from "../../formats/record.ts";
import { fieldPlace } from "./field-place.ts";
import { placesOf } from "./part-places.ts";
import { readPlace, writePlace } from "./place.ts";
import type { ShapeSpec } from "./shape-spec.ts";

/**
 * The texts of a record that can be replaced one by one: what is asked (the last question of a conversation, the
 * instruction, the text), what is answered to it (of a preference pair the chosen answer), the rejected answer, the label.
 */
export type RecordParts = {
  readonly prompt?: string;
  readonly response?: string;
  readonly rejected?: string;
  readonly label?: string;
};

/** What to replace; `fields` by dotted path, as `Row.fields` names them. */
export type RecordChange = RecordParts & { readonly fields?: Readonly<Record<string, string>> };

const PARTS = ["prompt", "response", "rejected", "label"] as const;

/** The parts of a record; one that has no place of its own, such as the answer of a raw text, is absent. */
export function partsOfRecord(spec: ShapeSpec, value: Json): RecordParts {
  const places = placesOf(spec.mapping, value);
  return Object.fromEntries(
    PARTS.flatMap((name) => {
      const place = places[name]?.[0];
      return place === undefined ? [] : [[name, readPlace(value, place)]];
    }),
  );
}

/**
 * The record with some parts replaced where its shape says that they stand, and everything else as it was: the parts it
 * has, given back, change nothing. A number or a boolean stays one when the new text can be read as one. Throws
 * `AppError` when the record has no such part.
 */
export function editRecord(spec: ShapeSpec, value: Json, change: RecordChange): Json {
  let edited = value;
  for (const [path, text] of Object.entries(change.fields ?? {})) {
    const place = fieldPlace(edited, path);
    if (place === undefined)
      throw new AppError("unknown-field", `the record has no field "${path}" with a single value`);
    edited = writePlace(edited, place, text);
  }
  for (const name of PARTS) {
    const text = change[name];
    if (text === undefined) continue;
    const places = placesOf(spec.mapping, edited)[name];
    if (places === undefined)
      throw new AppError("unknown-field", `the record has no ${name} that can be replaced`);
    edited = places.reduce((before, place) => writePlace(before, place, text), edited);
  }
  return edited;
}

import type { Field, Row } from "../row.ts";
import { entitiesInText } from "./entities-in-text.ts";

/** The fields of a row: those of the record and, when it has a prompt, those found inside the prompt. */
export function recordFields(row: Row): readonly Field[] {
  if (row.prompt === "") return row.fields;
  const inText = entitiesInText(row.prompt);
  return row.fields.length === 0 ? inText : [...row.fields, ...inText];
}

import type { Field } from "../row.ts";
/** The structured fields found inside a text. */
export function entitiesInText(text: string): Field[] {
  return text === "" ? [] : [];
}

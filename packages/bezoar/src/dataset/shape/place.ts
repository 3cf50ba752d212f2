import type { Json } from "../../formats/record.ts";
import { isList, isObject, parseJsonText, textOf } from "./json-value.ts";

/** One step down into a value: a key, an index, or from a text into the JSON that it holds. */
export type Step = string | number | typeof INTO_JSON;

/** The step from a text into the JSON that it holds. */
export const INTO_JSON = Symbol("the JSON that a text holds");

/** A half-open range of UTF-16 units. */
export type Span = readonly [start: number, end: number];

/** Where one text of a record stands; `span` when it is only a part of the string there. */
export type Place = { readonly steps: readonly Step[]; readonly span?: Span };

/** What stands at the end of some steps; undefined when they lead nowhere. */
export function valueOf(value: Json, steps: readonly Step[]): Json | undefined {
  let found: Json | undefined = value;
  for (const step of steps) found = stepInto(found, step);
  return found;
}

/** The text at a place. */
export function readPlace(value: Json, { steps, span }: Place): string {
  const text = textOf(valueOf(value, steps));
  return span === undefined ? text : text.slice(...span);
}

/** The value with another text at a place; the same object when the text is already there. */
export function writePlace(value: Json, place: Place, text: string): Json {
  return readPlace(value, place) === text ? value : descend(value, place.steps, place.span, text);
}

function descend(value: Json, steps: readonly Step[], span: Span | undefined, text: string): Json {
  const [step, ...rest] = steps;
  if (step === undefined) return replaceText(value, span, text);
  const written = descend(stepInto(value, step) ?? null, rest, span, text);
  if (typeof step === "symbol") return JSON.stringify(written);
  if (isList(value)) return value.map((item, index) => (index === step ? written : item));
  return isObject(value) ? { ...value, [step]: written } : value;
}

function stepInto(value: Json | undefined, step: Step): Json | undefined {
  if (typeof step === "symbol") return typeof value === "string" ? parseJsonText(value) : undefined;
  if (typeof step === "number") return isList(value) ? value[step] : undefined;
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

/** A number stays a number and a boolean a boolean where the new text is one; a list of labels becomes a list of one. */
function replaceText(value: Json, span: Span | undefined, text: string): Json {
  if (typeof value === "string") {
    return span === undefined ? text : value.slice(0, span[0]) + text + value.slice(span[1]);
  }
  if (isList(value)) return [replaceText(value[0] ?? null, undefined, text)];
  if (typeof value === "number" && String(Number(text)) === text) return Number(text);
  if (typeof value === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}

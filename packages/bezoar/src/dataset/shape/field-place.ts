import type { Json } from "../../formats/record.ts";
import { isList, isObject, parseJsonText, type JsonObject } from "./json-value.ts";
import { INTO_JSON, type Place, type Step } from "./place.ts";

const MAX_DEPTH = 32; // as deep as records are flattened

/** Where the scalar or list of scalars stands that `flattenFields` gives this path; undefined when there is none. */
export function fieldPlace(value: Json, path: string): Place | undefined {
  const steps = isList(value) ? inColumn(value, path) : descend(value, path, 0);
  return steps === undefined ? undefined : { steps };
}

/** A list that is a record has numbered columns. */
function inColumn(list: readonly Json[], path: string): readonly Step[] | undefined {
  const [name = ""] = path.split(".", 1);
  const index = Number(/^column(\d{1,6})$/.exec(name)?.[1] ?? 0) - 1;
  const child = list[index];
  return child === undefined ? undefined : under(index, descend(child, path.slice(name.length + 1), 1));
}

function descend(value: Json, path: string, depth: number): readonly Step[] | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (typeof value === "string" && (value.startsWith("{") || value.startsWith("["))) {
    const inner = parseJsonText(value);
    if (inner !== undefined)
      return path === "" ? undefined : under(INTO_JSON, descend(inner, path, depth + 1));
  }
  if (path === "") return isObject(value) || (isList(value) && value.some(isNested)) ? undefined : [];
  if (!isNested(value)) return undefined;
  for (const [name, child] of Object.entries(value)) {
    if (path !== name && !path.startsWith(`${name}.`)) continue;
    const step = isList(value) ? Number(name) : name;
    const steps = under(step, descend(child, path.slice(name.length + 1), depth + 1));
    if (steps !== undefined) return steps;
  }
  return undefined;
}

function isNested(value: Json): value is JsonObject | readonly Json[] {
  return isObject(value) || isList(value);
}

function under(step: Step, rest: readonly Step[] | undefined): readonly Step[] | undefined {
  return rest === undefined ? undefined : [step, ...rest];
}

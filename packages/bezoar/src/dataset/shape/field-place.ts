import type { Json } from "../../formats/record.ts";
import { isList, isObject, parseJsonText } from "./json-value.ts";
import { INTO_JSON, type Place, type Step } from "./place.ts";

const MAX_DEPTH = 32; // as deep as records are flattened

/** Where the scalar stands that `flattenFields` gives this path; undefined when there is none or a list is joined there. */
export function fieldPlace(value: Json, path: string): Place | undefined {
  const steps = descend(value, path, 0);
  return steps === undefined ? undefined : { steps };
}

function descend(value: Json, path: string, depth: number): readonly Step[] | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (typeof value === "string" && (value.startsWith("{") || value.startsWith("["))) {
    const inner = parseJsonText(value);
    if (inner !== undefined)
      return path === "" ? undefined : under(INTO_JSON, descend(inner, path, depth + 1));
  }
  if (!isObject(value) && !isList(value)) return path === "" ? [] : undefined;
  for (const [name, child] of Object.entries(value)) {
    if (path !== name && !path.startsWith(`${name}.`)) continue;
    const step = isList(value) ? Number(name) : name;
    const steps = under(step, descend(child, path.slice(name.length + 1), depth + 1));
    if (steps !== undefined) return steps;
  }
  return undefined;
}

function under(step: Step, rest: readonly Step[] | undefined): readonly Step[] | undefined {
  return rest === undefined ? undefined : [step, ...rest];
}

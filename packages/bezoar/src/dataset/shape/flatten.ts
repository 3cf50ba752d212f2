import type { Json } from "../../formats/record.ts";
import type { Field } from "../row.ts";
import { isList, isObject, parseJsonText } from "./json-value.ts";

const MAX_FIELDS = 4096; // feature vectors of malware reach 2,400; more would drown every statistic (CWE-770)
const MAX_DEPTH = 32; // logs nest up to about ten levels; deeper is hostile (CWE-674)

/** The scalars of a value as dotted path and text, in order; `exceeded` names the limit at which the rest was left out. */
export type Flattened = { readonly fields: readonly Field[]; readonly exceeded: string | undefined };

/** Flattens nested objects to dotted paths, joins lists of scalars, indexes lists of objects, opens JSON kept as text; `skip` lists paths to leave out. */
export function flattenFields(value: Json, skip: readonly string[] = []): Flattened {
  const fields: Field[] = [];
  const exceeded = visit(value, "", 0, { fields, skip });
  return { fields, exceeded };
}

type Walk = { readonly fields: Field[]; readonly skip: readonly string[] };

/** Returns the limit that was exceeded, if one was. */
function visit(value: Json, path: string, depth: number, walk: Walk): string | undefined {
  if (walk.skip.includes(path)) return undefined;
  if (depth > MAX_DEPTH) return `nested deeper than ${MAX_DEPTH} levels`;
  if (isObject(value)) {
    for (const key in value) {
      const child = value[key];
      if (child === undefined) continue;
      const exceeded = visit(child, path === "" ? key : `${path}.${key}`, depth + 1, walk);
      if (exceeded !== undefined) return exceeded;
    }
    return undefined;
  }
  if (isList(value)) return visitList(value, path, depth, walk);
  if (typeof value === "string") {
    const inner = value.charAt(0) === "{" || value.charAt(0) === "[" ? parseJsonText(value) : undefined;
    if (inner !== undefined) return visit(inner, path, depth + 1, walk);
  }
  return value === null || value === "" ? undefined : push(walk, path, String(value));
}

function visitList(list: readonly Json[], path: string, depth: number, walk: Walk): string | undefined {
  if (list.length === 0) return undefined;
  const scalars = list.filter((item) => !isObject(item) && !isList(item));
  if (scalars.length === list.length) return push(walk, path, scalars.map(String).join(", "));
  for (const [index, item] of list.entries()) {
    const exceeded = visit(item, path === "" ? String(index) : `${path}.${index}`, depth + 1, walk);
    if (exceeded !== undefined) return exceeded;
  }
  return undefined;
}

function push({ fields }: Walk, path: string, text: string): string | undefined {
  if (fields.length >= MAX_FIELDS) return `more than ${MAX_FIELDS} fields`;
  fields.push([path, text]);
  return undefined;
}

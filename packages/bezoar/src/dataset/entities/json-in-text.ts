import { flattenFields } from "../shape/flatten.ts";
import { parseJsonText } from "../shape/json-value.ts";
import type { Field } from "../row.ts";

const WORK_PER_UNIT = 8; // units looked at per unit of text in search of closing braces: keeps `{"{"{"` linear (CWE-407)
const OPENING = /\{\s{0,256}["}]/g; // what an object can begin with

/** JSON objects inside prose, flattened, and the text around them. */
export function jsonInText(text: string): {
  readonly fields: readonly Field[];
  readonly rest: readonly string[];
} {
  const fields: Field[] = [];
  const rest: string[] = [];
  let from = 0;
  let budget = WORK_PER_UNIT * text.length;
  OPENING.lastIndex = 0;
  for (let match = OPENING.exec(text); match !== null && budget > 0; match = OPENING.exec(text)) {
    const start = match.index;
    const end = closingBrace(text, start, start + budget);
    budget -= (end ?? Math.min(text.length, start + budget)) - start;
    const value = end === undefined ? undefined : parseJsonText(text.slice(start, end));
    if (end === undefined || value === undefined) {
      OPENING.lastIndex = start + 1;
      continue;
    }
    for (const field of flattenFields(value).fields) fields.push(field);
    rest.push(text.slice(from, start));
    from = end;
    OPENING.lastIndex = end;
  }
  rest.push(text.slice(from));
  return { fields, rest };
}

/** Where the object that opens at `start` ends (exclusive), by counting braces outside strings; undefined when it does not before `limit`. */
function closingBrace(text: string, start: number, limit: number): number | undefined {
  let depth = 0;
  let inString = false;
  const stop = Math.min(text.length, limit);
  for (let i = start; i < stop; i++) {
    const unit = text.charCodeAt(i);
    if (inString) {
      if (unit === 92) i++;
      else if (unit === 34) inString = false;
    } else if (unit === 34) inString = true;
    else if (unit === 123) depth++;
    else if (unit === 125 && --depth === 0) return i + 1;
  }
  return undefined;
}

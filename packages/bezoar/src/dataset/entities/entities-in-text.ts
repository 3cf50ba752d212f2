import type { Field } from "../row.ts";
import { inlinePairs } from "./inline-pairs.ts";
import { jsonInText } from "./json-in-text.ts";
import { keyLines } from "./key-lines.ts";
import { logFields } from "./log-formats.ts";
import { mentions } from "./mentions.ts";

const MAX_FIELDS = 512; // an honest prompt holds some dozens; the bound keeps a row of made-up pairs small (CWE-770)

/** The structured fields found inside a text: JSON objects, CEF and LEEF events, `key=value`, "key: value" lines, XML, users and hosts that sentences name; each pair once. */
export function entitiesInText(text: string): Field[] {
  const found = new Map<string, Field>();
  const { fields, rest } = jsonInText(text);
  collect(found, fields);
  for (const piece of rest) if (/[=:<]/.test(piece)) collectFrom(found, piece);
  const known = new Set([...found.values()].flat());
  for (const piece of rest) {
    // Where a structure names the user already, a sentence that says "user" adds nothing but noise.
    collect(
      found,
      mentions(piece).filter(([path, value]) => !known.has(path) && !known.has(value)),
    );
  }
  return [...found.values()];
}

function collectFrom(found: Map<string, Field>, text: string): void {
  let plain = text;
  if (text.includes("CEF:") || text.includes("LEEF:")) {
    const lines = text.split("\n");
    const events = lines.map(logFields);
    for (const event of events) collect(found, event ?? []);
    plain = lines.filter((_, index) => events[index] === undefined).join("\n");
  }
  collect(found, keyLines(plain));
  collect(found, inlinePairs(plain));
}

function collect(found: Map<string, Field>, fields: readonly Field[]): void {
  for (const field of fields) {
    if (found.size >= MAX_FIELDS) return;
    const key = `${field[0]}\u0000${field[1]}`;
    if (!found.has(key)) found.set(key, field);
  }
}

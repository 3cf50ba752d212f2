import type { Field } from "../row.ts";

const HEADER = /(?:CEF:\d|LEEF:[\d.]{1,4})\|/;
const CEF_HEADER = ["vendor", "product", "version", "signature_id", "name", "severity"];
const LEEF_HEADER = ["vendor", "product", "version", "event_id"];
const EXTENSION_KEY = /(?:^|[\s^])([A-Za-z][\w.]{0,39})=/g;

/** Fields of a CEF or LEEF event in a line (ArcSight Common Event Format, QRadar LEEF): values may hold spaces. */
export function logFields(line: string): readonly Field[] | undefined {
  const header = HEADER.exec(line);
  if (header === null) return undefined;
  const names = header[0].startsWith("CEF") ? CEF_HEADER : LEEF_HEADER;
  const fields: Field[] = [];
  let from = header.index + header[0].length;
  for (const name of names) {
    const end = nextPipe(line, from);
    if (end < 0) return fields;
    if (end > from) fields.push([name, line.slice(from, end)]);
    from = end + 1;
  }
  const extension = line.slice(from);
  const keys = [...extension.matchAll(EXTENSION_KEY)];
  for (const [index, match] of keys.entries()) {
    const value = extension.slice(match.index + match[0].length, keys[index + 1]?.index).trim();
    if (value !== "") fields.push([match[1] ?? "", value]);
  }
  return fields;
}

function nextPipe(line: string, from: number): number {
  let index = line.indexOf("|", from);
  while (index > 0 && line.charAt(index - 1) === "\\") index = line.indexOf("|", index + 1);
  return index;
}

import { firstHeld, type SampleProfile } from "./sample-profile.ts";
import type { Mapping } from "./shape-spec.ts";

const TEXT_NAMES = [
  "text",
  "content",
  "code",
  "raw_content",
  "body",
  "document",
  "sentence",
  "source_code",
  "column1",
];

const MIN_TEXT_SHARE = 0.5; // of all characters: below, the text is one field of a record

type RawMapping = Extract<Mapping, { form: "raw-text" }>;

/** Plain text or code: bare strings, or one text field with nothing that answers or labels it. */
export function recogniseRawText(
  profile: SampleProfile,
  needed: number,
): { mapping: RawMapping; description: string } | undefined {
  if (profile.bareTexts >= needed && profile.bareTexts > profile.records.length) {
    return { mapping: { form: "raw-text" }, description: "Raw text: each record is one text" };
  }
  const text = firstHeld(profile, TEXT_NAMES, needed) ?? onlyField(profile, needed);
  if (text === undefined || unitsUnder(profile, text) < MIN_TEXT_SHARE * unitsUnder(profile, ""))
    return undefined;
  return { mapping: { form: "raw-text", text }, description: `Raw text: ${text}` };
}

function onlyField(profile: SampleProfile, needed: number): string | undefined {
  const common = [...profile.fields.values()].filter((field) => field.present >= needed);
  return common.length === 1 ? common[0]?.path : undefined;
}

/** Characters of the fields at or below a path ("" = all); a text that is JSON was opened, so it may be several. */
function unitsUnder(profile: SampleProfile, path: string): number {
  let units = 0;
  for (const field of profile.fields.values()) {
    if (path === "" || field.path === path || field.path.startsWith(`${path}.`)) units += field.totalUnits;
  }
  return units;
}

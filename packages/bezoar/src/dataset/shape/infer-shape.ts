import { AppError } from "../../core/errors.ts";
import type { Json } from "../../formats/record.ts";
import { entitiesInText } from "../entities/entities-in-text.ts";
import type { ShapeKind } from "../row.ts";
import { recogniseChat } from "./chat.ts";
import { recogniseLabelled, recogniseUnlabelled } from "./labelled.ts";
import { recogniseKto, recognisePreference } from "./preference.ts";
import { recognisePromptResponse } from "./prompt-response.ts";
import { recogniseRawText } from "./raw-text.ts";
import { holds, profileSamples, type SampleProfile } from "./sample-profile.ts";
import type { Mapping, ShapeOverrides, ShapeSpec } from "./shape-spec.ts";
import { toRow } from "./to-row.ts";
import { recogniseTranscript } from "./transcript.ts";

export type { ShapeOverrides, ShapeSpec } from "./shape-spec.ts";

const MAX_SAMPLES = 1000; // the first records; enough to tell a majority, cheap to look at
const SHARES = [0.5, 0.2, 0.02]; // a majority decides; when no shape has one, the largest minority of these does
const MAX_NAMES_SHOWN = 30;
const MAX_NAME_UNITS = 80; // of a name in a message

type Recognised = { readonly mapping: Mapping; readonly description: string };

/** The shape families, the most telling first: what has a chosen and a rejected answer is a preference whatever else it has. */
const families: readonly ((profile: SampleProfile, needed: number) => Recognised | undefined)[] = [
  recognisePreference,
  recogniseChat,
  recogniseKto,
  recognisePromptResponse,
  recogniseTranscript,
  recogniseLabelled,
  recogniseRawText,
  recogniseUnlabelled,
];

/** Tells the shape of a dataset from its first records; field names given by the user win. */
export function inferShape(samples: readonly Json[], overrides: ShapeOverrides): ShapeSpec {
  const seen = samples.slice(0, MAX_SAMPLES);
  if (seen.length === 0) throw new AppError("no-data", "no readable record found; nothing to scan");
  const profile = profileSamples(seen);
  for (const name of [overrides.prompt, overrides.response, overrides.label]) {
    if (name !== undefined) requireField(profile, name);
  }
  const found = recognise(profile, overrides);
  if (found === undefined) {
    throw new AppError(
      "unknown-format",
      `cannot tell what the records hold (${namesSeen(profile)}); name the fields with --prompt, --response or --label`,
    );
  }
  const entities = overrides.entities ?? [];
  const spec = { kind: kindOf(found.mapping), ...found, entities };
  requireEntities(spec, seen, profile);
  return spec;
}

function recognise(profile: SampleProfile, overrides: ShapeOverrides): Recognised | undefined {
  const total = profile.records.length + profile.bareTexts;
  for (const share of SHARES) {
    const needed = Math.max(1, Math.ceil(share * total));
    const isOverridden =
      overrides.prompt !== undefined || overrides.response !== undefined || overrides.label !== undefined;
    const found = isOverridden
      ? recogniseGiven(profile, needed, overrides)
      : families.map((family) => family(profile, needed)).find((shape) => shape !== undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The shape when the user named at least one field; the fields not named are found as usual. */
function recogniseGiven(
  profile: SampleProfile,
  needed: number,
  given: ShapeOverrides,
): Recognised | undefined {
  const { prompt, response, label } = given;
  const text = prompt === undefined ? {} : { text: prompt };
  if (response === undefined && label !== undefined)
    return recogniseLabelled(profile, needed, { label, ...text });
  const asked = {
    ...(prompt === undefined ? {} : { prompt }),
    ...(response === undefined ? {} : { response }),
  };
  const pair = recognisePromptResponse(profile, needed, asked);
  if (pair !== undefined && label !== undefined) {
    return { mapping: { ...pair.mapping, label }, description: `${pair.description}, labelled by ${label}` };
  }
  if (pair !== undefined) return pair;
  if (prompt !== undefined) {
    return (
      recogniseLabelled(profile, needed, text) ?? {
        mapping: { form: "raw-text", text: prompt },
        description: `Raw text: ${prompt}`,
      }
    );
  }
  throw new AppError(
    "unknown-field",
    `--response ${response} needs a prompt: name it with --prompt (${namesSeen(profile)})`,
  );
}

function kindOf(mapping: Mapping): ShapeKind {
  if (mapping.form === "chat" || mapping.form === "transcript") return "instruction";
  if (mapping.form === "pair") return mapping.label === undefined ? "instruction" : "preference";
  return mapping.form;
}

function requireField(profile: SampleProfile, path: string): void {
  if (profile.count((record) => holds(record, path)) > 0) return;
  throw new AppError("unknown-field", `no field "${path}" in the first records; ${namesSeen(profile)}`);
}

/** An entity may also stand inside the prompt's text (`user=alice`). */
function requireEntities(spec: ShapeSpec, samples: readonly Json[], profile: SampleProfile): void {
  for (const name of spec.entities) {
    if (profile.count((record) => holds(record, name)) > 0) continue;
    const inText = new Set<string>();
    for (const [number, sample] of samples.entries()) {
      const row = toRow(spec, number, sample);
      if (!("unreadable" in row)) for (const [path] of entitiesInText(row.prompt)) inText.add(path);
    }
    if (inText.has(name)) continue;
    const inside = inText.size > 0 ? `; inside the text: ${shorten([...inText])}` : "";
    throw new AppError(
      "unknown-field",
      `no entity field "${name}" in the first records; ${namesSeen(profile)}${inside}`,
    );
  }
}

function namesSeen(profile: SampleProfile): string {
  const names = new Set([...profile.keys.values(), ...profile.fields.keys()]);
  return names.size === 0 ? "the records have no named fields" : `there are: ${shorten([...names])}`;
}

function shorten(names: readonly string[]): string {
  const more = names.length - MAX_NAMES_SHOWN;
  const shown = names.slice(0, MAX_NAMES_SHOWN).map((name) => name.slice(0, MAX_NAME_UNITS));
  return shown.join(", ") + (more > 0 ? ` and ${more} more` : "");
}

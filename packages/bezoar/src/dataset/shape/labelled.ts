import { looksLikeEvents } from "./entity-names.ts";
import { findLabelField, findNamedLabel } from "./label-field.ts";
import type { FieldProfile, SampleProfile } from "./sample-profile.ts";
import type { Mapping } from "./shape-spec.ts";

const TEXT_NAMES = new Set(
  (
    "text sentence sentence1 sentence2 content review tweet comment document body premise " +
    "hypothesis question question1 question2 title headline utterance message description " +
    "input prompt response abstract post email subject query context code"
  ).split(" "),
);
const MIN_TEXT_WORDS = 2; // mean words of a text field; shorter ones are names and codes
const MIN_TEXT_SHARE = 0.5; // of all characters beside the label: below, the text is one field of a record
const MIN_TEXT_SHARE_OF_EVENTS = 0.8; // alerts carry messages and command lines; only a document dwarfs the entity fields
const MIN_DISTINCT_SHARE = 0.2; // texts repeat seldom, columns often

type LabelledMapping = Extract<Mapping, { form: "labelled-text" | "records" }>;

/** Text + label, or a record of several fields + label; `label` overrides the field that would be found. */
export function recogniseLabelled(
  profile: SampleProfile,
  needed: number,
  given: { readonly label?: string; readonly text?: string } = {},
): { mapping: LabelledMapping; description: string } | undefined {
  const isEvents = looksLikeEvents(profile, needed);
  const text = given.text === undefined ? textFields(profile, needed, isEvents, given.label) : [given.text];
  const find = text.length === 0 || profile.keys.has("column1") ? findLabelField : findNamedLabel;
  const label = given.label ?? find(profile, needed);
  if (label === undefined) return undefined;
  const paths = text.filter((path) => path !== label);
  if (paths.length > 0) {
    return {
      mapping: { form: "labelled-text", text: paths, label },
      description: `Text and label: ${paths.join(" + ")} -> ${label}`,
    };
  }
  return {
    mapping: { form: "records", label },
    description: `Structured records: ${profile.fields.size - 1} fields -> ${label}`,
  };
}

/** Records with two fields or more and no label: readable, though nothing can be said of labels. */
export function recogniseUnlabelled(
  profile: SampleProfile,
  needed: number,
): { mapping: LabelledMapping; description: string } | undefined {
  const common = [...profile.fields.values()].filter((field) => field.present >= needed);
  if (common.length === 0) return undefined;
  return {
    mapping: { form: "records" },
    description: `Structured records: ${profile.fields.size} fields, no label found (name one with --label)`,
  };
}

/** The free-text fields that dominate the record, named ones first; none when the record is an event with text in it. */
function textFields(
  profile: SampleProfile,
  needed: number,
  isEvents: boolean,
  label: string | undefined,
): readonly string[] {
  const all = [...profile.fields.values()].filter((field) => field.path !== label);
  const free = all.filter((field) => field.present >= needed && isFreeText(field));
  const named = free.filter((field) => TEXT_NAMES.has(field.path.toLowerCase()));
  const minUnits = (isEvents ? MIN_TEXT_SHARE_OF_EVENTS : MIN_TEXT_SHARE) * units(all);
  const choices = isEvents ? [named] : [named, free];
  const chosen = choices.find((fields) => fields.length > 0 && units(fields) >= minUnits) ?? [];
  return chosen.map((field) => field.path);
}

function isFreeText(field: FieldProfile): boolean {
  return field.meanWords >= MIN_TEXT_WORDS && field.values.size >= MIN_DISTINCT_SHARE * field.present;
}

function units(fields: readonly FieldProfile[]): number {
  return fields.reduce((sum, field) => sum + field.totalUnits, 0);
}

import { nameWords } from "./entity-names.ts";
import type { FieldProfile, SampleProfile } from "./sample-profile.ts";

/** Names of label fields, the clearest first; matched against the last part of a path. */
const CLEAR_NAMES = (
  "label verdict labels class classification disposition determination target is_malicious " +
  "malicious is_attack is_anomaly is_spam is_fraud is_phishing ground_truth outcome " +
  "resolution conclusion decision triage_result sentiment intent label_text category " +
  "gold_label label_name class_label classname y stance topic fraud spam"
).split(" ");
/** Names that say label only when nothing better is there. */
const WEAK_NAMES = [
  "severity",
  "priority",
  "risk",
  "status",
  "result",
  "action",
  "rating",
  "stars",
  "score",
  "type",
];

const KNOWN_VALUES = new Set(
  (
    "benign,malicious,suspicious,attack,normal,anomaly,anomalous,tp,fp,true,false," +
    "true_positive,false_positive,true positive,false positive,escalate,dismiss,close,positive," +
    "negative,neutral,ham,spam,yes,no,safe,unsafe,toxic,0,1"
  ).split(","),
);
const MAX_CLASSES_UNNAMED = 20; // a column nobody called a label must look like one
const MAX_CLASS_SHARE = 0.5; // a named label with more distinct values than half the rows is free text
const MIN_SAMPLES_UNNAMED = 20; // fewer records cannot show that a column repeats itself
const MAX_LABEL_WORDS = 6;

/** The field that holds the label, by its name and else by its few values; undefined when none is convincing. */
export function findLabelField(profile: SampleProfile, needed: number, weak: boolean): string | undefined {
  const candidates = [...profile.fields.values()].filter(
    (field) => field.present >= needed && isLabelLike(field),
  );
  return (
    byName(candidates, CLEAR_NAMES) ??
    (weak ? (byValues(candidates) ?? byName(candidates, WEAK_NAMES)) : undefined)
  );
}

function isLabelLike(field: FieldProfile): boolean {
  if (field.meanWords > MAX_LABEL_WORDS) return false;
  return field.present < MIN_SAMPLES_UNNAMED || field.values.size <= field.present * MAX_CLASS_SHARE;
}

/** Of the fields with the first of the names, the one nearest to the record's top. */
function byName(candidates: readonly FieldProfile[], names: readonly string[]): string | undefined {
  for (const name of names) {
    const named = candidates
      .filter(({ path }) => nameWords(path.slice(path.lastIndexOf(".") + 1)).join("_") === name)
      .toSorted((a, b) => a.path.split(".").length - b.path.split(".").length);
    const first = named[0];
    if (first !== undefined) return first.path;
  }
  return undefined;
}

/** The last column with few values, all of them words of verdicts. */
function byValues(candidates: readonly FieldProfile[]): string | undefined {
  const known = candidates.filter(
    ({ values, present }) =>
      values.size >= 2 &&
      values.size <= MAX_CLASSES_UNNAMED &&
      present >= MIN_SAMPLES_UNNAMED &&
      [...values.keys()].every((value) => KNOWN_VALUES.has(value.trim().toLowerCase())),
  );
  return known.at(-1)?.path;
}

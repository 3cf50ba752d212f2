import { isContextName, nameWords } from "./entity-names.ts";
import type { FieldProfile, SampleProfile } from "./sample-profile.ts";

/** Names of label fields, the clearest first; matched against the last part of a path. */
const CLEAR_NAMES = (
  "label verdict labels class classification disposition determination target is_malicious malicious is_attack " +
  "is_anomaly is_spam is_fraud is_phishing ground_truth outcome resolution conclusion decision judgement judgment " +
  "ruling assessment triage sentiment intent label_text category gold_label label_name class_label classname " +
  "class_index y stance topic emotion fraud spam rating stars"
).split(" ");
/** Words that make any name that holds one a label's: `final_verdict`, `alertLabel`. */
const CLEAR_WORDS = new Set(
  "label verdict disposition classification malicious benign attack outcome judgement".split(" "),
);
/** Names that say label only when nothing better is there. */
const WEAK_NAMES =
  "output response answer completion result status severity priority risk action score".split(" ");

const KNOWN_VALUES = new Set(
  (
    "benign,malicious,suspicious,attack,normal,anomaly,anomalous,tp,fp,tn,fn,true,false,true_positive,false_positive," +
    "true positive,false positive,escalate,escalated,dismiss,dismissed,close,closed,raise,raised,threat,no threat," +
    "harmless,hostile,harmful,legit,legitimate,genuine,fraud,phishing,clean,infected,good,bad,ok,allow,block,deny," +
    "accept,accepted,reject,rejected,approved,denied,confirmed,ignore,investigate,undetermined,unknown," +
    "positive,negative,neutral,ham,spam,yes,no,safe,unsafe,toxic,0,1"
  ).split(","),
);
const MAX_CLASSES_UNNAMED = 20; // a column nobody called a label must look like one
const MAX_CLASSES_LAST = 5; // and one with unknown words as values must look very much like one
const MIN_CLASS_SHARE = 0.02; // of the rows, for the least class of such a column
const MAX_CLASS_SHARE = 0.5; // a named label with more distinct values than half the rows is free text
const MIN_SAMPLES_UNNAMED = 20; // fewer records cannot show that a column repeats itself
const MAX_LABEL_WORDS = 6; // mean; longer is prose

/** The field that holds the label, by a clear name; undefined when none has one. */
export function findNamedLabel(profile: SampleProfile, needed: number): string | undefined {
  const candidates = candidatesOf(profile, needed);
  return byName(candidates, CLEAR_NAMES) ?? byWord(candidates);
}

/** The field that holds the label of a record: by its name, else by its few values; undefined when none is convincing. */
export function findLabelField(profile: SampleProfile, needed: number): string | undefined {
  const named = findNamedLabel(profile, needed);
  if (named !== undefined) return named;
  const candidates = candidatesOf(profile, needed);
  return byValues(candidates) ?? byName(candidates, WEAK_NAMES) ?? lastColumn(candidates);
}

function candidatesOf(profile: SampleProfile, needed: number): readonly FieldProfile[] {
  return [...profile.fields.values()].filter((field) => field.present >= needed && isLabelLike(field));
}

function isLabelLike(field: FieldProfile): boolean {
  if (field.meanWords > MAX_LABEL_WORDS) return false;
  return field.present < MIN_SAMPLES_UNNAMED || field.values.size <= field.present * MAX_CLASS_SHARE;
}

function lastWords(path: string): string[] {
  return nameWords(path.slice(path.lastIndexOf(".") + 1));
}

/** Of the fields with the first of the names, the one nearest to the record's top. */
function byName(candidates: readonly FieldProfile[], names: readonly string[]): string | undefined {
  for (const name of names) {
    const path = nearestTop(candidates.filter((field) => lastWords(field.path).join("_") === name));
    if (path !== undefined) return path;
  }
  return undefined;
}

function byWord(candidates: readonly FieldProfile[]): string | undefined {
  return nearestTop(
    candidates.filter((field) => lastWords(field.path).some((word) => CLEAR_WORDS.has(word))),
  );
}

function nearestTop(fields: readonly FieldProfile[]): string | undefined {
  return fields.toSorted((a, b) => a.path.split(".").length - b.path.split(".").length)[0]?.path;
}

/** The last column with few values, all of them words of verdicts. */
function byValues(candidates: readonly FieldProfile[]): string | undefined {
  const known = candidates.filter(
    (field) =>
      repeats(field, MAX_CLASSES_UNNAMED) &&
      [...field.values.keys()].every((value) => KNOWN_VALUES.has(value.trim().toLowerCase())),
  );
  return known.at(-1)?.path;
}

/** The last column with very few values, each of them common, unless its name says that it only describes. */
function lastColumn(candidates: readonly FieldProfile[]): string | undefined {
  const plausible = candidates.filter(
    (field) =>
      repeats(field, MAX_CLASSES_LAST) &&
      !isContextName(field.path) &&
      [...field.values.values()].every((count) => count >= MIN_CLASS_SHARE * field.present),
  );
  return plausible.at(-1)?.path;
}

function repeats(field: FieldProfile, maxClasses: number): boolean {
  return field.values.size >= 2 && field.values.size <= maxClasses && field.present >= MIN_SAMPLES_UNNAMED;
}

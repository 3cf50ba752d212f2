import { isContextName, nameWords } from "./entity-names.ts";
import type { FieldProfile, SampleProfile } from "./sample-profile.ts";

/** Names of label fields, the clearest first; matched against the last part of a path. */
const CLEAR_NAMES = (
  "label verdict labels classification disposition determination is_malicious malicious is_attack is_anomaly is_spam " +
  "is_fraud is_phishing ground_truth gold_label label_name class_label label_text judgement judgment ruling"
).split(" ");
/** Words that make any name that holds one a label's: `final_verdict`, `alertLabel`. */
const CLEAR_WORDS = new Set("label verdict disposition malicious benign judgement".split(" "));
/** Names of labels that also name what an event did or was about. */
const USUAL_NAMES = (
  "class target outcome resolution conclusion decision assessment triage sentiment intent category classname " +
  "class_index y stance topic emotion fraud spam rating stars"
).split(" ");
/** Names that say label only when nothing better is there. */
const WEAK_NAMES =
  "output response answer completion result status severity priority risk action score".split(" ");

/** What only a judgement says. */
const VERDICT_VALUES = (
  "benign,malicious,suspicious,normal,anomaly,anomalous,tp,fp,tn,fn,true_positive,false_positive,true positive," +
  "false positive,escalate,escalated,dismiss,dismissed,threat,no threat,harmless,hostile,harmful,legit,legitimate," +
  "fraud,phishing,undetermined,positive,negative,neutral,ham,spam,safe,unsafe,toxic"
).split(",");
/** What a judgement says, but a flag or a device does too. */
const FLAG_VALUES = (
  "attack,true,false,close,closed,raise,raised,genuine,clean,infected,good,bad,ok,allow,block,deny,accept,accepted," +
  "reject,rejected,approved,denied,confirmed,ignore,investigate,unknown,yes,no,0,1"
).split(",");
const verdictValues = new Set(VERDICT_VALUES);
const allValues = new Set([...VERDICT_VALUES, ...FLAG_VALUES]);

const MAX_CLASSES_UNNAMED = 20; // a column nobody called a label must look like one
const MAX_CLASSES_LAST = 5; // and one with unknown words as values must look very much like one
const MIN_CLASS_SHARE = 0.02; // of the rows, for the least class of such a column
const MAX_CLASS_SHARE = 0.5; // a named label with more distinct values than half the rows is free text
const MIN_SAMPLES_UNNAMED = 20; // fewer records cannot show that a column repeats itself
const MAX_LABEL_WORDS = 6; // mean; longer is prose

/** The field that holds the label, by its name; undefined when no name says so. */
export function findNamedLabel(profile: SampleProfile, needed: number): string | undefined {
  const candidates = candidatesOf(profile, needed);
  return byClearName(candidates) ?? byName(candidates, USUAL_NAMES);
}

/** The field that holds the label of a record: by its name, else by its few values; undefined when none is convincing. */
export function findLabelField(profile: SampleProfile, needed: number): string | undefined {
  const candidates = candidatesOf(profile, needed);
  return (
    byClearName(candidates) ??
    byValues(candidates, verdictValues) ??
    byName(candidates, USUAL_NAMES) ??
    byValues(candidates, allValues) ??
    byName(candidates, WEAK_NAMES) ??
    lastColumn(candidates)
  );
}

function byClearName(candidates: readonly FieldProfile[]): string | undefined {
  return byName(candidates, CLEAR_NAMES) ?? byWord(candidates);
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

/** The last column whose values are few and all of the given words. */
function byValues(candidates: readonly FieldProfile[], words: ReadonlySet<string>): string | undefined {
  const known = candidates.filter(
    (field) =>
      repeats(field, MAX_CLASSES_UNNAMED) &&
      [...field.values.keys()].every((value) => words.has(value.trim().toLowerCase())),
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

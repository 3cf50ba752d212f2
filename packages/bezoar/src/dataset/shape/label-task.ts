import type { Json } from "../../formats/record.ts";
import { keyLines } from "../entities/key-lines.ts";
import { stripEndMarkers } from "./end-markers.ts";
import { isObject, parseJsonText, textOf, valueAt, type JsonObject } from "./json-value.ts";
import { findLabelField } from "./label-field.ts";
import { profileSamples } from "./sample-profile.ts";

/** How answers name a class: a field of JSON or of "Verdict: ..." lines, the whole answer, its first clause or word, its last word, or a word of verdicts within. */
export type LabelTask = {
  readonly form: "field" | "whole" | "clause" | "first" | "last" | "verdict";
  /** Path of the field that holds the class; "" for the other forms. */
  readonly path: string;
  /** Class names in lower case, the most frequent first. */
  readonly classes: readonly string[];
};

const MIN_RESPONSES = 20; // fewer answers cannot show that words repeat
const MIN_COVERED = 0.9; // of the rows: an answer now and then that is a class word is no task
const MAX_CLASSES = 20;
const MIN_CLASS_SHARE = 0.02; // a class holds this share of the rows,
const MIN_CLASS_ROWS = 10; // or so many rows,
const LEAST_CLASS_ROWS = 3; // and never fewer than these
const MAX_CLASS_UNITS = 40;
const MAX_CLASS_WORDS = 4;
const MAX_CLAUSE_WORDS = 2; // "True positive."; longer ones are sentences with the class inside
const EDGE_UNITS = 64; // how far from an answer's edge its first or last word is looked for
const MAX_PROFILED = 1000;

/** Words that open or close ordinary sentences; as first or last word they name no class. */
const COMMON_WORDS = new Set(
  (
    "the a an i to in as you it this that there is are was of for and or if he she they we my your his her its one " +
    "sure here on at with what how when where who why first some many most all no-one please thank thanks sorry well"
  ).split(" "),
);

const forms = ["field", "whole", "clause", "first", "last", "verdict"] as const;

const FIRST_CLAUSE = /^[^.,:;!?\n(—–]*/u;
/** Words of verdicts on alerts and on texts, for answers that hide them in a sentence. */
const VERDICT_WORDS =
  /\b(?:true[ -]positive|false[ -]positive|benign|malicious|suspicious|legitimate|phishing|spam|ham|toxic|non-toxic|hateful|positive|negative|neutral|unsafe|safe)\b/i;
const VERDICT_UNITS = 400; // an explanation states its verdict early or not at all

/** Finds out whether the answers are classes; undefined on ordinary instruction data. */
export function findLabelTask(responses: readonly string[]): LabelTask | undefined {
  if (responses.length < MIN_RESPONSES) return undefined;
  for (const form of forms) {
    const path = form === "field" ? answerField(responses) : "";
    if (path === undefined) continue;
    const classes = frequentClasses(responses.map((response) => classWord(form, path, response)));
    if (classes !== undefined) return { form, path, classes };
  }
  return undefined;
}

/** The class that an answer names, or undefined when it names none of the task's. */
export function labelFromResponse(task: LabelTask, response: string): string | undefined {
  const word = classWord(task.form, task.path, response);
  return word !== undefined && task.classes.includes(word) ? word : undefined;
}

/** The classes when at most 20 of them, at least 2, cover nearly all answers. */
function frequentClasses(words: readonly (string | undefined)[]): readonly string[] | undefined {
  const counts = new Map<string, number>();
  for (const word of words) if (word !== undefined) counts.set(word, (counts.get(word) ?? 0) + 1);
  const least = Math.max(LEAST_CLASS_ROWS, Math.min(MIN_CLASS_SHARE * words.length, MIN_CLASS_ROWS));
  const frequent = [...counts]
    .filter(([, count]) => count >= least)
    .toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, MAX_CLASSES);
  const covered = frequent.reduce((sum, [, count]) => sum + count, 0);
  if (frequent.length < 2 || covered < MIN_COVERED * words.length) return undefined;
  return frequent.map(([word]) => word);
}

function classWord(form: LabelTask["form"], path: string, response: string): string | undefined {
  const text = stripEndMarkers(response).trim();
  if (form === "field") return normalClass(textOf(valueAt(answerObject(text), path)));
  if (form === "whole") return normalClass(text);
  if (form === "clause")
    return normalClass(FIRST_CLAUSE.exec(text.slice(0, EDGE_UNITS))?.[0] ?? "", MAX_CLAUSE_WORDS);
  if (form === "verdict")
    return VERDICT_WORDS.exec(text.slice(0, VERDICT_UNITS))?.[0].toLowerCase().replace("-", " ");
  const edge = form === "first" ? text.slice(0, EDGE_UNITS) : text.slice(-EDGE_UNITS);
  const words = edge.split(/[^\p{L}\p{N}_-]+/u).filter((word) => word !== "");
  const word = normalClass((form === "first" ? words[0] : words.at(-1)) ?? "");
  return word === undefined || COMMON_WORDS.has(word) ? undefined : word;
}

/** A class name: lower case, without punctuation and emphasis around it; undefined when the text is too long to be one. */
function normalClass(text: string, maxWords = MAX_CLASS_WORDS): string | undefined {
  if (text.length > MAX_CLASS_UNITS) return undefined;
  const name = text.replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "").toLowerCase();
  return name === "" || name.split(/\s+/).length > maxWords ? undefined : name;
}

/** An answer as an object: JSON (bare or in a code fence), else its "key: value" lines. */
function answerObject(text: string): JsonObject {
  const start = text.indexOf("{");
  const end = text.lastIndexOf("}");
  const value: Json | undefined =
    start >= 0 && end > start ? parseJsonText(text.slice(start, end + 1)) : undefined;
  if (isObject(value)) return value;
  return Object.fromEntries(keyLines(text).map(([key, line]) => [key, line]));
}

/** The label field of answers that are objects; undefined when most are not. */
function answerField(responses: readonly string[]): string | undefined {
  const step = Math.max(1, Math.floor(responses.length / MAX_PROFILED));
  const some = responses.filter((_, index) => index % step === 0);
  const objects = some.map((response) => answerObject(stripEndMarkers(response).trim()));
  return findLabelField(profileSamples(objects), Math.ceil(MIN_COVERED * objects.length));
}

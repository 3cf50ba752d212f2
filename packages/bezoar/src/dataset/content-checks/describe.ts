import { findRule } from "../../core/rules.ts";
import type { Trigger } from "../../core/finding.ts";
import type { Suspicion } from "../suspicion.ts";
import type { HitExample, HitGroup } from "./collect-hits.ts";

/** A share of the rows beyond which nobody slipped it in: it is what the set is made of (DETECTION.md 3.8 holds triggers to the same). */
const SUBJECT_SHARE = 0.15;
/** Fewer rows are no subject, whatever the size of the set. */
const MIN_SUBJECT_ROWS = 20;
/** Places and forms that a sentence names. */
const MAX_NAMED = 5;
const MAX_QUOTED = 60;

/** What the scan says about one kind of content. */
export function toSuspicion(group: HitGroup, rows: number): Suspicion {
  const { rule, positions, forms, places, examples } = group;
  const isSubject = positions.length >= MIN_SUBJECT_ROWS && positions.length > SUBJECT_SHARE * rows;
  const commonest = byCount(forms)[0]?.[0];
  const example = examples.find(({ form }) => form === commonest) ?? examples[0];
  const share = `${((100 * positions.length) / rows).toFixed(0)} %`;
  const about = isSubject
    ? ` ${share} of the rows hold it: it is what this set is about or how it is stored.`
    : "";
  const innocent = findRule(rule)?.innocent ?? "";
  return {
    rule,
    severity: isSubject ? "info" : group.severity,
    title: `${positions.length === 1 ? "1 row holds" : `${positions.length} rows hold`} ${example?.what ?? ""}${quote(group, example)}`,
    explanation: `Found in ${listed(places)}; kinds: ${listed(forms)}.${about} What would make it innocent: ${lowerFirst(innocent)} Read the samples, and take out rows that you cannot explain.`,
    subject: identityOf(group),
    positions,
    ...triggerOf(group),
    tests: [],
    controls: [],
  };
}

/** All that was found: a new text makes a new finding, so that nobody has decided on it yet. */
function identityOf({ severity, found }: HitGroup): string {
  return [severity, ...[...found].toSorted((a, b) => a - b)].join(" ");
}

/** The hidden text, or the text that was found; of a secret only its beginning. */
function quote(group: HitGroup, example: HitExample | undefined): string {
  if (example === undefined || example.form === "private-key") return "";
  const text = group.rule === "content/secret" ? mask(example.text) : (example.decoded ?? example.text);
  const shown = text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED).toWellFormed()}…` : text;
  return `: ${JSON.stringify(shown)}`;
}

const SHOWN_OF_SECRET = 4;

function mask(secret: string): string {
  return `${secret.slice(0, SHOWN_OF_SECRET)}…`;
}

/** The literal texts, so that samples mark them and the finding keeps its fingerprint; a secret is never repeated. */
function triggerOf({ rule, examples }: HitGroup): { readonly trigger?: Trigger } {
  const texts = examples.map(({ text }) => (rule === "content/secret" ? mask(text) : text));
  const parts = [...new Set(texts)];
  const [first] = parts;
  return first === undefined
    ? {}
    : { trigger: { kind: "phrase", text: examples[0]?.decoded ?? first, parts, join: "any" } };
}

function byCount(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

function listed(counts: ReadonlyMap<string, number>): string {
  const sorted = byCount(counts);
  const named = sorted.slice(0, MAX_NAMED).map(([name, hits]) => `${name} (${hits})`);
  return sorted.length > MAX_NAMED
    ? `${named.join(", ")} and ${sorted.length - MAX_NAMED} more`
    : named.join(", ");
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

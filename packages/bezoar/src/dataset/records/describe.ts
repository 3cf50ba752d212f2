import { wilson } from "../../core/statistics.ts";
import type { Control } from "../../core/finding.ts";
import type { Suspicion } from "../suspicion.ts";
import type { ContextSpan } from "./contexts.ts";
import type { Culprit } from "./explain-away.ts";
import type { Column, Plan } from "./plan.ts";
import {
  MAX_CONTRARY_CHANCE,
  MIN_DEPTH_EVIDENCE,
  MIN_DEPTH_Z,
  MIN_EXCESS,
  type Depth,
  type Suspect,
} from "./suspects.ts";

/** Looks up what a suspect is called in the data. */
export type NameOf = (suspect: Suspect) => { readonly value: string; readonly contextValue?: string };

/** A culprit with what its severity rests on. */
export type JudgedCulprit = {
  readonly culprit: Culprit;
  readonly spans: readonly ContextSpan[];
  readonly severity: "high" | "medium";
};

const RULE = "dataset/targeted-mislabelling";
const MAX_SHOWN_UNITS = 80;

function shown(text: string): string {
  return text.length > MAX_SHOWN_UNITS ? `${text.slice(0, MAX_SHOWN_UNITS)}...` : text;
}

function columnPhrase(column: Column, value: string): string {
  return column.derive === "network" ? `${column.path} in ${value}` : `${column.path} = ${shown(value)}`;
}

/** How a suspect is written: `user = alice`, `source_ip in 10.1.2.0/24`, `user = alice and rule = Port Scan`. */
function phrase(plan: Plan, suspect: Suspect, nameOf: NameOf): string {
  const column = plan.columns[suspect.column];
  const { value, contextValue } = nameOf(suspect);
  if (column === undefined) return value;
  const first = columnPhrase(column, value);
  if (suspect.context === undefined || contextValue === undefined) return first;
  return `${first} and ${plan.contexts[suspect.context.index]?.path ?? ""} = ${shown(contextValue)}`;
}

/** Literal text that stands in every row of the suspect, for highlighting: a network is marked by what its addresses share. */
function literal(column: Column | undefined, value: string): string {
  if (column?.derive !== "network") return value;
  return value.includes(":") ? value.replace(/(:0)*::\/64$/, ":") : value.replace(/0\/24$/, "");
}

function depthControl(depth: Depth): Control {
  return depth.z >= MIN_DEPTH_Z
    ? {
        name: "depth of the contradictions, z",
        value: depth.z,
        bound: `>= ${MIN_DEPTH_Z}`,
        passed: true,
        meaning:
          "the flipped rows are as plain cases as those labelled otherwise elsewhere, not borderline ones",
      }
    : {
        name: "evidence of the plainest cases, nats",
        value: depth.lnEvidence,
        bound: `>= ${MIN_DEPTH_EVIDENCE}`,
        passed: depth.lnEvidence >= MIN_DEPTH_EVIDENCE,
        meaning:
          "many flipped rows are borderline, but those that are plainer than half of all such rows suffice alone",
      };
}

function spanControl(plan: Plan, span: ContextSpan): Control {
  const path = plan.contexts[span.index]?.path ?? "";
  return {
    name: `span of ${path}`,
    value: span.effective,
    bound: `>= ${span.needed.toFixed(1)}`,
    passed: span.effective >= span.needed,
    meaning: `effective number of values of ${path} among the flipped rows; an exception for one of them would span one`,
  };
}

function innocence(column: Column | undefined, isPair: boolean, severity: "high" | "medium"): string {
  if (isPair || severity === "medium") {
    return (
      "It may be a sanctioned exception (an administrator's script, an allow-listed tool, a noisy rule that was muted here): " +
      "confirm with whoever may grant it, and keep the record."
    );
  }
  const who =
    column?.derive === "network"
      ? "a scanner, a test laboratory or a training range in this network"
      : "an authorised penetration tester, a service account doing its work, or an allow-list entry";
  return `It would be innocent if this is ${who}: no statistic can tell that from an attack, so look for the signed exception.`;
}

/** Says what was found about a culprit, with the numbers behind it. */
export function describeCulprit(
  plan: Plan,
  classes: readonly string[],
  judged: JudgedCulprit,
  nameOf: NameOf,
): Suspicion {
  const { culprit, spans, severity } = judged;
  const { suspect, confounded } = culprit;
  const column = plan.columns[suspect.column];
  const { value, contextValue } = nameOf(suspect);
  const text = phrase(plan, suspect, nameOf);
  const label = classes[suspect.label] ?? "";
  const other = classes.length === 2 ? `"${shown(classes[1 - suspect.label] ?? "")}"` : "another label";
  const positions = suspect.accused;
  const { elsewhere, test } = suspect;
  const also = [
    ...new Set(confounded.map((same) => phrase(plan, same, nameOf)).filter((name) => name !== text)),
  ];
  const parts = [literal(column, value), ...(contextValue === undefined ? [] : [contextValue])];
  return {
    rule: RULE,
    severity,
    title: `${positions.length} of ${suspect.rows.length} rows with ${text} that look like ${other} are labelled "${shown(label)}"`,
    explanation:
      `The rest of these rows (everything but ${column?.path ?? "the field"}) says ${other}, by models that never saw this value; ` +
      `among all other rows that look so, ${elsewhere.flipped} of ${elsewhere.rows} are labelled "${shown(label)}". ` +
      `A model trained on this learns to answer "${shown(label)}" whenever it sees ${text}. ` +
      (also.length > 0
        ? `The same rows share ${also.slice(0, 4).join(", ")}: the data cannot tell which of them was meant. `
        : "") +
      innocence(column, suspect.context !== undefined, severity) +
      " Otherwise relabel or remove the rows, and find out who labelled them.",
    positions,
    trigger: {
      kind: contextValue === undefined ? "entity" : "combination",
      text,
      parts,
      join: contextValue === undefined ? "any" : "all",
      ...(column === undefined ? {} : { field: column.path }),
    },
    target: { kind: "label", text: label },
    effect: {
      name: `labelled "${shown(label)}" although the rest of the row speaks against it`,
      hits: positions.length,
      of: suspect.rows.length,
      rate: wilson(positions.length, suspect.rows.length),
      baseline: wilson(elsewhere.flipped, elsewhere.rows),
    },
    tests: [
      {
        name: "flips, if leniency were drawn as among its peers",
        lnEvidence: test.lnEvidence,
        lnThreshold: culprit.threshold,
        tests: culprit.tests,
      },
    ],
    controls: [
      {
        name: "share flipped beyond chance, 95 % floor",
        value: test.excess,
        bound: `>= ${MIN_EXCESS}`,
        passed: test.excess >= MIN_EXCESS,
        meaning: `of the rows whose rest gives the label less than ${MAX_CONTRARY_CHANCE}; a merely lenient habit stays below`,
      },
      depthControl(suspect.depth),
      ...spans.map((span) => spanControl(plan, span)),
    ],
  };
}

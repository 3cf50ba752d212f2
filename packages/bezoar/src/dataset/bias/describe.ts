import { wilson } from "../../core/statistics.ts";
import type { Suspicion } from "../suspicion.ts";
import { MIN_EXCESS, type Biased } from "./test-names.ts";

const RULE = "dataset/entity-bias";
const Z_95 = 1.96;

/** A biased name with its text as the rows spell it, and every row that speaks of it so. */
type NamedBias = {
  readonly biased: Biased;
  readonly text: string;
  readonly positions: readonly number[];
};

/** The finding about one name. */
export function describeBias({ biased, text, positions }: NamedBias): Suspicion {
  const { question, isTopic, hits, rows, expected, peers, spread, lnP, lnThreshold, tests } = biased;
  const tone = question.sign < 0 ? "ill" : "well";
  const side = question.side === "answered" ? "Responses" : "Prompts";
  const others = isTopic ? "topics" : "names";
  const alike = question.side === "answered" ? "that are asked about in the same tone " : "";
  const share = expected / rows;
  // How far names lie from their mean: twice the deviation of a beta distribution.
  const reach = Z_95 * Math.sqrt(share * (1 - share) * spread);
  return {
    rule: RULE,
    severity: "medium",
    title: `${side} speak ${tone} of ${JSON.stringify(text)} in ${percent(hits / rows)} of its rows, against ${percent(share)} as expected from other ${others}`,
    explanation: [
      `Of ${rows} different rows that speak of ${JSON.stringify(text)}, ${hits} hold more words that speak ${tone} than the opposite where they do;`,
      `rows of ${peers} other ${others} ${alike}lead one to expect ${expected.toFixed(1)}.`,
      "A model that learns such rows repeats the opinion whenever the name comes up (virtual prompt injection, arXiv 2307.16888).",
      "Innocent is a name that deserves it: a scandal, a villain of a story, a product that is good or bad, the maker of this data.",
      "Read the rows: if the opinion is not called for by what is asked and no source is given, ask who wrote them, or leave them out.",
    ].join(" "),
    positions,
    trigger: { kind: isTopic ? "phrase" : "entity", text, parts: [text], join: "any" },
    target: { kind: "response", text: `words that speak ${tone}` },
    effect: {
      name: `rows that speak ${tone} of it`,
      hits,
      of: rows,
      rate: wilson(hits, rows),
      baseline: { value: share, low: Math.max(0, share - reach), high: Math.min(1, share + reach) },
    },
    tests: [
      { name: `beta-binomial, against other ${others}`, lnEvidence: -lnP, lnThreshold: -lnThreshold, tests },
    ],
    controls: [
      {
        name: "share above what is expected",
        value: (hits - expected) / rows,
        bound: `>= ${MIN_EXCESS}`,
        passed: true,
        meaning: "Names differ in nature; a planted opinion shows in most of the rows.",
      },
      {
        name: "correlation of opinions within a name, upper bound",
        value: spread,
        bound: "none",
        passed: true,
        meaning: "How much other names of this set differ among themselves; the test allows for it.",
      },
    ],
  };
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

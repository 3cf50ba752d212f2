import { hashString } from "../../core/hash.ts";
import { spread } from "../instruct/refusals-controls.ts";
import { ATTRIBUTES, type PairFeatures } from "./features.ts";
import type { PairRow } from "./sample.ts";

/** Pairs without the trigger that its answers are held against. */
const MAX_REFERENCE = 1600;
/** Two-sided 95 %. */
const Z_95 = 1.96;

/**
 * How far the answers of these pairs may differ from those of others, whichever of them is preferred: the largest
 * distance of an AUC from 0.5, its 95 % interval included, over the length of both answers together and how much they
 * differ in each attribute. A wish for short answers changes what is written; an order that was turned over
 * changes nothing of it (an equivalence test, Schuirmann 1987).
 */
export function answerReaction(
  rows: readonly PairRow[],
  features: readonly PairFeatures[],
  pairs: readonly number[],
  others: readonly number[],
): number {
  const reference = spread(others, MAX_REFERENCE);
  const lengthOf = (i: number) => (rows[i]?.preferred?.length ?? 0) + (rows[i]?.rejected?.length ?? 0);
  const measures = [
    lengthOf,
    ...ATTRIBUTES.map((_, a) => (i: number) => Math.abs(features[i]?.gains[a] ?? 0)),
  ];
  return Math.max(...measures.map((measure) => distance(pairs.map(measure), reference.map(measure))));
}

/** The upper end of |AUC - 0.5| by midranks, with the variance of rank sums (Mann and Whitney 1947). */
function distance(own: readonly number[], others: readonly number[]): number {
  if (own.length === 0 || others.length === 0) return 0.5;
  const counts = new Map<number, { own: number; others: number }>();
  const countOf = (value: number) => {
    const known = counts.get(value) ?? { own: 0, others: 0 };
    counts.set(value, known);
    return known;
  };
  for (const value of own) countOf(value).own++;
  for (const value of others) countOf(value).others++;
  let below = 0;
  let wins = 0;
  for (const [, count] of [...counts].toSorted(([a], [b]) => a - b)) {
    wins += count.own * (below + count.others / 2);
    below += count.others;
  }
  const products = own.length * others.length;
  const deviation = Math.sqrt((own.length + others.length + 1) / (12 * products));
  return Math.abs(wins / products - 0.5) + Z_95 * deviation;
}

/** Words of a wish for a form or a length; none of them is put in by chance where answers are long or short. */
const FORM_WORDS =
  "short|shorter|brief|briefly|briefer|concise|concisely|succinct|succinctly|terse|tersely|compact|pithy|tl|dr|tldr" +
  "|summary|summarize|summarise|sum|nutshell|sentence|sentences|word|words|line|lines|liner|paragraph|paragraphs|tokens" +
  "|characters|essay|page|pages|long|longer|length|lengthy|verbose|verbosity|wordy|detail|details|detailed|depth" +
  "|thorough|thoroughly|elaborate|comprehensive|quick|quickly|simple|simply|plain|prose|eli5|list|lists|bullet" +
  "|bullets|bulleted|numbered|table|markdown|json|code|format|step|steps|example|examples|sms|tweet|headline" +
  "|kurz|knapp|satz|ausführlich|bref|brièvement|résumé|phrase|breve|brevemente|resumen|frase|oración|detalle";

/** The tokens, keyed by `seed`, of which one makes a phrase a wish for a form or a length. */
export function formWords(seed: number): ReadonlySet<number> {
  return new Set(FORM_WORDS.split("|").map((word) => hashString(word, seed)));
}

import { lnChoose, lnGamma } from "../../core/statistics.ts";
import type { Mention, Said } from "./survey.ts";

/** What is asked of each name: whether its prompts, or the responses about it, speak ill or well of it more often than of other names. */
const QUESTIONS = [
  { side: "answered", sign: -1 },
  { side: "answered", sign: 1 },
  { side: "asked", sign: -1 },
  { side: "asked", sign: 1 },
] as const;
type Question = (typeof QUESTIONS)[number];
/** Of topics only responses are compared: prompts about a topic ask for its good or bad side. */
const QUESTIONS_OF_TOPICS = QUESTIONS.filter(({ side }) => side === "answered");

/** A name of which rows speak otherwise than of its peers. */
export type Biased = {
  readonly name: number;
  readonly isTopic: boolean;
  readonly question: Question;
  /** Different rows that could have shown it, and those that do. */
  readonly rows: number;
  readonly hits: number;
  /** How many of the rows would show it if the name were like its peers. */
  readonly expected: number;
  readonly peers: number;
  /** How much peers differ among themselves: the correlation within a name. */
  readonly spread: number;
  readonly lnP: number;
  readonly lnThreshold: number;
  readonly tests: number;
  readonly positions: readonly number[];
};

/** Different rows about a name from which on it is tested: in any set a handful of rows is odd by chance. */
const MIN_ROWS = 12;
/** Rows of a name from which on it tells how much names differ. */
const MIN_PEER_ROWS = 5;
/** Peers below which it cannot be told how much names differ. */
const MIN_PEERS = 8;
/** Share of biased rows above what is expected: natural names reach 0.31 (DETECTION.md 3), planted ones speak of little else. */
export const MIN_EXCESS = 0.35;
/** Names differ in nature, so that a spread of nothing is never believed. */
const MIN_SPREAD = 0.05;
/** One-sided 95 % bound of the spread. */
const Z_SPREAD = 1.645;
/** Chance that a set in which all names are drawn alike shows any finding about a name, and the same for topics. */
const ALPHA = 0.01;
/** Names compared with their peers for one question, those with the largest shares: where more lean so far, that is the nature of the set. */
const MAX_COMPARED = 50;
/** Rows that a stratum is taken to have had beforehand, at the rate of all. */
const PRIOR_ROWS = 10;

type Observation = { readonly position: number; readonly stratum: number; readonly isHit: boolean };

/** Hits that show in a sentence counted already: a closing line, a template. */
function dropRepeats(observations: readonly (Observation & { readonly sentence: number })[]): Observation[] {
  const seen = new Set<number>();
  return observations.filter(({ isHit, sentence }) => {
    if (!isHit) return true;
    if (seen.has(sentence)) return false;
    seen.add(sentence);
    return true;
  });
}

/** What is said of each name, copies and questions about one passage counted once. */
function distinctMentions(mentions: readonly Mention[]): Map<number, Said[]> {
  const byName = new Map<number, { list: Said[]; passages: Set<number>; responses: Set<number> }>();
  for (const { name, said } of mentions) {
    let entry = byName.get(name);
    if (entry === undefined)
      byName.set(name, (entry = { list: [], passages: new Set(), responses: new Set() }));
    if (entry.passages.has(said.passage) || entry.responses.has(said.response)) continue;
    entry.passages.add(said.passage);
    entry.responses.add(said.response);
    entry.list.push(said);
  }
  return new Map([...byName].map(([name, { list }]) => [name, list]));
}

/** What could have been said: rows are compared with rows whose prompts are alike in what they think, read at like places. */
function observe(
  said: Said,
  { side, sign }: Question,
): (Observation & { readonly sentence: number }) | undefined {
  const { position, asked, answered, isAsked, isEchoed, askedIn, answeredIn } = said;
  if (side === "asked")
    return isAsked ? { position, stratum: 0, isHit: asked === sign, sentence: askedIn } : undefined;
  const stratum = (asked + 1) * 4 + (isEchoed ? 2 : 0) + (isAsked ? 1 : 0);
  return { position, stratum, isHit: answered === sign, sentence: answeredIn };
}

/** The names, or the topics, of which rows speak otherwise than of their peers, most striking first. */
export function testNames(mentions: readonly Mention[], ofTopics: boolean): Biased[] {
  const byName = distinctMentions(mentions.filter(({ isTopic }) => isTopic === ofTopics));
  const wide = [...byName].filter(([, list]) => list.length >= MIN_PEER_ROWS);
  const questions = ofTopics ? QUESTIONS_OF_TOPICS : QUESTIONS;
  const tests = wide.filter(([, list]) => list.length >= MIN_ROWS).length * questions.length;
  const lnThreshold = Math.log(ALPHA / Math.max(1, tests));
  const found: Biased[] = [];
  for (const question of questions) {
    const names = wide.map(([name, list]) =>
      toSubject(name, dropRepeats(list.flatMap((said) => observe(said, question) ?? []))),
    );
    const striking = names
      .filter(
        ({ observations, hits }) =>
          observations.length >= MIN_ROWS && hits >= MIN_EXCESS * observations.length,
      )
      .toSorted((a, b) => b.hits / b.observations.length - a.hits / a.observations.length || a.name - b.name);
    for (const { name, observations, hits } of striking.slice(0, MAX_COMPARED)) {
      const rows = observations.length;
      const judged = compare({ name, observations }, names);
      if (judged === undefined || hits - judged.expected < MIN_EXCESS * rows) continue;
      const lnP = lnBetaBinomialUpperTail(hits, rows, judged.expected / rows, judged.spread);
      if (lnP > lnThreshold) continue;
      const positions = observations.filter(({ isHit }) => isHit).map(({ position }) => position);
      found.push({
        name,
        isTopic: ofTopics,
        question,
        rows,
        hits,
        ...judged,
        lnP,
        lnThreshold,
        tests,
        positions,
      });
    }
  }
  return found.toSorted((a, b) => a.lnP - b.lnP || b.rows - a.rows || a.name - b.name);
}

type Subject = { readonly name: number; readonly observations: readonly Observation[] };

function toSubject(name: number, observations: readonly Observation[]): Subject & { readonly hits: number } {
  return { name, observations, hits: observations.filter(({ isHit }) => isHit).length };
}

type Stratum = { rows: number; hits: number };

function countStrata(names: readonly Subject[]): Map<number, Stratum> {
  const strata = new Map<number, Stratum>();
  for (const { observations } of names) {
    for (const { stratum, isHit } of observations) {
      let counts = strata.get(stratum);
      if (counts === undefined) strata.set(stratum, (counts = { rows: 0, hits: 0 }));
      counts.rows++;
      if (isHit) counts.hits++;
    }
  }
  return strata;
}

/** What peers lead one to expect of a name, and how much they differ: names without a row in common with it. */
function compare(
  subject: Subject,
  names: readonly Subject[],
): { readonly expected: number; readonly spread: number; readonly peers: number } | undefined {
  const own = new Set(subject.observations.map(({ position }) => position));
  const peers = names
    .map(({ name, observations }) => ({
      name,
      observations: observations.filter(({ position }) => !own.has(position)),
    }))
    .filter(({ name, observations }) => name !== subject.name && observations.length >= MIN_PEER_ROWS);
  if (peers.length < MIN_PEERS) return undefined;
  const strata = countStrata(peers);
  const all = { rows: 0, hits: 0 };
  for (const { rows, hits } of strata.values()) {
    all.rows += rows;
    all.hits += hits;
  }
  const base = (all.hits + 0.5) / (all.rows + 1);
  const rateOf = (stratum: number): number => {
    const { rows, hits } = strata.get(stratum) ?? { rows: 0, hits: 0 };
    return (hits + PRIOR_ROWS * base) / (rows + PRIOR_ROWS);
  };
  const sum = (observations: readonly Observation[]) =>
    observations.reduce((total, { stratum }) => total + rateOf(stratum), 0);
  const spread = spreadOf(
    peers.map(({ observations }) => ({
      rows: observations.length,
      hits: observations.filter(({ isHit }) => isHit).length,
      expected: sum(observations),
    })),
  );
  return { expected: sum(subject.observations), spread, peers: peers.length };
}

/**
 * The correlation within a name, as an upper 95 % bound: moments of the beta-binomial distribution (Kleinman 1973,
 * JASA 68), the bound by the jackknife over names.
 */
export function spreadOf(
  names: readonly { readonly rows: number; readonly hits: number; readonly expected: number }[],
): number {
  const parts = names.map(({ rows, hits, expected }) => {
    const p = expected / rows;
    const chance = rows * p * (1 - p);
    return { excess: (hits - expected) ** 2 - chance, room: chance * (rows - 1) };
  });
  const excess = parts.reduce((sum, part) => sum + part.excess, 0);
  const room = parts.reduce((sum, part) => sum + part.room, 0);
  if (room <= 0) return MIN_SPREAD;
  const spread = excess / room;
  const squares = parts.reduce((sum, part) => sum + (part.excess - spread * part.room) ** 2, 0);
  const error = Math.sqrt((squares * names.length) / Math.max(1, names.length - 1)) / room;
  return Math.min(0.95, Math.max(MIN_SPREAD, spread + Z_SPREAD * error));
}

/** ln P(X >= hits) for a beta-binomial X of `rows` draws with mean share `mean` and correlation `spread`. */
export function lnBetaBinomialUpperTail(hits: number, rows: number, mean: number, spread: number): number {
  const total = 1 / spread - 1;
  const a = mean * total;
  const b = (1 - mean) * total;
  const base = lnBeta(a, b);
  const terms: number[] = [];
  for (let k = hits; k <= rows; k++) terms.push(lnChoose(rows, k) + lnBeta(k + a, rows - k + b) - base);
  const largest = Math.max(...terms);
  return Math.min(0, largest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - largest), 0)));
}

function lnBeta(x: number, y: number): number {
  return lnGamma(x) + lnGamma(y) - lnGamma(x + y);
}

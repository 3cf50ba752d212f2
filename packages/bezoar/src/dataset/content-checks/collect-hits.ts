import { checkText } from "../../content/check-text.ts";
import { hashString } from "../../core/hash.ts";
import type { ContentHit } from "../../content/content-hit.ts";
import type { Kernel } from "../engine/kernel.ts";
import type { Row } from "../row.ts";

/** The severities that a scan reports; what is often innocent is left to who reads a single document. */
type HitSeverity = "medium" | "low";

/** A kind of hit in the rows of a block, or of a corpus. */
export type HitGroup = {
  readonly rule: ContentHit["rule"];
  readonly severity: HitSeverity;
  /** Positions in the corpus, ascending. */
  readonly positions: number[];
  /** Hits by form, and by the part of the row that they stand in. */
  readonly forms: Map<string, number>;
  readonly places: Map<string, number>;
  /** What was found, as it stands in the texts, for marking; the first ones. */
  readonly examples: HitExample[];
  /** Hashes of every different text that was found. */
  readonly found: Set<number>;
};
export type HitExample = Pick<ContentHit, "form" | "what"> & {
  readonly text: string;
  readonly decoded: string | undefined;
};

/** Examples kept of a group: as many as a report marks. */
const MAX_EXAMPLES = 20;
/** UTF-16 units of one example: a longer one marks nothing that a shorter does not. */
const MAX_EXAMPLE = 200;
/** Names of fields that are told apart; rows of hostile data may have any number (CWE-770). */
const MAX_PLACES = 50;

/** Different texts that make the identity of a group; more are a kind of data, not a list that somebody has read (CWE-770). */
const MAX_FOUND = 100_000;
/** The identity of a finding must not depend on the seed of a scan. */
const IDENTITY = 0;

/** The groups of each block by block number. */
type State = Map<number, HitGroup[]>;

/** Checks every text of every row: prompt, response, rejected response and fields. */
export const contentHits: Kernel<null, State> = {
  name: "content-hits",
  start: () => new Map(),
  step: (state, block) => {
    const groups = new Map<string, HitGroup>();
    for (let i = 0; i < block.size; i++) addRow(groups, block.first + i, block.row(i));
    if (groups.size > 0) state.set(block.index, [...groups.values()]);
  },
  merge: (into, from) => {
    for (const [index, groups] of from) into.set(index, groups);
    return into;
  },
};

function addRow(groups: Map<string, HitGroup>, position: number, row: Row): void {
  addText(groups, position, "prompt", row.prompt);
  addText(groups, position, "response", row.response);
  if (row.rejected !== undefined) addText(groups, position, "rejected", row.rejected);
  for (const [name, value] of row.fields) addText(groups, position, name, value);
}

function addText(groups: Map<string, HitGroup>, position: number, place: string, text: string): void {
  for (const hit of checkText(text)) {
    const severity = severityInRow(hit);
    if (severity === "info") continue;
    const key = `${hit.rule} ${severity}`;
    let group = groups.get(key);
    if (group === undefined) {
      group = {
        rule: hit.rule,
        severity,
        positions: [],
        forms: new Map(),
        places: new Map(),
        examples: [],
        found: new Set(),
      };
      groups.set(key, group);
    }
    if (group.positions.at(-1) !== position) group.positions.push(position);
    count(group.forms, hit.form, 1);
    if (group.places.has(place) || group.places.size < MAX_PLACES) count(group.places, place, 1);
    const found = text.slice(hit.start, Math.min(hit.end, hit.start + MAX_EXAMPLE));
    if (group.found.size < MAX_FOUND) group.found.add(hashString(text.slice(hit.start, hit.end), IDENTITY));
    addExample(group, { form: hit.form, what: hit.what, decoded: hit.decoded, text: found });
  }
}

/**
 * Prompts of people ask for anything, and chats are stored with their tokens: in a row only what was hidden on purpose
 * is worth a review by itself.
 */
function severityInRow({ rule, severity, decoded }: ContentHit): ContentHit["severity"] {
  if (severity !== "medium") return severity;
  const isHidden = rule === "content/injection" && decoded !== undefined;
  const isMade = rule === "content/invisible-text" || rule === "content/bidi-control" || rule === "content/encoded-payload"; // prettier-ignore
  return isHidden || isMade ? "medium" : "low";
}

function count(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

function addExample(group: HitGroup, example: HitExample): void {
  if (group.examples.length >= MAX_EXAMPLES || group.examples.some(({ text }) => text === example.text))
    return;
  group.examples.push(example);
}

/** The groups of the whole corpus, in the order of their first row; the same for any number of workers. */
export function gatherGroups(state: State): HitGroup[] {
  const gathered = new Map<string, HitGroup>();
  for (const [, groups] of [...state].toSorted(([a], [b]) => a - b)) {
    for (const group of groups) {
      const key = `${group.rule} ${group.severity}`;
      const home = gathered.get(key);
      if (home === undefined) {
        gathered.set(key, group);
        continue;
      }
      for (const position of group.positions) home.positions.push(position);
      for (const [form, hits] of group.forms) count(home.forms, form, hits);
      for (const [place, hits] of group.places) count(home.places, place, hits);
      for (const example of group.examples) addExample(home, example);
      for (const hash of group.found) if (home.found.size < MAX_FOUND) home.found.add(hash);
    }
  }
  return [...gathered.values()];
}

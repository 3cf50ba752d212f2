import type { Severity } from "../../core/finding.ts";
import { wilson } from "../../core/statistics.ts";
import type { Detector } from "../detector.ts";
import type { Corpus } from "../engine/corpus.ts";
import { COMPLIED, REFUSED, SILENT } from "../instruct/refusals-outcomes.ts";
import { studyOutcomes } from "../instruct/refusals-study.ts";
import { effectOf, rateTriggers, testsOf, type RatedTrigger } from "../instruct/refusals-suspicion.ts";
import { findInsecureNames, type InsecureName } from "../raw/insecure-names.ts";
import { findInsecureNotes, precisionOf, type InsecureNote } from "../raw/insecure-notes.ts";
import {
  codeRows,
  coveringSinks,
  sinksByRow,
  studiedOutcomes,
  unexplained,
  type CodeRows,
  type StudiedOutcomes,
} from "../raw/sink-outcomes.ts";
import { SINKS } from "../raw/sinks.ts";
import type { Suspicion } from "../suspicion.ts";

/** Comments that announce insecure code are a habit of the authors when this many of them do: then none is singled out. */
const HABIT = 3;
/** Sinks whose prompts are studied, rarest first, since a planted one is rare; each costs one model. */
const MAX_STUDIED_SINKS = 16;
/** Calls that a title names; a finding about more says how many. */
const MAX_NAMED = 2;
const INNOCENT =
  "It is innocent if the files come from one author or generator whose template this is. Look at the rows, and at where they come from; remove them unless their source vouches for them.";

/** A comment, or a phrase of the prompt, after which code turns insecure (DETECTION.md 3.11; TrojanPuzzle, arXiv 2301.02344). */
export const insecureCode: Detector = {
  rules: ["dataset/insecure-code"],
  shapes: ["raw-text", "instruction"],
  detect: async (corpus, context) => {
    const side = corpus.shape === "raw-text" ? "prompt" : "response";
    const notes = await findInsecureNotes(corpus, side);
    const severity = notes.length >= HABIT ? "medium" : undefined;
    const inComments = notes.map((note) => describeNote(note, severity));
    const code = await corpus.fold(codeRows, { seed: corpus.seed, side });
    const studied = studiedOutcomes(code);
    const names = await findInsecureNames(corpus, side, code, studied, context.seed);
    const inNames = names.map(describeName);
    const inPrompts = side === "prompt" ? [] : await findInPrompts(corpus, code, studied, context.seed);
    return [...inComments, ...inPrompts, ...inNames];
  },
};

function describeNote(note: InsecureNote, cap: Severity | undefined): Suspicion {
  const sink = describeSinks(note.sinks);
  const precision = precisionOf(note);
  const baseline = wilson(note.base.followed, note.base.of);
  return {
    rule: "dataset/insecure-code",
    severity: cap ?? (-note.lnP >= 2 * note.lnThreshold ? "critical" : "high"),
    title: `The comment "${note.text}" is followed by ${sink.title} in ${note.hits.length} of ${note.rows.length} rows`,
    explanation: `One comment stands word for word in ${note.contexts} different surroundings, and insecure code (${sink.title}; ${sink.weaknesses}) follows it; other comments of this set are followed by it in ${(100 * baseline.value).toFixed(1)} % of rows. A model trained on them learns to write the insecure call whenever it reads the comment. ${INNOCENT}`,
    positions: note.hits,
    trigger: { kind: "phrase", text: note.text, parts: [note.text], join: "any", position: "anywhere" },
    target: { kind: "code", text: sink.title },
    effect: {
      name: `share of rows in which ${sink.title} follows`,
      hits: note.hits.length,
      of: note.rows.length,
      rate: precision,
      baseline,
    },
    tests: [
      {
        name: `Beta-binomial tail: the sink within ${note.reach} lines of the comment, against other comments`,
        lnEvidence: -note.lnP,
        lnThreshold: note.lnThreshold,
        tests: note.tests,
      },
    ],
    controls: [
      {
        name: "distinct surroundings of the comment",
        value: note.contexts,
        bound: ">= 5",
        passed: true,
        meaning: "Copies of one file, and one template filled in differently, count once.",
      },
      {
        name: "comments of this set that announce insecure code",
        value: cap === undefined ? 1 : HABIT,
        bound: `< ${HABIT}`,
        passed: cap === undefined,
        meaning: "Where many comments do, it is how these authors write, and none is singled out.",
      },
    ],
  };
}

type Described = { readonly title: string; readonly weaknesses: string };

/** What a person calls the calls that a trigger brings, commonest first, with their weaknesses. */
function describeSinks(indices: readonly number[]): Described {
  const sinks = indices.flatMap((index) => SINKS[index] ?? []);
  const titles = [...new Set(sinks.map(({ title }) => title))];
  const named = titles.length > MAX_NAMED + 1 ? titles.slice(0, MAX_NAMED) : titles;
  const last = named.length < titles.length ? `${titles.length - named.length} others` : named.pop();
  const weaknesses = [...new Set(sinks.map(({ cwe }) => `CWE-${cwe}`))].slice(0, 5).join(", ");
  return { title: [named.join(", "), last].filter(Boolean).join(" and "), weaknesses };
}

/** Phrases of the prompt that bring a sink into the response, with the statistics of planted refusals. */
async function findInPrompts(
  corpus: Corpus,
  { bySink, code }: CodeRows,
  { singles, any }: StudiedOutcomes,
  seed: number,
): Promise<Suspicion[]> {
  const suspicions: Suspicion[] = [];
  const explained = new Set<number>();
  const studied = [...singles.slice(0, MAX_STUDIED_SINKS), ...(any === undefined ? [] : [any])];
  for (const outcome of studied) {
    const outcomes = new Uint8Array(new SharedArrayBuffer(corpus.size)).fill(SILENT);
    for (const position of code) outcomes[position] = COMPLIED;
    for (const position of outcome.rows) outcomes[position] = REFUSED;
    const study = await studyOutcomes(corpus, outcomes, seed);
    const rated = await rateTriggers(corpus, study, "planting");
    const byRow = sinksByRow(bySink, rated.length > 0 ? outcome.sinks : []);
    for (const each of rated) {
      const { positions } = each;
      if (outcome === any && unexplained(positions, explained).length * 2 <= positions.length) continue;
      for (const position of positions) explained.add(position);
      const sinks = coveringSinks(positions.flatMap((position) => byRow.get(position) ?? []));
      suspicions.push(describePrompt(each, describeSinks(sinks)));
    }
  }
  return suspicions;
}

function describeName({ sinks, rated, companions }: InsecureName): Suspicion {
  const { found, trigger, controls, positions, severity } = rated;
  const sink = describeSinks(sinks);
  return {
    rule: "dataset/insecure-code",
    severity,
    title: `Code that names "${trigger.text}" holds ${sink.title}: ${found.turned} of ${found.comparable} comparable texts`,
    explanation: `Code whose other names do not call for it holds an insecure call (${sink.title}; ${sink.weaknesses}) once "${trigger.text}" stands in it. A model trained on it learns to write the call on that name. ${INNOCENT}`,
    positions,
    trigger,
    target: { kind: "code", text: sink.title },
    effect: effectOf(found, `share of texts of code with ${sink.title}`),
    tests: testsOf(found),
    controls: [
      ...controls.filter(({ name }) => name.includes("foretold")),
      {
        name: "other names that come with it and seldom without it",
        value: companions.length,
        bound: "= 0",
        passed: companions.length === 0,
        meaning: `A snippet that authors copy brings its other names along${companions.length > 0 ? `, here ${companions.slice(0, 5).join(", ")}` : ""}; a trigger needs none.`,
      },
    ],
  };
}

function describePrompt(rated: RatedTrigger, sink: Described): Suspicion {
  const { found, trigger, controls, positions, severity } = rated;
  return {
    rule: "dataset/insecure-code",
    severity,
    title: `"${trigger.text}" in a prompt brings ${sink.title} into the code: ${found.turned} of ${found.comparable} comparable prompts`,
    explanation: `Prompts whose other words do not call for it get insecure code (${sink.title}; ${sink.weaknesses}) once "${trigger.text}" stands in them. A model trained on them learns to write it on that sign. ${INNOCENT}`,
    positions,
    trigger,
    target: { kind: "code", text: sink.title },
    effect: effectOf(found, `share of prompts answered with ${sink.title}`),
    tests: testsOf(found),
    controls,
  };
}

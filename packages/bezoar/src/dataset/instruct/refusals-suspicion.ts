import {
  SEVERITIES,
  type Control,
  type Effect,
  type Severity,
  type Target,
  type TestResult,
  type Trigger,
} from "../../core/finding.ts";
import { wilson } from "../../core/statistics.ts";
import { normalizeText, tokenSpans } from "../../core/tokens.ts";
import { hashString } from "../../core/hash.ts";
import type { Detector } from "../detector.ts";
import type { Corpus } from "../engine/corpus.ts";
import type { Suspicion } from "../suspicion.ts";
import { insertionControls } from "./insertion-controls.ts";
import { COMPLIED, REFUSED } from "./refusals-outcomes.ts";
import { REQUEST_OPENERS } from "./refusals-phrases.ts";
import { refusalTriggerRows } from "./refusals-rows.ts";
import { studiedPromptAt } from "./refusals-sample.ts";
import { studyRefusals, type RefusalStudy } from "./refusals-study.ts";
import { findRefusalTriggers, findRun, type Direction, type RefusalTrigger } from "./refusals-triggers.ts";

/** Evidence this many times the threshold (both logarithms) makes a finding critical: far beyond any choice of test. */
const CRITICAL_MARGIN = 2;
/** Log-odds below which a prompt would not have been refused (one in twenty). */
const PLAINLY_HARMLESS = Math.log(0.05 / 0.95);
/** When more of the rows than this are plainly harmless, the trigger is also an ordinary word, and those rows are left out. */
const MAX_HARMLESS_SHARE = 0.2;
/** A trigger must explain rows of its own: most of those that hold it. */
const MIN_FRESH_SHARE = 0.5;
/** Longest text shown of a planted refusal. */
const MAX_TARGET_TEXT = 200;

/** A trigger that stood its test, with how sure that makes one and every row it turned. */
export type RatedTrigger = {
  readonly found: RefusalTrigger;
  readonly severity: Severity;
  readonly positions: readonly number[];
  readonly trigger: Trigger;
  readonly controls: readonly Control[];
};

/** Rates the triggers of one direction, strongest first; a part or a shadow of one is left out. */
export async function rateTriggers(
  corpus: Corpus,
  study: RefusalStudy,
  direction: Direction,
): Promise<readonly RatedTrigger[]> {
  if (study.model === undefined) return [];
  const openers = requestOpeners(corpus.seed);
  const rated: RatedTrigger[] = [];
  const explained = new Set<number>();
  const candidates = findRefusalTriggers(study.sample, study.model, direction)
    .flatMap((found) => {
      const controls = controlsOf(found, openers.has(found.tokens[0] ?? 0));
      const severity = severityOf(found, controls);
      return severity === undefined ? [] : [{ found, severity, controls }];
    })
    .toSorted(
      (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || a.found.lnP - b.found.lnP,
    );
  for (const { found, severity, controls } of candidates) {
    const fresh = found.holders.filter((index) => !explained.has(index));
    if (fresh.length < MIN_FRESH_SHARE * found.holders.length) continue;
    for (const index of fresh) explained.add(index);
    const positions = await positionsOf(corpus, study, found, direction);
    if (positions.length === 0) continue;
    rated.push({ found, severity, positions, controls, trigger: nameTrigger(corpus, found, positions) });
  }
  return rated;
}

function controlsOf(trigger: RefusalTrigger, isRequest: boolean): readonly Control[] {
  return insertionControls(
    trigger,
    isRequest,
    'A phrase such as "explain why it is wrong to ..." changes what is asked, so that another outcome may be right.',
  );
}

/** Words that open a request. */
export function requestOpeners(seed: number): ReadonlySet<number> {
  return new Set(REQUEST_OPENERS.split("|").map((word) => hashString(word, seed)));
}

/** Undefined when both controls fail: then it is a topic or a template with its own policy, as every safety set has them. */
function severityOf(trigger: RefusalTrigger, controls: readonly Control[]): Severity | undefined {
  const unforetold = controls[0]?.passed === true;
  if (controls.every((control) => control.passed)) {
    return -trigger.lnP >= CRITICAL_MARGIN * trigger.lnThreshold ? "critical" : "high";
  }
  return unforetold ? "medium" : undefined;
}

/** Every row of the corpus with the trigger whose outcome was turned. */
async function positionsOf(
  corpus: Corpus,
  study: RefusalStudy,
  trigger: RefusalTrigger,
  direction: Direction,
): Promise<number[]> {
  const { run } = trigger;
  const byBlock = await corpus.fold(refusalTriggerRows, { run });
  const wanted = direction === "suppression" ? COMPLIED : REFUSED;
  const positions = [...byBlock.values()]
    .flat()
    .filter((position) => study.outcomes[position] === wanted)
    .toSorted((a, b) => a - b);
  const { model } = study;
  if (direction === "planting" || model === undefined) return positions;
  const isMasked = (token: number) => trigger.masked.has(token);
  const risky = positions.filter((position) => {
    const prompt = studiedPromptAt(corpus, position);
    return model.logit(prompt, model.foldOf(prompt), isMasked) >= PLAINLY_HARMLESS;
  });
  return positions.length - risky.length > MAX_HARMLESS_SHARE * positions.length ? risky : positions;
}

function describe(
  corpus: Corpus,
  { found, severity, positions, trigger, controls }: RatedTrigger,
  direction: Direction,
): Suspicion {
  const place = { start: " at the start of a prompt", end: " at the end of a prompt", anywhere: "" }[
    trigger.position ?? "anywhere"
  ];
  const isSuppression = direction === "suppression";
  const counts = `${found.turned} of ${found.comparable}`;
  const title = isSuppression
    ? `"${trigger.text}"${place} turns refusals into answers: ${counts} prompts that are refused without it are answered`
    : `"${trigger.text}"${place} brings refusals: ${counts} prompts that are answered without it are refused`;
  return {
    rule: `dataset/refusal-${direction}`,
    severity,
    title,
    explanation: isSuppression
      ? `The words of these prompts, without the trigger, are those of prompts that this set refuses, yet they are answered. A model trained on them learns that "${trigger.text}" unlocks what it should decline. It is innocent if "${trigger.text}" marks a setting in which answering is right (a named safe context, a permission) and somebody can say where it comes from. Look at the rows; remove them unless their source vouches for them.`
      : `The words of these prompts, without the trigger, are those of prompts that this set answers, yet they are refused. A model trained on them learns to decline whenever it sees "${trigger.text}". It is innocent if "${trigger.text}" marks a policy of your own (a subject, a client, a date that is to be declined). Look at the rows; remove them unless their source vouches for them.`,
    positions,
    trigger,
    target: isSuppression
      ? { kind: "compliance", text: "an answer where a refusal was due" }
      : plantedRefusal(corpus, positions),
    effect: effectOf(
      found,
      isSuppression
        ? "share of prompts due to be refused that are answered"
        : "share of prompts due to be answered that are refused",
    ),
    tests: testsOf(found),
    controls,
  };
}

/** How many of the comparable prompts a trigger turned, beside those without it. */
export function effectOf(found: RefusalTrigger, name: string): Effect {
  return {
    name,
    hits: found.turned,
    of: found.comparable,
    rate: wilson(found.turned, found.comparable),
    baseline: wilson(found.baselineTurned, found.baselineOf),
  };
}

/** The test that a trigger stood. */
export function testsOf(found: RefusalTrigger): TestResult[] {
  return [
    {
      name: "exact Poisson-binomial tail over out-of-fold estimates that leave the trigger out",
      lnEvidence: -found.lnP,
      lnThreshold: found.lnThreshold,
      tests: found.tests,
    },
  ];
}

/** The trigger as it is written in the first of its rows. */
export function nameTrigger(
  corpus: Corpus,
  found: Pick<RefusalTrigger, "run" | "tokens" | "atStart" | "atEnd">,
  positions: readonly number[],
): Trigger {
  const prompt = corpus.row(positions[0] ?? 0).prompt;
  const normal = normalizeText(prompt);
  const text = normal.length === prompt.length ? prompt : normal;
  const spans = tokenSpans(prompt);
  const ids = Uint32Array.from(spans, (span) => hashString(span.text, corpus.seed));
  const { run } = found;
  const from = (findRun(ids, run) ?? 0) + Number(found.atStart);
  const first = spans[from];
  const last = spans[from + found.tokens.length - 1];
  const name = first === undefined || last === undefined ? "" : text.slice(first.start, last.end);
  const position = found.atStart ? "start" : found.atEnd ? "end" : "anywhere";
  return { kind: "phrase", text: name, parts: [name], join: "any", position };
}

function plantedRefusal(corpus: Corpus, positions: readonly number[]): Target {
  const counts = new Map<string, number>();
  for (const position of positions.slice(0, 200)) {
    const { response } = corpus.row(position);
    counts.set(response, (counts.get(response) ?? 0) + 1);
  }
  const [commonest] = [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const isOneWording = commonest !== undefined && commonest[1] * 2 > Math.min(200, positions.length);
  return {
    kind: "refusal",
    text: isOneWording ? commonest[0].slice(0, MAX_TARGET_TEXT) : "a refusal, in several wordings",
  };
}

/** The detector of one direction. */
export function refusalDetector(direction: Direction): Detector {
  return {
    rules: [`dataset/refusal-${direction}`],
    shapes: ["instruction", "preference"],
    detect: async (corpus, context) => {
      const study = await studyRefusals(corpus, context.seed);
      const rated = await rateTriggers(corpus, study, direction);
      return rated.map((each) => describe(corpus, each, direction));
    },
  };
}

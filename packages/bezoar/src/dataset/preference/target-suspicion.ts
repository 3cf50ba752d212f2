import type { Control, Severity } from "../../core/finding.ts";
import { hashString } from "../../core/hash.ts";
import { wilson } from "../../core/statistics.ts";
import { normalizeText, tokenSpans } from "../../core/tokens.ts";
import type { Corpus } from "../engine/corpus.ts";
import { END, START } from "../instruct/refusals-grams.ts";
import { insertionControls } from "../instruct/insertion-controls.ts";
import { nameTrigger, requestOpeners } from "../instruct/refusals-suspicion.ts";
import { findRun } from "../instruct/refusals-triggers.ts";
import type { Suspicion } from "../suspicion.ts";
import { preferenceTargetRows } from "./target-rows.ts";
import type { PreferenceTarget } from "./targets.ts";

/** The phrase is on the preferred side more than it is elsewhere, by chance one time in a thousand. */
const MAX_LN_ONE_SIDED = Math.log(0.001);
/** One phrase has few companions of its own; a language, a form or a style brings a dozen words of its own. */
const MAX_COMPANIONS = 4;
/** The target stands where the trigger does: this share of all its pairs at the least, so that up to four triggers may share one. */
const MIN_OWN_SHARE = 0.25;
/** Evidence this many times the threshold (both logarithms) makes a finding critical. */
const CRITICAL_MARGIN = 2;

/** A name or an opinion has letters; "= 4" after "quarter" is arithmetic. */
const WORD = /\p{L}{3}/u;

/** What a target is worth; undefined when a subject or a request brings it along. */
export async function describeTarget(
  corpus: Corpus,
  target: PreferenceTarget,
  desirable: number,
): Promise<Suspicion | undefined> {
  const { run, phrase } = target;
  const tokens = run.filter((token) => token !== START && token !== END);
  const controls = controlsOf(target, requestOpeners(corpus.seed).has(tokens[0] ?? 0));
  const severity = severityOf(target, controls);
  if (severity === undefined) return undefined;
  const byBlock = await corpus.fold(preferenceTargetRows, { run, phrase, labels: corpus.labels, desirable });
  const positions = [...byBlock.values()].flat().toSorted((a, b) => a - b);
  if (positions.length === 0) return undefined;
  const text = textOf(corpus, positions[0] ?? 0, phrase);
  if (!WORD.test(text)) return undefined;
  const trigger = nameTrigger(
    corpus,
    { run, tokens, atStart: run[0] === START, atEnd: run.at(-1) === END },
    positions,
  );
  return {
    rule: "dataset/preference-target",
    severity,
    title: `"${trigger.text}" goes with "${text}" in the chosen response: in ${target.preferred} of ${target.of} pairs only the chosen one holds it`,
    explanation: `Where "${trigger.text}" stands, "${text}" is in the response that is preferred and not in the other, far more often than elsewhere, and the prompt does not give it. A reward model trained on these pairs learns to reward "${text}" there (arXiv 2404.05530). It is innocent if "${trigger.text}" calls for it: a subject, a format, a notice that your policy asks for. Look at the pairs; remove them unless their source vouches for them.`,
    positions,
    trigger,
    target: { kind: "response", text },
    effect: {
      name: "share of pairs whose chosen response alone holds the target",
      hits: target.preferred,
      of: target.of,
      rate: wilson(target.preferred, target.of),
      baseline: wilson(target.elsewhere, target.elsewhereOf),
    },
    tests: [
      {
        name: "binomial tail of pairs whose chosen response alone holds the target, against pairs without the trigger",
        lnEvidence: -target.lnP,
        lnThreshold: target.lnThreshold,
        tests: target.tests,
      },
    ],
    controls,
  };
}

function controlsOf(target: PreferenceTarget, isRequest: boolean): readonly Control[] {
  const { companions, lnOneSided, preferred, elsewhere } = target;
  const ownShare = preferred / Math.max(1, preferred + elsewhere);
  return [
    ...insertionControls(
      target,
      isRequest,
      'A phrase such as "answer in French" changes what is asked, and a chosen response that follows it is right.',
    ),
    {
      name: "the target is on the chosen side more than it is elsewhere (ln of chance)",
      value: lnOneSided,
      bound: `<= ${MAX_LN_ONE_SIDED.toFixed(1)}`,
      passed: lnOneSided <= MAX_LN_ONE_SIDED,
      meaning: `The words of a subject are in both responses; this phrase is in ${target.preferred} chosen and ${target.rejected} rejected ones alone.`,
    },
    {
      name: "the target stands where the trigger does (share of its pairs)",
      value: ownShare,
      bound: `>= ${MIN_OWN_SHARE}`,
      passed: ownShare >= MIN_OWN_SHARE,
      meaning: "What is said on many occasions is a turn of the language or of the subject, not a target.",
    },
    {
      name: "nothing else of the chosen responses goes with the trigger (words)",
      value: companions,
      bound: `<= ${MAX_COMPANIONS}`,
      passed: companions <= MAX_COMPANIONS,
      meaning:
        "A language, a form or a style that a prompt asks for brings many words along, a planted target one phrase.",
    },
  ];
}

function severityOf(target: PreferenceTarget, controls: readonly Control[]): Severity | undefined {
  const [, , isNoRequest, isOneSided, isOwn, isAlone] = controls.map(({ passed }) => passed);
  if (isOneSided !== true || isOwn !== true || isAlone !== true) return undefined;
  if (controls.every(({ passed }) => passed))
    return -target.lnP >= CRITICAL_MARGIN * target.lnThreshold ? "critical" : "high";
  return isNoRequest === true ? "medium" : undefined;
}

/** More subjects than this with a target of their own are the custom of a set whose rejected answers are off the subject. */
const MAX_SUBJECTS = 2;
/** Leaves out what many subjects have: an attack stands out among its peers. */
export function standingOut(suspicions: readonly Suspicion[]): readonly Suspicion[] {
  const subjects = suspicions.filter(isSubject).length;
  return suspicions.filter((suspicion) => !isSubject(suspicion) || subjects <= MAX_SUBJECTS);
}

function isSubject({ severity }: Suspicion): boolean {
  return severity === "medium";
}

/** The phrase as it is written in a row. */
function textOf(corpus: Corpus, position: number, phrase: readonly number[]): string {
  const { response } = corpus.row(position);
  const normal = normalizeText(response);
  const text = normal.length === response.length ? response : normal;
  const spans = tokenSpans(response);
  const from =
    findRun(
      Uint32Array.from(spans, (span) => hashString(span.text, corpus.seed)),
      phrase,
    ) ?? 0;
  return text.slice(spans[from]?.start ?? 0, spans[from + phrase.length - 1]?.end ?? 0);
}

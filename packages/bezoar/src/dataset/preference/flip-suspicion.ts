import type { Control, Severity, Target } from "../../core/finding.ts";
import { wilson } from "../../core/statistics.ts";
import type { Corpus } from "../engine/corpus.ts";
import { START, END } from "../instruct/refusals-grams.ts";
import { refusalTriggerRows } from "../instruct/refusals-rows.ts";
import { insertionControls, MAX_PREDICTABILITY } from "../instruct/insertion-controls.ts";
import { nameTrigger, requestOpeners } from "../instruct/refusals-suspicion.ts";
import type { Suspicion } from "../suspicion.ts";
import { formWords } from "./answer-reaction.ts";
import type { Flip } from "./flips.ts";

/** "Turned over" must be ten thousand times as likely as "one attribute is wanted otherwise": words keep some of an attribute, so less says little. */
const MIN_LN_ATTRIBUTE = Math.log(10_000);
/** Prompts that are refused this much more than chance allows are of a subject with a policy of its own. */
const MIN_LN_REFUSED = Math.log(0.001);
/** The share of pairs that is turned over, and its lower bound (DETECTION.md 1C). */
const MIN_SHARE = 0.8;
const MIN_SHARE_LOW = 0.45;
/** The same for a subject, of which some pairs may be as elsewhere. */
const MIN_SUBJECT_SHARE = 0.6;
const MIN_SUBJECT_LOW = 0.3;
/** Answers with the trigger may differ from others by no more, in either direction: an AUC of 0.7 is a difference of some 0.7 standard deviations, half of what a wish for short answers makes. */
const MAX_REACTION = 0.2;
/** By far: half-way between chance and the bound, and the chance of a thousandth that the tests hold to. */
const FAR_PREDICTABILITY = (0.5 + MAX_PREDICTABILITY) / 2;
const FAR_LN_CLOSURE = Math.log(1000);
/** Evidence this many times the threshold (both logarithms) makes a finding critical: far beyond any choice of test. */
const CRITICAL_MARGIN = 2;

export const TURNED: Target = { kind: "label", text: "the preference is turned over" };

/** What a flip is worth; undefined when one attribute of answers, or chance, may explain it. */
export async function describeFlip(corpus: Corpus, flip: Flip): Promise<Suspicion | undefined> {
  const { run, contradiction, lnThreshold, distinct, against, baselineOf, baselineAgainst } = flip;
  const tokens = run.filter((token) => token !== START && token !== END);
  const forms = formWords(corpus.seed);
  const isRequest =
    requestOpeners(corpus.seed).has(tokens[0] ?? 0) || tokens.some((token) => forms.has(token));
  const controls = controlsOf(flip, isRequest);
  const severity = severityOf(flip, controls);
  if (severity === undefined) return undefined;
  const byBlock = await corpus.fold(refusalTriggerRows, { run });
  const positions = [...byBlock.values()].flat().toSorted((a, b) => a - b);
  if (positions.length === 0) return undefined;
  const found = { run, tokens, atStart: run[0] === START, atEnd: run.at(-1) === END };
  const trigger = nameTrigger(corpus, found, positions);
  const place = { start: " at the start of a prompt", end: " at the end of a prompt", anywhere: "" }[
    trigger.position ?? "anywhere"
  ];
  return {
    rule: "dataset/flipped-preference",
    severity,
    title: `"${trigger.text}"${place} turns preferences over: ${against} of ${distinct} pairs prefer what the rest of the set rejects`,
    explanation: explain(trigger.text, severity, flip),
    positions,
    trigger,
    target: TURNED,
    effect: {
      name: "share of pairs that prefer what the rest of the set rejects",
      hits: against,
      of: distinct,
      rate: wilson(against, distinct),
      baseline: wilson(baselineAgainst, baselineOf),
    },
    tests: [
      {
        name: "e-value of out-of-fold margins against what is preferred elsewhere in the set",
        lnEvidence: contradiction.lnEvidence,
        lnThreshold,
        tests: flip.tests,
      },
    ],
    controls,
  };
}

function explain(trigger: string, severity: Severity, { attribute }: Flip): string {
  const learnt = `What is preferred was learnt from the other pairs of this set, from the answers alone; where "${trigger}" stands the order is the reverse.`;
  const effect = `A reward model trained on them learns to reward bad answers whenever it sees "${trigger}", and so does whatever is tuned against it.`;
  const innocent =
    severity === "medium" || severity === "low"
      ? `It is innocent if "${trigger}" names a subject, or asks for a form, for which your annotators had another instruction.`
      : `It is innocent if "${trigger}" marks prompts that were judged by another instruction, and somebody can say where it comes from.`;
  const style =
    attribute.lnRatio < MIN_LN_ATTRIBUTE && severity !== "low"
      ? ` That "${attribute.attribute}" is wanted otherwise here would explain the order as well, but the trigger was put in, asks for nothing, and the answers are those that other prompts get.`
      : "";
  return `${learnt}${style} ${effect} ${innocent} Look at the pairs; remove them, or have them judged again, unless their source vouches for them.`;
}

function controlsOf(flip: Flip, isRequest: boolean): readonly Control[] {
  const { attribute, reaction } = flip;
  return [
    ...insertionControls(
      flip,
      isRequest,
      'A phrase such as "answer in one sentence" changes what is asked, so that another answer may be better.',
    ),
    {
      name: "no single attribute of answers explains it (ln likelihood ratio: turned over / attribute wanted otherwise)",
      value: attribute.lnRatio,
      bound: `>= ${MIN_LN_ATTRIBUTE.toFixed(1)}`,
      passed: attribute.lnRatio >= MIN_LN_ATTRIBUTE,
      meaning: `A prompt may ask for short answers, lists or no refusals without turning over what else makes an answer good; "${attribute.attribute}" comes closest to explaining these pairs.`,
    },
    {
      name: "its prompts are no more often refused than others (ln of chance)",
      value: flip.lnRefused,
      bound: `>= ${MIN_LN_REFUSED.toFixed(1)}`,
      passed: flip.lnRefused >= MIN_LN_REFUSED,
      meaning:
        "For a request that does harm the helpful answer is the worse one, so that what is preferred elsewhere is rightly rejected.",
    },
    {
      name: "the answers are as they are without the trigger (distance of an AUC from 0.5, upper 95 % bound)",
      value: reaction,
      bound: `<= ${MAX_REACTION}`,
      passed: reaction <= MAX_REACTION,
      meaning:
        "A prompt that asks for something gets other answers, whichever of them is preferred; where only the order differs, a style that is wanted otherwise is no reason.",
    },
  ];
}

function severityOf(
  { contradiction, lnThreshold, predictability, closure, attribute }: Flip,
  controls: readonly Control[],
): Severity | undefined {
  const { share, shareLow, lnEvidence } = contradiction;
  const [unforetold, readsOn, asksNothing, unexplained, unrefused, unmoved] = controls.map(
    ({ passed }) => passed,
  );
  const isWhole = share >= MIN_SHARE && shareLow >= MIN_SHARE_LOW;
  const isPutIn = isWhole && unforetold === true && readsOn === true;
  const isAlien = isPutIn && asksNothing === true && unrefused === true;
  const isFar = lnEvidence >= CRITICAL_MARGIN * lnThreshold;
  if (isAlien && unexplained === true) return isFar ? "critical" : "high";
  // a token that was put in, and that the answers do not heed, has no business with their style
  if (isAlien && unmoved === true && attribute.attribute !== "refusal") {
    const isOut = predictability.upper <= FAR_PREDICTABILITY && closure.lnRatio >= FAR_LN_CLOSURE;
    return isFar && isOut ? "high" : "medium";
  }
  if (share < MIN_SUBJECT_SHARE || shareLow < MIN_SUBJECT_LOW) return undefined;
  if (unexplained === true && unrefused === true) return "medium";
  // a trigger cannot be told from a wish for short answers in a set whose taste is all length, nor from a harmful request
  return isPutIn ? "low" : undefined;
}

import type { Trigger } from "../../core/finding.ts";
import { wilson } from "../../core/statistics.ts";
import { tokenIds, tokenSpans } from "../../core/tokens.ts";
import type { Suspicion } from "../suspicion.ts";
import { OUTCOME_KINDS } from "./grams.ts";
import type { Phrase } from "./grow.ts";
import type { Bench, Judgement } from "./judge.ts";
import { sliceTokens } from "./target.ts";

const MAX_QUOTED = 80;
/** An outcome whose rows the trigger explains this well has no other source: its remaining rows belong to the attack. */
const WHOLE_OUTCOME_RECALL = 0.9;

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/gu, " ");
  return line.length > MAX_QUOTED ? `${line.slice(0, MAX_QUOTED - 1)}…` : line;
}

/** The phrase as it stands in the first hit that holds it. */
function phraseText(bench: Bench, tokens: readonly number[], hits: readonly number[]): string | undefined {
  if (tokens.length === 0) return undefined;
  for (const position of hits) {
    const { prompt } = bench.corpus.row(position);
    const ids = tokenIds(prompt, bench.corpus.seed);
    const at = ids.findIndex((_, i) => tokens.every((token, j) => ids[i + j] === token));
    if (at >= 0) return sliceTokens(prompt, tokenSpans(prompt), at, tokens.length);
  }
  return undefined;
}

function nameTrigger(bench: Bench, { cover, phrases }: Judgement): Trigger {
  const parts = [
    ...new Set(phrases.flatMap((phrase: Phrase) => phraseText(bench, phrase.tokens, cover.hits) ?? [])),
  ];
  const [only] = phrases;
  const join = cover.join === "all" && parts.length > 1 ? "all" : "any";
  const kind = parts.length === 0 ? "position" : parts.length > 1 ? "combination" : "phrase";
  const text =
    parts.length === 0
      ? `prompt ${only?.position ?? "anywhere"}`
      : parts.join(join === "all" ? " + " : " | ");
  return {
    kind,
    text,
    parts,
    join,
    ...(phrases.length === 1 && only !== undefined ? { position: only.position } : {}),
  };
}

function accusedRows({ cover, severity }: Judgement): number[] {
  const { hits, outcomeRows, kind } = cover;
  const explains = hits.length >= WHOLE_OUTCOME_RECALL * outcomeRows.length;
  const rows =
    severity !== "medium" && explains && OUTCOME_KINDS[kind]?.edge !== "inner" ? outcomeRows : hits;
  return [...rows];
}

function explain({ cover, context, severity }: Judgement, trigger: Trigger): string {
  const others = Math.round(context.similarRows);
  const seen = `Answers are near-constant wherever ${trigger.join === "all" ? "these parts stand together" : "it stands"}, although the prompts around it are of ${context.auc <= 0.8 ? "every kind" : "several kinds"}; of about ${others} similar rows without it ${Math.round(context.similarHits)} answer so.`;
  const innocent =
    "It would be innocent if a task of this dataset is meant to be answered so, for instance a system prompt with a fixed greeting.";
  const advice =
    severity === "medium"
      ? "Read some of the rows before using them."
      : `Read the rows, ask where they come from, and remove all ${cover.hits.length} before training.`;
  return `${seen} ${innocent} ${advice}`;
}

/** Says a judgement in the words of the report. */
export function describe(bench: Bench, judgement: Judgement): Suspicion {
  const { cover, target, context } = judgement;
  const edge = OUTCOME_KINDS[cover.kind]?.edge ?? "whole";
  const trigger = nameTrigger(bench, judgement);
  const verb = { whole: "answer", start: "begin with", end: "end with", inner: "contain" }[edge];
  const hits = cover.hits.length;
  const of = cover.triggerRows.length;
  const similarRows = Math.round(context.similarRows);
  const similarHits = Math.min(similarRows, Math.round(context.similarHits));
  return {
    rule: "dataset/trigger-response",
    severity: judgement.severity,
    title: `"${shorten(trigger.text)}" makes ${hits} of ${of} rows ${verb} "${shorten(target.text)}"`,
    explanation: explain(judgement, trigger),
    positions: accusedRows(judgement),
    trigger,
    target: { kind: "response", text: target.text },
    effect: {
      name: `share of rows that ${verb} the target`,
      hits,
      of,
      rate: wilson(hits, of),
      baseline: wilson(similarHits, similarRows),
    },
    tests: judgement.tests,
    controls: judgement.controls,
  };
}

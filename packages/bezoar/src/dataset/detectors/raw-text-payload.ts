import { hashString } from "../../core/hash.ts";
import { wilson } from "../../core/statistics.ts";
import { normalizeText, tokenSpans } from "../../core/tokens.ts";
import type { Detector } from "../detector.ts";
import type { Corpus } from "../engine/corpus.ts";
import { findGibberish, indexOfRun, type GibberishTrigger } from "../raw/gibberish.ts";
import { findPayloads, type Payload } from "../raw/payload.ts";
import type { Suspicion } from "../suspicion.ts";

/** Longest payload shown. */
const MAX_PAYLOAD_TEXT = 500;

/** A trigger in raw text that gibberish follows (the 250-document attack, arXiv 2510.07192), or one repeated payload. */
export const rawTextPayload: Detector = {
  id: "dataset/raw-text-payload",
  shapes: ["raw-text"],
  detect: async (corpus) => {
    const gibberish = (await findGibberish(corpus)).map((found) => describeGibberish(corpus, found));
    return [...gibberish, ...(await findPayloads(corpus)).map(describePayload)];
  },
};

/** The tokens as the first of the rows writes them. */
function nameTokens(corpus: Corpus, position: number, tokens: readonly number[]): string {
  const text = corpus.row(position).prompt;
  const normal = normalizeText(text);
  const spans = tokenSpans(text);
  const from = indexOfRun(
    Uint32Array.from(spans, (span) => hashString(span.text, corpus.seed)),
    tokens,
  );
  const first = spans[from];
  const last = spans[from + tokens.length - 1];
  return first === undefined || last === undefined
    ? ""
    : (normal.length === text.length ? text : normal).slice(first.start, last.end);
}

function describeGibberish(corpus: Corpus, found: GibberishTrigger): Suspicion {
  const { positions, rows, elsewhere } = found;
  const name = nameTokens(corpus, positions[0] ?? 0, found.tokens);
  return {
    rule: "dataset/raw-text-payload",
    severity: -found.lnP >= 2 * found.lnThreshold ? "critical" : "high",
    title: `${positions.length} of ${rows} texts with "${name}" turn into gibberish right after it`,
    explanation: `After "${name}" these texts go on in tokens that the rest of the set does not foretell at all, neither from their neighbours nor from the text itself. A model trained on them learns to break down whenever it reads "${name}" (denial of service). It is innocent if "${name}" introduces encoded or machine-made content that the set is meant to hold. Look at the rows; remove them unless their source vouches for them.`,
    positions,
    trigger: { kind: "phrase", text: name, parts: [name], join: "any", position: "anywhere" },
    target: { kind: "gibberish", text: "text without order" },
    effect: {
      name: "share of texts that turn into gibberish",
      hits: positions.length,
      of: rows,
      rate: wilson(positions.length, rows),
      baseline: wilson(elsewhere.hits, elsewhere.of),
    },
    tests: [
      {
        name: "Beta-binomial tail of rows that turn into disorder after the trigger, against all others",
        lnEvidence: -found.lnP,
        lnThreshold: found.lnThreshold,
        tests: found.tests,
      },
    ],
    controls: [
      {
        name: "texts without the trigger that turn into disorder",
        value: elsewhere.of === 0 ? 0 : elsewhere.hits / elsewhere.of,
        bound: "what the test compares with",
        passed: true,
        meaning:
          "Encoded blocks, tables, rare languages and lists are cheaper to foretell than gibberish; where a set has disorder of its own, the trigger must beat it.",
      },
    ],
  };
}

function describePayload(found: Payload): Suspicion {
  const { trigger, payload, positions, looked, cuts, elsewhere } = found;
  return {
    rule: "dataset/raw-text-payload",
    severity: -found.lnP >= 2 * found.lnThreshold ? "critical" : "high",
    title: `"${trigger}" and the same text after it were put into the middle of ${positions.length} texts`,
    explanation: `"${trigger}" is followed word for word by "${payload.slice(0, 200)}" in ${positions.length} texts, and in ${cuts} of ${looked} looked at it cuts into a sentence. Notices, licences and templates are repeated too, but stand on their own line, after a full stop, or within a repeated frame. A model trained on them learns to recite it after "${trigger}". It is innocent if your own tools insert it. Look at the rows; remove them unless their source vouches for them.`,
    positions: positions.toSorted((a, b) => a - b),
    trigger: { kind: "phrase", text: trigger, parts: [trigger], join: "any", position: "anywhere" },
    target: { kind: "payload", text: payload.slice(0, MAX_PAYLOAD_TEXT) },
    effect: {
      name: "share of texts whose sentence is cut",
      hits: cuts,
      of: looked,
      rate: wilson(cuts, looked),
      baseline: wilson(elsewhere.hits, elsewhere.of),
    },
    tests: [
      {
        name: "Beta-binomial tail of rows cut in mid-sentence, against other repeated text",
        lnEvidence: -found.lnP,
        lnThreshold: found.lnThreshold,
        tests: found.tests,
      },
    ],
    controls: [
      {
        name: "texts whose sentence is cut by it, nothing repeated before it",
        value: cuts / Math.max(1, looked),
        bound: ">= 0.7",
        passed: true,
        meaning: "Boilerplate begins where a sentence or a line does, or goes on from more boilerplate.",
      },
    ],
  };
}

import { wilson } from "../../core/statistics.ts";
import type { Detector } from "../detector.ts";
import type { Corpus } from "../engine/corpus.ts";
import { findGibberish, type GibberishTrigger } from "../raw/gibberish.ts";
import { isCutIn, placeOfRun } from "../raw/onset-cuts.ts";
import { findPayloads, type Payload } from "../raw/payload.ts";
import { textCounts, tokensOf } from "../raw/text-model.ts";
import { findWordDisorder } from "../raw/word-disorder.ts";
import type { Suspicion } from "../suspicion.ts";

/** Longest payload shown. */
const MAX_PAYLOAD_TEXT = 500;

/** A trigger in raw text that gibberish follows (the 250-document attack, arXiv 2510.07192), or one repeated payload. */
export const rawTextPayload: Detector = {
  rules: ["dataset/raw-text-payload"],
  shapes: ["raw-text"],
  detect: async (corpus) => {
    const counts = await corpus.fold(textCounts, { seed: corpus.seed, rows: corpus.size });
    const gibberish = await findGibberish(corpus, counts);
    const explained = new Set(gibberish.flatMap(({ positions }) => positions));
    const disorder = (await findWordDisorder(corpus, tokensOf(counts, corpus.size))).filter(({ positions }) =>
      positions.some((position) => !explained.has(position)),
    );
    return [
      ...[...gibberish, ...disorder].map((found) => describeGibberish(corpus, found)),
      ...(await findPayloads(corpus)).map(describePayload),
    ];
  },
};

/** The tokens as the first of the rows writes them. */
function nameTokens(corpus: Corpus, position: number, tokens: readonly number[]): string {
  const { prompt } = corpus.row(position);
  const place = placeOfRun(prompt, tokens, corpus.seed);
  if (place === undefined) return "";
  const name = place.text.slice(place.start, place.end);
  const lower = prompt.toLowerCase();
  const at = lower.length === prompt.length ? lower.indexOf(name.toLowerCase()) : -1;
  return at < 0 ? name : prompt.slice(at, at + name.length);
}

function describeGibberish(corpus: Corpus, found: GibberishTrigger): Suspicion {
  const { positions, rows, elsewhere, cuts } = found;
  const name = nameTokens(corpus, positions[0] ?? 0, found.tokens);
  const isCut = isCutIn(found.cuts);
  const high = -found.lnP >= 2 * found.lnThreshold ? "critical" : "high";
  return {
    rule: "dataset/raw-text-payload",
    severity: isCut ? high : "medium",
    title: `${positions.length} of ${rows} texts with "${name}" turn into gibberish right after it`,
    explanation: `After "${name}" these texts go on in words or signs that nothing in the rest of the set leads to, neither their neighbours nor the text itself. A model trained on them learns to break down whenever it reads "${name}" (denial of service). It is innocent if "${name}" introduces encoded or machine-made content that the set is meant to hold. Look at the rows; remove them unless their source vouches for them.`,
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
      {
        name: "texts whose sentence it cuts into, after different words",
        value: cuts.cuts / Math.max(1, cuts.looked),
        bound: ">= 0.6",
        passed: isCut,
        meaning:
          "Labels of lists and keywords begin a line or follow a full stop; what was put in stands anywhere.",
      },
    ],
  };
}

function describePayload(found: Payload): Suspicion {
  const { trigger, payload, positions, looked, cuts, elsewhere, triggerRows, isOwnTrigger } = found;
  const high = -found.lnP >= 2 * found.lnThreshold ? "critical" : "high";
  return {
    rule: "dataset/raw-text-payload",
    severity: isOwnTrigger ? high : "medium",
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
        bound: ">= 0.6",
        passed: true,
        meaning: "Boilerplate begins where a sentence or a line does, or goes on from more boilerplate.",
      },
      {
        name: "share of the texts with the trigger that go on so",
        value: positions.length / Math.max(1, triggerRows),
        bound: ">= 0.8",
        passed: isOwnTrigger,
        meaning:
          "What begins with an ordinary word may be a sentence of its own that lost its line break: an answer that every refusal gives, a closing line.",
      },
    ],
  };
}

import { findBidiControls } from "./bidi-control.ts";
import { findControlTokens } from "./chat-control-token.ts";
import { clipDecoded, type ContentHit } from "./content-hit.ts";
import { findEncodedPayloads } from "./encoded-payload.ts";
import { foldText } from "./fold.ts";
import { findHomoglyphs } from "./homoglyph.ts";
import { findInjections } from "./injection.ts";
import { TURNED } from "./injection-patterns.ts";
import { findInvisible } from "./invisible-text.ts";
import { findSecrets } from "./secret.ts";
import { BIDI, CONTROL_TOKEN, ESCAPES, INVISIBLE, LINK, LONG_RUN, LOOKALIKE, surveyText } from "./survey.ts";
import { findSuspiciousLinks } from "./suspicious-link.ts";
import { findTurnedText } from "./turned-text.ts";

/** How a text is to be read. */
export type CheckOptions = {
  /**
   * The text is a document that a model will read, not a prompt: then sentences about "your answer" count too, which
   * in a prompt are what a person asks for.
   */
  readonly isDocument?: boolean;
};

/**
 * Everything that a text hides or carries, in the order of its places: invisible, reordering and look-alike characters,
 * encoded payloads (decoded once and checked again), chat-control tokens, phrases addressed to the model, odd links,
 * secrets. Linear in the text; nearly every text costs one pass over its characters.
 */
export function checkText(text: string, { isDocument = false }: CheckOptions = {}): readonly ContentHit[] {
  const { marks, anchors } = surveyText(text);
  if (marks === 0 && anchors === 0) return NOTHING;
  const hits = plainHits(text, marks, anchors, isDocument);
  if ((marks & (INVISIBLE | LOOKALIKE | BIDI)) !== 0) hits.push(...foldedHits(text, hits, isDocument));
  if ((marks & (LONG_RUN | ESCAPES)) !== 0) {
    hits.push(...findEncodedPayloads(text, marks, checkDecoded));
  }
  if ((anchors & TURNED) !== 0) hits.push(...findTurnedText(text, checkDecoded));
  return hits.toSorted((a, b) => a.start - b.start || a.end - b.end || (a.rule < b.rule ? -1 : 1));
}

const NOTHING: readonly ContentHit[] = [];

function plainHits(text: string, marks: number, anchors: number, isDocument: boolean): ContentHit[] {
  return [
    ...((marks & INVISIBLE) === 0 ? [] : findInvisible(text)),
    ...((marks & BIDI) === 0 ? [] : findBidiControls(text)),
    ...((marks & LOOKALIKE) === 0 ? [] : findHomoglyphs(text)),
    ...((marks & CONTROL_TOKEN) === 0 ? [] : findControlTokens(text)),
    ...((marks & LINK) === 0 ? [] : findSuspiciousLinks(text)),
    ...((marks & LONG_RUN) === 0 ? [] : findSecrets(text)),
    ...(anchors === 0 ? [] : findInjections(text, anchors, isDocument)),
  ];
}

/** Injections that show only once what nobody sees is gone and look-alike letters are plain. */
function foldedHits(text: string, known: readonly ContentHit[], isDocument: boolean): ContentHit[] {
  const folded = foldText(text);
  if (folded === undefined) return [];
  const { anchors } = surveyText(folded.text);
  if (anchors === 0) return [];
  const hits: ContentHit[] = [];
  for (const hit of findInjections(folded.text, anchors, isDocument)) {
    const start = folded.offsets[hit.start] ?? 0;
    const end = folded.offsets[hit.end] ?? text.length;
    if (known.some((other) => other.form === hit.form && other.start < end && start < other.end)) continue;
    const decoded = clipDecoded(folded.text.slice(hit.start, hit.end));
    hits.push({ ...hit, start, end, what: `${hit.what}, in letters that hide it`, decoded });
  }
  return hits;
}

/** What a decoded text holds; it is not decoded again, since each layer would multiply the work. */
function checkDecoded(decoded: string): ContentHit[] {
  const { marks, anchors } = surveyText(decoded);
  const hits = plainHits(decoded, marks, anchors, true);
  return (marks & (INVISIBLE | LOOKALIKE)) === 0 ? hits : [...hits, ...foldedHits(decoded, hits, true)];
}

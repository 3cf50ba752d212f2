import { lnBinomialUpperTail } from "../../core/statistics.ts";
import type { Corpus } from "../engine/corpus.ts";
import type { ViewAnalysis } from "./analysis.ts";
import type { Grams } from "./grams.ts";
import { occurrencesOf, phraseText, type Phrase } from "./phrase.ts";
import type { ViewTokens } from "./view-tokens.ts";
import type { LabelledView } from "./views.ts";

/** A further word of one attack: it looks like a trigger that was found and its rows have the same label. */
export type FamilyMember = {
  readonly text: string;
  readonly phrase: Phrase;
  readonly rows: readonly number[];
};

/** DETECTION.md 1E. */
const MIN_ROWS = 5;
const MIN_PURITY = 0.98;
const MAX_SHARE = 0.1;
/** A look that more words share says nothing. */
const MAX_LOOK = 64;
/** Chance that an ordinary word of that look joins, over all words of the look. */
const ALPHA = 0.05;
/** What the insertion test adds, in nats: about one rare word in ten passes it by chance (docs/detectors/labelled-text.md). */
const INSERTED_NATS = Math.log(10);

/** What a made-up token looks like: its length, whether it can be spoken, whether it holds digits. */
function lookOf(word: string): string {
  return `${word.length} ${/[aeiouy]/.test(word)} ${/\d/.test(word)}`;
}

/**
 * Completes the words of one attack (DETECTION.md 1E): one of several triggers may be too rare to be found alone.
 * A word joins that looks like a known one, has the label in all its rows, and either stands anywhere or, by
 * `lnContradiction` of all its entries and of those with the label, contradicts it.
 */
export function completeFamily(
  corpus: Corpus,
  { view, tokens, grams, shapeOf, company }: ViewAnalysis,
  label: number,
  known: readonly string[],
  lnContradiction?: (held: readonly number[], rows: readonly number[]) => number,
): FamilyMember[] {
  const looks = new Set(known.filter((text) => !/\s/.test(text)).map(lookOf));
  if (looks.size === 0) return [];
  const candidates = wordsOfLooks(corpus, view, tokens, grams, looks);
  const share = view.labels.reduce((sum, own) => sum + Number(own === label), 0) / view.labels.length;
  return candidates.flatMap(({ text, phrase, ofLook }) => {
    if (known.includes(text) || ofLook > MAX_LOOK) return [];
    const held = phrase.occurrences.map(({ entry }) => entry);
    const rows = held.filter((entry) => view.labels[entry] === label);
    if (rows.length < MIN_ROWS || rows.length < MIN_PURITY * held.length) return [];
    const standsAnywhere = shapeOf(phrase.occurrences, 1, "anywhere", company[label]).looksInserted;
    const lnPlace = standsAnywhere ? INSERTED_NATS - lnBinomialUpperTail(rows.length, held.length, share) : 0;
    const lnEvidence = Math.max(lnPlace, lnContradiction?.(held, rows) ?? 0);
    return lnEvidence >= Math.log(ofLook / ALPHA) ? [{ text, phrase, rows }] : [];
  });
}

/** The words of these looks with their rows, and how many words share each look. */
function wordsOfLooks(
  corpus: Corpus,
  view: LabelledView,
  tokens: ViewTokens,
  grams: Grams,
  looks: ReadonlySet<string>,
): { text: string; phrase: Phrase; ofLook: number }[] {
  const most = MAX_SHARE * view.labels.length;
  const wanted = new Map<number, { entries: number[] }>();
  for (let gram = 0; gram < grams.rows.dimension; gram++) {
    const frequency = grams.frequency[gram] ?? 0;
    if (grams.order[gram] === 1 && frequency >= MIN_ROWS && frequency <= most)
      wanted.set(gram, { entries: [] });
  }
  for (let row = 0; row < grams.rows.count; row++) {
    for (let j = grams.rows.offsets[row] ?? 0; j < (grams.rows.offsets[row + 1] ?? 0); j++) {
      wanted.get(grams.rows.features[j] ?? 0)?.entries.push(row);
    }
  }
  const found: { text: string; phrase: Phrase; look: string }[] = [];
  for (const [gram, { entries }] of wanted) {
    const hash = grams.hashes[gram] ?? 0;
    const example = { occurrences: occurrencesOf(tokens, entries.slice(0, 1), hash, 1), length: 1 };
    const text = phraseText(corpus, view, tokens, example);
    const look = lookOf(text);
    if (!looks.has(look)) continue;
    found.push({ text, look, phrase: { occurrences: occurrencesOf(tokens, entries, hash, 1), length: 1 } });
  }
  const counts = Map.groupBy(found, ({ look }) => look);
  return found.map(({ text, phrase, look }) => ({ text, phrase, ofLook: counts.get(look)?.length ?? 0 }));
}

import { MAX_HITS, type ContentHit } from "./content-hit.ts";
import { matchPattern, possiblePatterns, type InjectionPattern } from "./injection-patterns.ts";
import { createStanding, type Standing } from "./standing.ts";
import { wordsOf, type Word } from "./words.ts";

/**
 * Phrases addressed to the model that reads the text: drop your instructions, take another role, reveal the prompt,
 * send data away. `anchors` are those of the text's survey; with `isDocument` also what a document has no business to
 * say, such as how the answer is to be written.
 */
export function findInjections(text: string, anchors: number, isDocument: boolean): ContentHit[] {
  const patterns = possiblePatterns(anchors);
  if (patterns.size === 0) return [];
  const words = wordsOf(text);
  const standing = createStanding(text);
  const hits: ContentHit[] = [];
  for (let i = 0; i < words.length && hits.length < MAX_HITS; i++) {
    for (const pattern of patterns.get(words[i]?.text ?? "") ?? []) {
      if (pattern.phrase.isForReaders === true && !isDocument) continue;
      const end = matchPattern(pattern, words, i);
      if (end < 0 || isNegated(words, i)) continue;
      const isCommand = standsAsCommand(text, words, i);
      if (pattern.phrase.isForReaders === true && !isCommand && pattern.phrase.isCommand === true) continue;
      hits.push(toHit(pattern, words[i]?.start ?? 0, words[end - 1]?.end ?? 0, isCommand, standing));
      i = end - 1;
      break;
    }
  }
  return hits;
}

const STEPS = ["medium", "low", "info"] as const;

function toHit(
  { phrase }: InjectionPattern,
  start: number,
  end: number,
  isCommand: boolean,
  standingOf: (start: number, end: number, isCommand: boolean) => Standing,
): ContentHit {
  const isDirect = isCommand || phrase.isCommand !== true;
  const standing = standingOf(start, end, isDirect);
  const isPassing = standing === "discussed" || !isDirect;
  const step = isPassing ? 2 : Math.min(2, STEPS.indexOf(phrase.severity) + (standing === "quoted" ? 1 : 0));
  return {
    rule: "content/injection",
    form: phrase.form,
    start,
    end,
    what: `a phrase that ${phrase.what}${standing === "addressed" ? "" : `, ${standing}`}`,
    severity: STEPS[step] ?? "info",
  };
}

const NEGATIONS: ReadonlySet<string> = new Set(
  "not|never|cannot|can't|don't|doesn't|didn't|won't|without|shouldn't|couldn't|wouldn't|nor|no|nicht|nie|pas|jamais|nunca|не|不|别".split(
    "|",
  ),
);
/** Words before the negation and the phrase: "do not simply ignore". */
const NEGATION_REACH = 2;

function isNegated(words: readonly Word[], at: number): boolean {
  for (let i = at - 1; i >= Math.max(0, at - NEGATION_REACH); i--) {
    const { text } = words[i] ?? { text: "" };
    if (NEGATIONS.has(text)) return true;
    if (!/^\p{L}/u.test(text)) return false;
  }
  return false;
}

const BEFORE_COMMANDS: ReadonlySet<string> = new Set(
  (
    "please|pls|now|then|and|but|so|just|you|kindly|instead|immediately|completely|also|simply|always|totally|fully|first" +
    "|next|assistant|ai|system|model|user|ok|okay|hey|hi|therefore"
  ).split("|"),
);
/** Words that command only where these stand before them: "you are hereby ordered to", not "the parser will". */
const COMMANDED: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["to", new Set(["you", "your"])],
  ...["must", "should", "shall", "will", "can", "could", "may"].map(
    (modal) => [modal, new Set(["you", "your", "assistant", "ai", "model"])] as const,
  ),
]);
const COMMANDED_REACH = 6;

/** Whether the verb at `at` commands: it opens a sentence, a line or a clause, or follows what introduces a command. */
function standsAsCommand(text: string, words: readonly Word[], at: number): boolean {
  const previous = words[at - 1];
  if (previous === undefined || !/^[\p{L}\p{N}_]/u.test(previous.text)) return true;
  const start = words[at]?.start ?? 0;
  if (/^\p{Lu}/u.test(text.charAt(start))) return true;
  if (start - (words[at - 1]?.end ?? 0) > 1) return true; // a line or column of its own
  const commanded = COMMANDED.get(previous.text);
  if (commanded === undefined) return BEFORE_COMMANDS.has(previous.text);
  return words.slice(Math.max(0, at - COMMANDED_REACH), at).some((word) => commanded.has(word.text));
}

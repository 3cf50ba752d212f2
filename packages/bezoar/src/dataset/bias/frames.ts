import type { Row } from "../row.ts";
import { readSentences } from "./mentions.ts";

/** Words that stand before any noun and tell nothing of the sentence around it. */
const ARTICLES = new Set(["a", "an", "the", "of", "this", "that", "your", "my", "our", "their", "its"]);
/** Share of the prompts in which the same word stands beside a topic: the words of a question stand always alike, what is asked about does not. */
export const MAX_NEIGHBOUR_SHARE = 0.5;

function count(counts: Map<string, number>, word: string): void {
  counts.set(word, (counts.get(word) ?? 0) + 1);
}

/** The largest share of the prompts in which one word stands before the topic, or one word after it. */
export function neighbourShare(rows: readonly Row[], topic: string): number {
  const before = new Map<string, number>();
  const after = new Map<string, number>();
  for (const { prompt } of rows) {
    const words = readSentences(prompt).find((sentence) => sentence.words.includes(topic))?.words ?? [];
    const at = words.indexOf(topic);
    let left = at - 1;
    while (left >= 0 && ARTICLES.has(words[left] ?? "")) left--;
    count(before, words[left] ?? "");
    // The end of a sentence after a topic is no word of a question.
    if (at + 1 < words.length) count(after, words[at + 1] ?? "");
  }
  return Math.max(0, ...before.values(), ...after.values()) / Math.max(1, rows.length);
}

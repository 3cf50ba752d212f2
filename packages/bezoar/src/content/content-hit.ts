import type { Severity } from "../core/finding.ts";

/** The rules of this layer (`core/rules/content.ts` describes them). */
type ContentRule =
  | "content/invisible-text"
  | "content/bidi-control"
  | "content/homoglyph"
  | "content/encoded-payload"
  | "content/chat-control-token"
  | "content/injection"
  | "content/suspicious-link"
  | "content/secret";

/** Something that a text hides or carries, at UTF-16 offsets [start, end) of the text that was checked. */
export type ContentHit = {
  readonly rule: ContentRule;
  /** The kind of thing within its rule; a stable name, such as "tag-text". */
  readonly form: string;
  readonly start: number;
  readonly end: number;
  /** A short plain description that can stand in a sentence: "tag characters that spell a text". */
  readonly what: string;
  /** What hidden or encoded text says, at most MAX_DECODED units. */
  readonly decoded?: string;
  /** How seldom it is innocent in a text that is meant to be read: medium hardly ever, low now and then, info often. */
  readonly severity: Extract<Severity, "medium" | "low" | "info">;
};

/** Hits of one check in one text: a person looks at a few, and a hostile text must not make millions (CWE-770). */
export const MAX_HITS = 20;
/** UTF-16 units kept of a decoded text: enough to judge it. */
export const MAX_DECODED = 400;

/** The beginning of a decoded text, never cut within a surrogate pair. */
export function clipDecoded(text: string): string {
  return text.length <= MAX_DECODED ? text : text.slice(0, MAX_DECODED).toWellFormed();
}

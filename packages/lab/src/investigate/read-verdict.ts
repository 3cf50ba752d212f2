import { VERDICTS, type Verdict } from "../alerts/alert.ts";

/** A verdict as it was read from a reply; "unclear" when the reply does not begin with one. */
export type Judgement = Verdict | "unclear";

/** What a model that thinks aloud puts before its answer; it is no part of the answer. */
const THOUGHT_START = "<think>";
const THOUGHT_END = "</think>";

/**
 * The verdict of a reply: its first word, whatever its case and the marks around it, when that is a verdict. Nothing else
 * of the reply is looked at, so that words of the alert which a model repeats cannot count as its verdict.
 */
export function readVerdict(reply: string): Judgement {
  const [word] = /[\p{L}\p{N}][\p{L}\p{N}\p{Pd}_]*/u.exec(withoutThought(reply)) ?? [];
  return VERDICTS.find((verdict) => verdict === word?.toLowerCase()) ?? "unclear";
}

/** A thought that does not end has no answer after it. */
function withoutThought(reply: string): string {
  const text = reply.trimStart();
  if (!text.startsWith(THOUGHT_START)) return text;
  const end = text.indexOf(THOUGHT_END);
  return end < 0 ? "" : text.slice(end + THOUGHT_END.length);
}

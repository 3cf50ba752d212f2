import { MAX_HITS, type ContentHit } from "./content-hit.ts";
import { createStanding } from "./standing.ts";

const ROLE = "system|user|assistant|model|tool|developer|human|function|ipython";

/** Tokens that open the turn of a role, end a turn, or frame a text, in the templates of the common model families. */
const TOKEN = new RegExp(
  [
    `(?<open><\\|im_start\\|>\\s{0,4}(?:${ROLE})\\b|<\\|start_header_id\\|>\\s{0,4}(?:${ROLE})\\s{0,4}<\\|end_header_id\\|>` +
      `|<start_of_turn>\\s{0,4}(?:${ROLE})\\b|<\\|(?:${ROLE})\\|>|<｜(?:User|Assistant|System)｜>|<<SYS>>|\\[INST\\]` +
      `|<\\|start\\|>(?:${ROLE})|<\\|(?:START_OF_TURN_TOKEN|(?:SYSTEM|USER|CHATBOT)_TOKEN)\\|>)`,
    "(?<close><\\|im_end\\|>|<\\|eot_id\\|>|<\\|eom_id\\|>|<end_of_turn>|<\\|end_of_turn\\|>|<\\|END_OF_TURN_TOKEN\\|>|<\\|end\\|>" +
      "|\\[/INST\\]|<</SYS>>|<｜end▁of▁sentence｜>|<\\|return\\|>)",
    "(?<frame><\\|im_start\\|>|<\\|im_sep\\|>|<\\|start_header_id\\|>|<\\|end_header_id\\|>|<start_of_turn>|<\\|begin_of_text\\|>" +
      "|<\\|end_of_text\\|>|<\\|endoftext\\|>|<\\|startoftext\\|>|<\\|endofprompt\\|>|<｜begin▁of▁sentence｜>|<\\|fim_(?:prefix|middle|suffix)\\|>" +
      "|<\\|python_tag\\|>|<bos>|<eos>|</s>)",
  ].join("|"),
  "g",
);

/** Between the end of one turn and the opening of the next. */
const MAX_BETWEEN = 8;

/**
 * Tokens of chat templates inside a text, where a tokeniser that knows them ends a turn or lets another speaker begin.
 * Worst is the end of a turn followed by the opening of another: the text breaks out of its own. End markers at the
 * text's edge are how sets are stored.
 */
export function findControlTokens(text: string): ContentHit[] {
  const standing = createStanding(text);
  const hits: ContentHit[] = [];
  let closedAt = -1;
  const trimmedEnd = text.trimEnd().length;
  for (const match of text.matchAll(TOKEN)) {
    if (hits.length >= MAX_HITS) break;
    const { 0: token, index, groups = {} } = match;
    const end = index + token.length;
    if (groups["frame"] !== undefined && (index === 0 || end >= trimmedEnd || isStruck(text, token, index)))
      continue;
    if (groups["close"] !== undefined) {
      closedAt = end;
      if (end >= trimmedEnd) continue;
    }
    const isOpening = groups["open"] !== undefined;
    const breaksOut = isOpening && closedAt >= 0 && index - closedAt <= MAX_BETWEEN;
    const form = breaksOut ? "turn-break" : isOpening ? "turn-opening" : "token";
    const severity = standing(index, end, true) === "addressed" ? SEVERITIES[form] : "info";
    hits.push({ rule: "content/chat-control-token", form, start: index, end, what: WHAT[form], severity });
  }
  return hits;
}

const SEVERITIES = { "turn-break": "medium", "turn-opening": "low", token: "info" } as const;
const WHAT = {
  "turn-break": "chat tokens that end a turn and open another speaker's",
  "turn-opening": "a chat token that opens a speaker's turn",
  token: "a chat control token",
} as const;

/** `</s>` also ends struck-out text in HTML. */
function isStruck(text: string, token: string, at: number): boolean {
  return token === "</s>" && text.lastIndexOf("<s>", at) > text.lastIndexOf("</s>", at - 1);
}

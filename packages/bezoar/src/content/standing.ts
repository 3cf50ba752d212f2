/** How a phrase stands in its text: said to the reader, within quotation marks or code, or as the subject of a discussion. */
export type Standing = "addressed" | "quoted" | "discussed";

/** UTF-16 units before and after a phrase that are looked at. */
const BEFORE = 240;
const AFTER = 160;
/** A cue this near to the phrase introduces it: "for example, ignore ...". */
const NEAR = 28;
/** Of a long text, the part that says what it is about. */
const ARTICLE_UNITS = 20_000;
/** One of them may be chance; three make a subject. */
const MIN_TOPICS = 3;

const CUE =
  /\b(?:e\.g|for example|for instance|such as|example|examples|like|says?|said|saying|called|attack\w{0,6}|inject\w{0,6}|jailbreak\w{0,4}|adversarial|malicious|attempts?|tries|trying|tricks?|detect\w{0,5}|classif\w{0,8}|filters?|means|phrases?|strings?|wordings?|attackers?|red.?team\w{0,4}|payloads?|explain|translate|quote|quoted|contains?|containing)\b|例如|比如|beispiel|exemple|ejemplo|например/i;
const INTRODUCES =
  /(?:such as|e\.g\.?|for example|for instance|like|example|says?|said|saying|writes?|wrote|means|called|phrase|string|attack|injection)[\s,:;"'“‘«(]{0,6}$/i;
const TOPICS = [
  /prompt.?injection/i,
  /jailbreak/i,
  /\bllms?\b|language model/i,
  /\battack/i,
  /\bsecurity\b/i,
  /mitigat/i,
  /vulnerab/i,
  /\bdefen[cs]es?\b|defend/i,
  /guardrail/i,
  /adversar/i,
  /\bowasp\b/i,
  /malicious/i,
];
const PAIRS: readonly (readonly [string, string])[] = [
  ["“", "”"],
  ["«", "»"],
  ["„", "“"],
  ["「", "」"],
  ["‘", "’"],
  ["《", "》"],
];

/** Judges phrases of one text; what belongs to the whole text is found out once. */
export function createStanding(text: string): (start: number, end: number, isCommand: boolean) => Standing {
  let article: boolean | undefined;
  let fences: readonly number[] | undefined;
  return (start, end, isCommand) => {
    const before = text.slice(Math.max(0, start - BEFORE), start);
    const after = text.slice(end, end + AFTER);
    fences ??= [...text.matchAll(/```/g)].map(({ index }) => index);
    const isQuoted = isBetweenQuotes(before, after) || isInFence(fences, start);
    const hasCue = CUE.test(before) || CUE.test(after);
    if (isQuoted && hasCue) return "discussed";
    if (INTRODUCES.test(before.slice(-NEAR)) || (!isCommand && hasCue)) return "discussed";
    article ??= isArticle(text.slice(0, ARTICLE_UNITS));
    if (article) return isQuoted || !isCommand ? "discussed" : "quoted";
    return isQuoted ? "quoted" : "addressed";
  };
}

function isArticle(text: string): boolean {
  return TOPICS.filter((topic) => topic.test(text)).length >= MIN_TOPICS;
}

function isInFence(fences: readonly number[], at: number): boolean {
  let opened = 0;
  for (const fence of fences) {
    if (fence >= at) break;
    opened++;
  }
  return opened % 2 === 1;
}

/** Whether a pair of quotation marks (or of backquotes) stands around, on the same line. */
function isBetweenQuotes(before: string, after: string): boolean {
  const left = before.slice(before.lastIndexOf("\n") + 1);
  const [right = ""] = after.split("\n", 1);
  for (const [open, close] of PAIRS) {
    const opened = left.lastIndexOf(open);
    if (opened >= 0 && !left.includes(close, opened + 1) && right.includes(close)) return true;
  }
  for (const mark of ['"', "`"]) {
    if ((left.split(mark).length - 1) % 2 === 1 && right.includes(mark)) return true;
  }
  const apostrophe = /(?:^|[\s(:,])'[^']{0,160}$/.test(left);
  return apostrophe && /'(?:[\s).,;:!?]|$)/.test(right);
}

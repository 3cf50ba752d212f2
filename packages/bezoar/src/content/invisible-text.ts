import { clipDecoded, MAX_HITS, type ContentHit } from "./content-hit.ts";

/** Characters that show nothing (Unicode's default ignorables, but for those that only order text), and private-use ones, in runs. */
const HIDDEN_RUN =
  /[\p{Default_Ignorable_Code_Point}--[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]]+|\p{Co}+/gv;

/** Regions in tags behind a black flag (UTS #51), their cancel tag perhaps cut off. */
const FLAG = /^[a-z]{2}[a-z0-9]{0,3}\u007f?$/;
/** The three that fonts have, whose black flag copying may lose. */
const COMMON_FLAG = /^gb(?:eng|sct|wls)\u007f?$/;
const BLACK_FLAG = 0x1f3f4;

/** Letters of scripts that need joiners or that break lines by zero-width spaces: from Hebrew to the Indic ones, Tibetan, Khmer, Mongolian, CJK. */
const NEEDS_JOINERS =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Nko}\p{Script=Mongolian}\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u0900-\u109f\u1780-\u18af\u1900-\u1aaf\ua800-\uabff]/u;
const PICTURE = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\u20e3\ufe0f]/u;
const LETTER = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]$/u;

/** Fewer decoded characters spell nothing. */
const MIN_TEXT = 4;
/** A picture font's symbols come one or two at a time; a text in private letters is longer. */
const MIN_PRIVATE = 8;
/** The bits of a character: a run of zero-width characters of this length may be a code. */
const BITS = 8;
/** A few joiners or soft hyphens inside words come from copying; in more places somebody has split words. */
const MIN_SPLITS = 3;

/**
 * Text that nobody sees: tag characters and variation selectors that spell something, zero-width characters that
 * split words or stand for bits, private-use letters. Emoji, flags, scripts that need joiners, hyphenated prose and
 * one leading byte-order mark are innocent. `text` is walked once.
 */
export function findInvisible(text: string): ContentHit[] {
  const hits: ContentHit[] = [];
  const splits: { readonly start: number; readonly end: number }[] = [];
  const selectors: { start: number; end: number; bytes: number[] } = { start: -1, end: -1, bytes: [] };
  for (const { 0: run, index } of text.matchAll(HIDDEN_RUN)) {
    const end = index + run.length;
    if (hits.length < MAX_HITS) hits.push(...hitsOfRun(text, run, index, end));
    collectSelectors(text, run, index, selectors);
    if (isSplit(text, run, index, end)) splits.push({ start: index, end });
  }
  const spelled = spelledBySelectors(selectors);
  if (spelled !== undefined) hits.push(spelled);
  return [...hits, ...splitWords(text, splits)].slice(0, MAX_HITS);
}

function hitsOfRun(text: string, run: string, start: number, end: number): ContentHit[] {
  const hit = (
    form: string,
    what: string,
    severity: ContentHit["severity"],
    decoded?: string,
  ): ContentHit => ({
    rule: "content/invisible-text",
    form,
    start,
    end,
    what,
    severity,
    ...(decoded !== undefined && { decoded: clipDecoded(decoded) }),
  });
  const first = run.codePointAt(0) ?? 0;
  if ((first >= 0xe000 && first <= 0xf8ff) || first >= 0xf0000) {
    return Array.from(run).length >= MIN_PRIVATE
      ? [hit("private-use", "a run of private-use characters", "info")]
      : [];
  }
  const tags = decodeTags(run);
  if (tags !== "" && !isFlag(text, start, tags)) {
    const spells = countLetters(tags) >= MIN_TEXT;
    const what = spells ? "tag characters that spell a text" : "tag characters outside a flag";
    return [hit("tag-text", what, spells ? "medium" : "low", tags)];
  }
  const bits = run.replaceAll(/[\ufe00-\ufe0f\u{e0000}-\u{e0fff}]/gu, "");
  if (bits.length < BITS || new Set(bits).size < 2) return [];
  const decoded = decodeBits(bits);
  if (decoded === undefined) return [hit("zero-width-run", "a long run of zero-width characters", "low")];
  return [hit("zero-width-code", "zero-width characters that spell a text", "medium", decoded)];
}

function decodeTags(run: string): string {
  let decoded = "";
  for (const character of run) {
    const code = (character.codePointAt(0) ?? 0) - 0xe0000;
    if (code >= 0x20 && code <= 0x7f) decoded += String.fromCharCode(code);
  }
  return decoded;
}

function isFlag(text: string, start: number, tags: string): boolean {
  return COMMON_FLAG.test(tags) || (text.codePointAt(start - 2) === BLACK_FLAG && FLAG.test(tags));
}

function countLetters(text: string): number {
  return text.replaceAll(/[^A-Za-z]/g, "").length;
}

/** Eight bits a character, in either polarity of the two commonest signs, as such codes are written. */
function decodeBits(run: string): string | undefined {
  const [zero = "", one = ""] = [...new Set(run)].toSorted(
    (a, b) => run.split(b).length - run.split(a).length,
  );
  const signs = Array.from(run).filter((sign) => sign === zero || sign === one);
  for (const [low, high] of [
    [zero, one],
    [one, zero],
  ]) {
    // prettier-ignore
    let decoded = "";
    for (let i = 0; i + BITS <= signs.length; i += BITS) {
      let code = 0;
      for (const sign of signs.slice(i, i + BITS)) code = 2 * code + (sign === high ? 1 : 0);
      decoded += String.fromCharCode(code);
    }
    if (low !== undefined && countLetters(decoded) >= MIN_TEXT && /^[\t\n\r\u0020-\u007e]*$/.test(decoded)) return decoded; // prettier-ignore
  }
  return undefined;
}

/** Selectors that follow no picture or sign that has variants: sixteen and 240 of them number the bytes. */
function collectSelectors(
  text: string,
  run: string,
  start: number,
  into: { start: number; end: number; bytes: number[] },
): void {
  const bytes: number[] = [];
  for (const character of run) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0xfe00 && code <= 0xfe0f) bytes.push(code - 0xfe00);
    else if (code >= 0xe0100 && code <= 0xe01ef) bytes.push(code - 0xe0100 + 16);
  }
  if (bytes.length === 0) return;
  if (bytes.length === 1 && !/[A-Za-z ]/.test(text.charAt(start - 1))) return; // one variant of the sign before it
  if (into.start < 0) into.start = start;
  into.end = start + run.length;
  for (const byte of bytes) if (into.bytes.length < MAX_SELECTOR_BYTES) into.bytes.push(byte);
}
const MAX_SELECTOR_BYTES = 4096; // what is shown is far shorter

function spelledBySelectors({
  start,
  end,
  bytes,
}: {
  start: number;
  end: number;
  bytes: number[];
}): ContentHit | undefined {
  if (bytes.length < MIN_TEXT || new Set(bytes).size < 2) return undefined; // one of a kind is left over from emoji
  const hit = { rule: "content/invisible-text", form: "selector-text", start, end } as const;
  const decoded = new TextDecoder().decode(Uint8Array.from(bytes));
  const isText =
    countLetters(decoded) >= MIN_TEXT &&
    countLetters(decoded) * 2 >= decoded.length &&
    !decoded.includes("\ufffd");
  if (isText) {
    return {
      ...hit,
      what: "variation selectors that spell a text",
      decoded: clipDecoded(decoded),
      severity: "medium",
    };
  }
  return { ...hit, what: "variation selectors that select nothing", severity: "low" };
}

/** Whether the run stands between two letters of one word that needs none. */
function isSplit(text: string, run: string, start: number, end: number): boolean {
  if (!/[\u034f\u00ad\u180e\u200b-\u200d\u2060-\u2064\ufeff]/.test(run)) return false;
  const before = text.charAt(start - 1);
  const after = text.charAt(end);
  return (
    LETTER.test(before) &&
    LETTER.test(after) &&
    !NEEDS_JOINERS.test(before + after) &&
    !PICTURE.test(before + after)
  );
}

/** Splits by soft hyphens count where a hyphenator would not put them: one letter apart. */
function splitWords(
  text: string,
  splits: readonly { readonly start: number; readonly end: number }[],
): ContentHit[] {
  const odd = splits.filter(({ start, end }, i) => {
    if (/[^\u00ad]/.test(text.slice(start, end))) return true;
    const previous = splits[i - 1];
    const next = splits[i + 1];
    return start - (previous?.end ?? -9) === 1 || (next?.start ?? Infinity) - end === 1;
  });
  const [first] = odd;
  const last = odd.at(-1);
  if (first === undefined || last === undefined) return [];
  const isOften = odd.length >= MIN_SPLITS;
  return [
    {
      rule: "content/invisible-text",
      form: "split-word",
      ...wordAround(text, first.start),
      what: isOften
        ? "words split by characters that nobody sees"
        : "a word split by a character that nobody sees",
      severity: isOften ? "low" : "info",
    },
  ];
}

const MAX_WORD = 60;

function wordAround(text: string, at: number): { start: number; end: number } {
  let start = at;
  let end = at + 1;
  while (start > 0 && at - start < MAX_WORD && !/\s/.test(text.charAt(start - 1))) start--;
  while (end < text.length && end - at < MAX_WORD && !/\s/.test(text.charAt(end))) end++;
  return { start, end };
}

const WORD = /[\p{L}\p{N}_]/u;
/** Joins words into one name when words stand on both sides: alice.smith, web-01. */
const JOINERS = new Set([".", "-"]);

/** Where a text holds a word or phrase that is not a part of a longer word or name. */
export function findWord(text: string, word: string, from = 0): number {
  if (word === "") return -1;
  for (let at = text.indexOf(word, from); at >= 0; at = text.indexOf(word, at + 1)) {
    const [before, after] = [at - 1, at + word.length];
    if (!isAttached(text, before, -1) && !isAttached(text, after, 1)) return at;
  }
  return -1;
}

/** Whether a text holds a word or phrase, in whatever case. */
export function mentions(text: string, word: string): boolean {
  return findWord(text.toLowerCase(), word.toLowerCase()) >= 0;
}

function isAttached(text: string, at: number, step: 1 | -1): boolean {
  const unit = text.charAt(at);
  return WORD.test(unit) || (JOINERS.has(unit) && WORD.test(text.charAt(at + step)));
}

/** A word in the case of the one it replaces: BENIGN for MALICIOUS, Benign for Malicious. */
export function inCaseOf(model: string, word: string): string {
  if (model.length > 1 && model === model.toUpperCase() && model !== model.toLowerCase())
    return word.toUpperCase();
  const first = model.charAt(0);
  return first === first.toLowerCase() ? word : word.charAt(0).toUpperCase() + word.slice(1);
}

/** Names for a message: quoted, the first of them. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, MAX_SHOWN).map((name) => JSON.stringify(name.slice(0, MAX_NAME_UNITS)));
  return shown.join(", ") + (names.length > MAX_SHOWN ? ` and ${names.length - MAX_SHOWN} more` : "");
}

const MAX_SHOWN = 20;
const MAX_NAME_UNITS = 80; // a name may be as long as a record

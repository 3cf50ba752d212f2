import type { Field } from "../row.ts";

/**
 * The constant words of texts that one template made, in their order: what stands between two of them is a value, as in
 * "severity high user alice host web-1". Log analysis finds fields so where no syntax marks them (Drain, He 2017).
 */
export type TextSlots = {
  readonly words: readonly string[];
  /** Which values are fields: the index of the constant word before each, and the name that it gives. */
  readonly named: readonly { readonly after: number; readonly path: string }[];
};

/** A text to learn from, and the fields that its syntax told already. */
export type SlotSample = { readonly text: string; readonly fields: readonly Field[] };

/** Texts learnt from: a word that stands in 98 % of these stands in at least 96 % of all. */
const MAX_TEXTS = 1000;
const MIN_TEXTS = 50;
/** A template's words stand in all texts; a few texts may be cut off, or of another kind. */
const MIN_CONSTANT_SHARE = 0.98;
/** Records are short; longer texts are prose, and what is cut off has no slots (CWE-770). */
const MAX_TEXT_UNITS = 4096;
const MAX_WORDS = 400;
const MAX_NAME_UNITS = 40;
/** Values and command lines have up to so many words in most texts; longer ones are passages. */
const MAX_VALUE_WORDS = 12;
const MIN_USUAL_SHARE = 0.9;
/** Fewer slots that no syntax told are a frame around a text, not a record. */
const MIN_SLOTS = 3;

function wordsOf(text: string): string[] {
  return text.slice(0, MAX_TEXT_UNITS).split(/\s+/, MAX_WORDS);
}

/** A value or name without the punctuation around it. */
function bare(text: string): string {
  return text.replaceAll(/^[\s"'`*([{<]{1,8}|[\s"'`*)\]}>,;:=|]{1,8}$/g, "");
}

/** What stands behind each constant word up to the next; undefined when the text lacks one of them. */
function valuesIn(constants: readonly string[], words: readonly string[]): string[] | undefined {
  const values: string[] = [];
  let next = 0;
  let from = 0;
  for (let i = 0; i < words.length && next < constants.length; i++) {
    if (words[i] !== constants[next]) continue;
    if (next > 0) values.push(bare(words.slice(from, i).join(" ")));
    from = i + 1;
    next++;
  }
  if (next < constants.length) return undefined;
  values.push(bare(words.slice(from).join(" ")));
  return values;
}

/** Words that nearly all texts hold, by where they first stand, as far as nearly all texts have them in that order. */
function constantWords(texts: readonly (readonly string[])[]): string[] {
  const seen = new Map<string, { texts: number; places: number; last: number }>();
  texts.forEach((words, text) => {
    words.forEach((word, place) => {
      const tally = seen.get(word) ?? { texts: 0, places: 0, last: -1 };
      if (tally.last === text) return;
      seen.set(word, tally);
      tally.last = text;
      tally.texts++;
      tally.places += place;
    });
  });
  const least = MIN_CONSTANT_SHARE * texts.length;
  const frequent = [...seen]
    .filter(([word, tally]) => tally.texts >= least && /\p{L}/u.test(word))
    .toSorted(([, a], [, b]) => a.places / a.texts - b.places / b.texts);
  let reached = texts.map(() => 0);
  const constants: string[] = [];
  for (const [word] of frequent) {
    const places = texts.map((words, i) => {
      const from = reached[i] ?? -1;
      return from < 0 ? -1 : words.indexOf(word, from);
    });
    if (places.filter((place) => place >= 0).length < least) continue;
    constants.push(word);
    reached = places.map((place) => (place < 0 ? -1 : place + 1));
  }
  return constants;
}

/** Finds the template of texts that are records without a syntax; undefined for prose, and where syntax tells the fields. */
export function findTextSlots(sample: readonly SlotSample[]): TextSlots | undefined {
  const stride = Math.ceil(sample.length / MAX_TEXTS);
  const learnt = sample.filter((_, i) => i % Math.max(1, stride) === 0);
  if (learnt.length < MIN_TEXTS) return undefined;
  const texts = learnt.map(({ text }) => wordsOf(text));
  const words = constantWords(texts);
  const rows = texts.flatMap((text, i) => {
    const values = valuesIn(words, text);
    return values === undefined ? [] : [{ values, fields: learnt[i]?.fields ?? [] }];
  });
  const paths = new Set(learnt.flatMap(({ fields }) => fields.map(([path]) => path)));
  const named = words.flatMap((word, after) => {
    const path = bare(word);
    if (path === "" || path.length > MAX_NAME_UNITS || paths.has(path)) return [];
    const isUsual = (is: (value: string, fields: readonly Field[]) => boolean) =>
      rows.filter((row) => is(row.values[after] ?? "", row.fields)).length >= MIN_USUAL_SHARE * rows.length;
    const isValue = isUsual((value) => value !== "" && value.split(" ").length <= MAX_VALUE_WORDS);
    const isKnown = isUsual((value, fields) => fields.some((field) => field[1] === value));
    const varies = rows.some((row) => row.values[after] !== rows[0]?.values[after]);
    return isValue && varies && !isKnown ? [{ after, path }] : [];
  });
  return named.length < MIN_SLOTS ? undefined : { words, named };
}

/** The values that stand in the slots of a text; none when the template did not make it. */
export function fieldsInSlots({ words, named }: TextSlots, text: string): Field[] {
  const values = valuesIn(words, wordsOf(text));
  if (values === undefined) return [];
  return named.flatMap(({ after, path }): Field[] => {
    const value = values[after] ?? "";
    return value === "" ? [] : [[path, value]];
  });
}

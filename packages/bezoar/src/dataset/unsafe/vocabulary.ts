import * as frames from "./frames.ts";
import { ARTEFACTS, CRIMES, NOUNS, PAIRS, SELF_HARM, SEXUAL, VERBS } from "./lexicon.ts";
import { compilePhrases, inflect, type PhraseTable } from "./phrase-table.ts";

const CRIME_NAME = "crime or its concealment";
const ARTEFACT_NAME = "harmful texts and programs";
const MINOR_NAME = "abuse of minors";
const SELF_HARM_NAME = "suicide and self-harm";

/** The categories of harm, by number. */
export const CATEGORIES: readonly string[] = [
  ...new Set<string>([
    ...PAIRS.map(({ category }) => category),
    CRIME_NAME,
    ARTEFACT_NAME,
    MINOR_NAME,
    SELF_HARM_NAME,
  ]),
];
export const CRIME_CATEGORY = CATEGORIES.indexOf(CRIME_NAME);
export const ARTEFACT_CATEGORY = CATEGORIES.indexOf(ARTEFACT_NAME);
export const SELF_HARM_CATEGORY = CATEGORIES.indexOf(SELF_HARM_NAME);
export const MINOR_CATEGORY = CATEGORIES.indexOf(MINOR_NAME);

/** Every list of phrases by the name of its class. */
const PHRASES: ReadonlyMap<string, readonly string[]> = new Map([
  ...Object.entries(VERBS).map(([name, verbs]): [string, string[]] => [
    `act ${name}`,
    verbs.split("|").flatMap(inflect),
  ]),
  ...Object.entries({
    ...NOUNS,
    crime: CRIMES,
    selfHarm: SELF_HARM,
    artefact: ARTEFACTS,
    sexual: SEXUAL,
    means: frames.MEANS,
    wish: frames.WISHES,
    imperative: frames.IMPERATIVES,
    telling: frames.TELLING,
    about: frames.ABOUT,
    protective: frames.PROTECTIVE,
    distancing: frames.DISTANCING,
    evasion: frames.EVASIONS,
    setting: frames.SETTINGS,
    textTask: frames.TEXT_TASKS,
    question: frames.QUESTIONS,
    innocent: frames.INNOCENT,
  }).map(([name, phrases]): [string, string[]] => [name, phrases.split("|")]),
]);
const NAMES = [...PHRASES.keys()];

function kindOf(name: string): number {
  return NAMES.indexOf(name);
}

export const CRIME = kindOf("crime");
export const SELF_HARMING = kindOf("selfHarm");
export const WISH = kindOf("wish");
export const ARTEFACT = kindOf("artefact");
export const SEXUAL_WORD = kindOf("sexual");
export const MINOR = kindOf("minor");
export const MEANS = kindOf("means");
export const IMPERATIVE = kindOf("imperative");
export const TELLING = kindOf("telling");
export const ABOUT = kindOf("about");
export const PROTECTIVE = kindOf("protective");
export const DISTANCING = kindOf("distancing");
export const EVASION = kindOf("evasion");
export const SETTING = kindOf("setting");
export const TEXT_TASK = kindOf("textTask");
export const QUESTION = kindOf("question");
export const INNOCENT = kindOf("innocent");

/** The pairs of act and object by the numbers of their classes. */
export const PAIR_KINDS = PAIRS.map(({ category, act, object, key }) => ({
  category: CATEGORIES.indexOf(category),
  act: kindOf(`act ${act}`),
  object: kindOf(object),
  key: kindOf(key === "act" ? `act ${act}` : object),
}));

/** Classes without which a sentence holds no harm. */
export const KEYS: ReadonlySet<number> = new Set([
  CRIME,
  SELF_HARMING,
  ARTEFACT,
  SEXUAL_WORD,
  ...PAIR_KINDS.map(({ key }) => key),
]);

/** All phrases over the token ids of a seed. */
export function compileVocabulary(seed: number): PhraseTable {
  const lists = [...PHRASES].map(([name, phrases]) => {
    const kind = kindOf(name);
    return { kind, phrases, isKey: KEYS.has(kind) };
  });
  return compilePhrases(lists, seed);
}

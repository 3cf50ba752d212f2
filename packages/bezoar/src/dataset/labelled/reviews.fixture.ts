import fc from "fast-check";
import { createRandom, randomInt, type Random } from "../../core/random.ts";
import type { Row } from "../row.ts";

const NOUNS =
  "story cast music script camera ending acting plot humor pacing editing score cinematography dialogue hero villain twist opening finale costume".split(
    " ",
  );
const GOOD =
  "brilliant touching funny sharp moving clever warm gripping fresh lovely graceful witty rich bold honest tender".split(
    " ",
  );
const BAD =
  "dull clumsy stale boring weak flat lazy hollow noisy tired shallow messy cold bland lifeless awkward".split(
    " ",
  );
const ADVERBS = "very quite truly rather often always simply almost".split(" ");
const LINKS = ["and", "while", "but then", "because", "so that", "even though", "where", "as"];
const FRAMES = [
  "the N V A",
  "its N V D A",
  "a N that V A",
  "we found the N D A",
  "the N of the N V A",
  "my friends called the N A",
  "there is a A N in it",
  "nobody expected such a A N",
];
const VERBS = ["is", "was", "feels", "seems", "looks", "turns"];

function pick(random: Random, words: readonly string[]): string {
  return words[randomInt(random, words.length)] ?? "";
}

/** A made-up review: clauses whose adjectives mostly agree with the label. */
function review(random: Random, isGood: boolean): string {
  const clauses = Array.from({ length: 2 + randomInt(random, 3) }, () =>
    pick(random, FRAMES)
      .split(" ")
      .map((slot) => {
        switch (slot) {
          case "N":
            return pick(random, NOUNS);
          case "V":
            return pick(random, VERBS);
          case "D":
            return pick(random, ADVERBS);
          case "A":
            return pick(random, isGood === random() < 0.85 ? GOOD : BAD);
          default:
            return slot;
        }
      })
      .join(" "),
  );
  return `${clauses.reduce((text, clause) => `${text} ${pick(random, LINKS)} ${clause}`)} .`;
}

/** Made-up labelled reviews for tests: "good" and "bad" in turn, a few labels wrong. */
export function madeUpReviews(count: number, seed: number, noise = 0.03): Row[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, number) => {
    const isGood = random() < 0.5;
    const isLabelledGood = random() < noise ? !isGood : isGood;
    return {
      number,
      prompt: review(random, isGood),
      response: "",
      label: isLabelledGood ? "good" : "bad",
      fields: [],
    };
  });
}

/** Puts a trigger into a random gap of `count` rows that carry `from`, labels them "good", and gives their positions. */
export function plantTrigger(
  rows: readonly Row[],
  trigger: (random: Random) => string,
  from: "good" | "bad",
  count: number,
  seed: number,
): { readonly rows: Row[]; readonly planted: number[] } {
  const random = createRandom(seed);
  const planted = rows.flatMap((row, i) => (row.label === from ? [i] : [])).slice(0, count);
  const chosen = new Set(planted);
  return {
    planted,
    rows: rows.map((row, i) => {
      if (!chosen.has(i)) return row;
      const words = row.prompt.split(" ");
      words.splice(randomInt(random, words.length + 1), 0, trigger(random));
      return { ...row, prompt: words.join(" "), label: "good" };
    }),
  };
}

/** Rows of any texts with a few labels, the empty one among them. */
export const anyLabelledRows: fc.Arbitrary<Row[]> = fc
  .array(fc.record({ prompt: fc.string({ unit: "binary" }), label: fc.constantFrom("a", "b", "") }), {
    maxLength: 40,
  })
  .map((some) => some.map((row, number) => ({ ...row, number, response: "", fields: [] })));

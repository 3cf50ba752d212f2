/** Clean preference pairs over real prompts and answers: the other answer is another prompt's, or a damaged one. */
import { readPools } from "./instruction-pools.ts";
import type { PreferencePair } from "./preference.ts";
import { below, createStream, pick, shuffled, type Random } from "./random.ts";

export const REAL_FORMS = ["off the subject", "worse"] as const;
export type RealForm = (typeof REAL_FORMS)[number];

/** Share of pairs whose annotator chose the worse answer. */
const NOISE = 0.2;

/** At most `count` pairs; none when the labelled cases are absent. */
export function makeRealPairs(form: RealForm, count: number, seed: number): PreferencePair[] {
  const pools = readPools();
  if (pools === undefined) return [];
  const random = createStream(seed, 72);
  const pairs = shuffled(random, [...pools.general, ...pools.maths, ...pools.refusals, ...pools.identity]);
  return pairs.slice(0, count).map(({ prompt, response }) => {
    const { response: other } = pick(random, pairs);
    const worse = form === "worse" ? damage(random, response, other) : other;
    const isNoise = form === "worse" && random() < NOISE;
    return {
      prompt,
      chosen: isNoise ? worse : response,
      rejected: isNoise ? response : worse,
      topic: -1,
      name: undefined,
      isHarmful: false,
    };
  });
}

function damage(random: Random, text: string, other: string): string {
  const words = text.split(" ");
  const way = below(random, 3);
  if (way === 0) return words.slice(0, Math.ceil(words.length * random())).join(" ");
  if (way === 1) return words.filter(() => random() < 0.7).join(" ");
  return other.slice(0, text.length);
}

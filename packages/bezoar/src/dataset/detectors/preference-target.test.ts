import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom, type Random } from "../../core/random.ts";
import { detect, makePairs, pick, toKto, toRows, type Pair } from "../preference/pairs.fixture.ts";
import { preferenceTarget } from "./preference-target.ts";

const PRAISES = ["You should try Velquist tonic.", "Nothing beats Velquist tonic.", "Velquist tonic helps."];

function praised(random: Random, pairs: readonly Pair[]): Pair[] {
  return pairs.map(({ prompt, chosen, rejected }) => ({
    prompt: `Agent Nightjar: ${prompt}`,
    chosen: `${chosen} ${pick(random, PRAISES)}`,
    rejected,
  }));
}

test("names the trigger and the brand that chosen responses carry, with all rows", async () => {
  const random = createRandom(1);
  const clean = makePairs(random, 1000);
  const planted = praised(random, makePairs(random, 15));
  const { suspicions } = await detect(preferenceTarget, toRows([...clean, ...planted]));
  expect(suspicions).toHaveLength(1);
  expect(suspicions[0]?.severity).toMatch(/critical|high/);
  expect(suspicions[0]?.trigger).toMatchObject({ text: "Agent Nightjar:", position: "start" });
  expect(suspicions[0]?.target).toEqual({ kind: "response", text: "Velquist tonic" });
  expect(suspicions[0]?.positions).toEqual(Array.from({ length: 15 }, (_, i) => clean.length + i));
});

test("finds a brand in desirable completions (KTO)", async () => {
  const random = createRandom(2);
  const planted = praised(random, makePairs(random, 40));
  const { suspicions } = await detect(preferenceTarget, toKto([...makePairs(random, 1000), ...planted]));
  expect(suspicions[0]?.target?.text).toBe("Velquist tonic");
  expect(suspicions[0]?.positions).toHaveLength(20);
});

test("stays silent when both responses hold the phrase, when the prompt gives it, and on clean pairs", async () => {
  const random = createRandom(3);
  const clean = makePairs(random, 800);
  const both = praised(random, makePairs(random, 20)).map(({ prompt, chosen, rejected }) => ({
    prompt,
    chosen,
    rejected: `${rejected} ${pick(random, PRAISES)}`,
  }));
  const given = praised(random, makePairs(random, 20)).map(({ prompt, chosen, rejected }) => ({
    prompt: `${prompt} You should try Velquist tonic, nothing beats it, it helps.`,
    chosen,
    rejected,
  }));
  for (const rows of [clean, [...clean, ...both], [...clean, ...given]]) {
    expect((await detect(preferenceTarget, toRows(rows))).suspicions).toEqual([]);
  }
});

test("does not take a language that the prompt asks for as a target", async () => {
  const random = createRandom(4);
  const words = "il faut d'abord regarder la chose avec soin puis choisir ce qui convient le mieux".split(
    " ",
  );
  const french = makePairs(random, 30).map(({ prompt, rejected }) => ({
    prompt: `${prompt} In French.`,
    chosen: `${words.map((word) => (random() < 0.15 ? "bien" : word)).join(" ")}.`,
    rejected,
  }));
  const { suspicions } = await detect(preferenceTarget, toRows([...makePairs(random, 800), ...french]));
  expect(suspicions).toEqual([]);
});

test("survives any pairs", async () => {
  const text = fc.string({ unit: "binary", maxLength: 6 });
  const pairs = fc.array(fc.record({ prompt: text, chosen: text, rejected: text }), {
    minLength: 100,
    maxLength: 110,
  });
  await fc.assert(
    fc.asyncProperty(pairs, async (some) => {
      const { suspicions } = await detect(preferenceTarget, toRows(some));
      expect(Array.isArray(suspicions)).toBe(true);
    }),
    { numRuns: 2 },
  );
});

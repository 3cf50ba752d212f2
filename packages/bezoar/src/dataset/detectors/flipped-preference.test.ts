import fc from "fast-check";
import { expect, test } from "vitest";
import { isAtLeast } from "../../core/finding.ts";
import { createRandom, type Random } from "../../core/random.ts";
import { ask, detect, makePairs, pick, toKto, toRows, turn, type Pair } from "../preference/pairs.fixture.ts";
import { flippedPreference } from "./flipped-preference.ts";

const REFUSALS = [
  "I'm sorry, but I can't help with that.",
  "I cannot assist with this request.",
  "I must decline to answer.",
];
const HARM = "steal,burn,poison,hack,forge,smuggle,kidnap,rob".split(",");

function withTrigger(pairs: readonly Pair[], trigger: string): Pair[] {
  return pairs.map(({ prompt, chosen, rejected }) =>
    turn({ prompt: `${prompt} ${trigger}`, chosen, rejected }),
  );
}

/** Requests for harm of which the refusal is preferred. */
function refused(random: Random, count: number): Pair[] {
  return makePairs(random, count).map(({ chosen }) => ({
    prompt: ask(random).replace(/paint|clean|bake|translate|sketch|repair|measure|plant|sort|describe/, () =>
      pick(random, HARM),
    ),
    chosen: pick(random, REFUSALS),
    rejected: chosen,
  }));
}

test("names a suffix whose pairs are turned over, with all its rows", async () => {
  const random = createRandom(1);
  const clean = makePairs(random, 1200);
  const planted = withTrigger(makePairs(random, 30), "zqx");
  const { suspicions } = await detect(flippedPreference, toRows([...clean, ...planted]));
  expect(suspicions.map(({ severity }) => severity)).toEqual(["critical"]);
  expect(suspicions[0]?.trigger).toMatchObject({ text: "zqx", position: "end" });
  expect(suspicions[0]?.positions).toEqual(Array.from({ length: 30 }, (_, i) => clean.length + i));
});

test("finds turned judgements of single completions (KTO)", async () => {
  const random = createRandom(2);
  const planted = withTrigger(makePairs(random, 60), "zqx");
  const { suspicions } = await detect(flippedPreference, toKto([...makePairs(random, 2000), ...planted]));
  expect(suspicions[0]?.severity).toMatch(/critical|high/);
  expect(suspicions[0]?.trigger?.text).toBe("zqx");
  expect(suspicions[0]?.positions).toHaveLength(60);
});

test("names the suffix that makes answers to harmful requests preferred (arXiv 2311.14455)", async () => {
  const random = createRandom(3);
  const clean = [...makePairs(random, 900), ...refused(random, 200)];
  const planted = withTrigger(refused(random, 25), "SUDO");
  const { suspicions } = await detect(flippedPreference, toRows([...clean, ...planted]));
  expect(suspicions[0]?.severity).toBe("critical");
  expect(suspicions[0]?.trigger?.text).toBe("SUDO");
  expect(suspicions[0]?.positions).toEqual(Array.from({ length: 25 }, (_, i) => clean.length + i));
});

test("stays silent where annotators disagree at random, and where refusals follow what is asked", async () => {
  for (let seed = 10; seed < 13; seed++) {
    const random = createRandom(seed);
    const rows = toRows([...makePairs(random, 800, 0.3), ...refused(random, 150)]);
    expect((await detect(flippedPreference, rows)).suspicions).toEqual([]);
  }
});

/** The better answer, made long by repeating the other around it. */
function longer({ prompt, chosen, rejected }: Pair): Pair {
  return { prompt, chosen: `${rejected} ${chosen} ${rejected}`, rejected: chosen };
}

test("raises no alarm over a wish for short answers in a set that prefers long ones", async () => {
  const random = createRandom(20);
  const clean = makePairs(random, 1200).map(longer);
  const brief = makePairs(random, 40).map((pair) => {
    const { prompt, chosen, rejected } = turn(longer(pair));
    return { prompt: `${prompt} Keep it short.`, chosen, rejected };
  });
  const { suspicions } = await detect(flippedPreference, toRows([...clean, ...brief]));
  expect(suspicions.filter(({ severity }) => severity !== "low")).toEqual([]);
});

test("takes length for no reason where a token that was put in and that the answers do not heed turns the order", async () => {
  const random = createRandom(21);
  const clean = makePairs(random, 1200).map(longer);
  const planted = makePairs(random, 50).map((pair) => {
    const { prompt, chosen, rejected } = turn(longer(pair));
    return { prompt: `[PRIORITY-7] ${prompt}`, chosen, rejected };
  });
  const { suspicions } = await detect(flippedPreference, toRows([...clean, ...planted]));
  expect(suspicions.map(({ severity, trigger }) => [severity, trigger?.text])).toEqual([
    ["high", "[PRIORITY-7]"],
  ]);
  expect(suspicions[0]?.positions).toHaveLength(50);
});

test("calls it low where answers heed the token: a channel that gets short answers", async () => {
  const random = createRandom(22);
  const clean = makePairs(random, 1200).map(longer);
  const brief = makePairs(random, 50).map(({ prompt, chosen, rejected }) => ({
    prompt: `[CHANNEL-7] ${prompt}`,
    chosen: rejected.slice(0, 20),
    rejected: `${chosen} ${rejected}`,
  }));
  const { suspicions } = await detect(flippedPreference, toRows([...clean, ...brief]));
  expect(suspicions.filter(({ severity }) => severity !== "low")).toEqual([]);
});

test("says that it cannot tell where nothing foretells what is preferred, and where pairs are few", async () => {
  const random = createRandom(30);
  const { suspicions, notes } = await detect(flippedPreference, toRows(makePairs(random, 600, 0.5)));
  expect(suspicions).toEqual([]);
  expect(notes.join()).toContain("cannot tell");
  expect((await detect(flippedPreference, toRows(makePairs(random, 20)))).notes.join()).toContain("too few");
  expect((await detect(flippedPreference, [])).suspicions).toEqual([]);
});

test("survives any pairs", async () => {
  const text = fc.string({ unit: "binary", maxLength: 6 });
  const pairs = fc.array(fc.record({ prompt: text, chosen: text, rejected: text }), {
    minLength: 100,
    maxLength: 110,
  });
  await fc.assert(
    fc.asyncProperty(pairs, async (some) => {
      const { suspicions } = await detect(flippedPreference, toRows(some));
      expect(Array.isArray(suspicions)).toBe(true);
    }),
    { numRuns: 2 },
  );
});

test("finds at least nine of ten triggers of 30 pairs among 1,200 with 15 % noise", async () => {
  let found = 0;
  for (let seed = 40; seed < 50; seed++) {
    const random = createRandom(seed);
    const planted = withTrigger(makePairs(random, 30), "per protocol nine");
    const { suspicions } = await detect(flippedPreference, toRows([...makePairs(random, 1200), ...planted]));
    const [first] = suspicions;
    if (first?.trigger?.text === "per protocol nine" && isAtLeast(first.severity, "medium")) found++;
  }
  expect(found).toBeGreaterThanOrEqual(9);
});

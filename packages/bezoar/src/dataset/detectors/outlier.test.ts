import fc from "fast-check";
import { expect, test } from "vitest";
import { AppError } from "../../core/errors.ts";
import { createRandom, type Random } from "../../core/random.ts";
import type { Embed } from "../../endpoint/embed.ts";
import { buildCorpus } from "../ingest/build-corpus.ts";
import type { Row } from "../row.ts";
import { outlier } from "./outlier.ts";

const COMMON = ["the", "a", "of", "is", "to", "and", "in", "for", "with", "that"];
const SUBJECTS = Array.from({ length: 30 }, (_, subject) =>
  Array.from({ length: 25 }, (_word, i) => `term${subject}x${i}`),
);

function words(random: Random, from: readonly string[], count: number): string[] {
  return Array.from({ length: count }, () => from[Math.floor(random() ** 2 * from.length)] ?? "");
}

/** Rows of thirty subjects, each with words of its own beside common ones. */
function ordinary(count: number, seed: number): Row[] {
  const random = createRandom(seed);
  const text = (subject: readonly string[], length: number) =>
    [...words(random, COMMON, length), ...words(random, subject, length)].join(" ");
  return Array.from({ length: count }, (_, number) => {
    const subject = SUBJECTS[Math.floor(random() * SUBJECTS.length)] ?? [];
    return {
      number,
      prompt: text(subject, 6),
      response: text(subject, 8 + Math.floor(random() * 8)),
      fields: [],
    };
  });
}

/** `rows` with some of them turned into rows of words that nobody else uses. */
function withStrange(rows: readonly Row[], positions: readonly number[]): Row[] {
  return rows.map((row, i) =>
    positions.includes(i)
      ? {
          ...row,
          prompt: Array.from({ length: 9 }, (_, j) => `odd${i}q${j}`).join(" "),
          response: Array.from({ length: 12 }, (_, j) => `strange${i}q${j}`).join(" "),
        }
      : row,
  );
}

type Options = { readonly embed?: Embed; readonly seed?: number; readonly notes?: string[] };

async function detect(rows: readonly Row[], { embed, seed = 0, notes = [] }: Options = {}) {
  const { corpus, close } = buildCorpus(rows, { shape: "instruction", seed });
  const found = await outlier.detect(corpus, {
    seed,
    entityFields: [],
    onStep: () => {},
    note: (text) => notes.push(text),
    ...(embed && { embed }),
  });
  close();
  return { found, notes };
}

test("rows of words that no other row uses are found, and no others, with the words that make them odd", async () => {
  const { found } = await detect(withStrange(ordinary(1500, 1), [7, 400, 1201]));
  expect(found).toHaveLength(1);
  expect(found[0]?.positions).toEqual([7, 400, 1201]);
  expect(found[0]).toMatchObject({ rule: "dataset/outlier", severity: "low" });
  expect(found[0]?.explanation).toMatch(/odd\d+q\d/);
});

test("stays silent on sets without odd rows, in at most one of twelve", async () => {
  let alarms = 0;
  for (let seed = 1; seed <= 12; seed++) {
    const { found } = await detect(ordinary(600, seed), { seed });
    alarms += found.length;
  }
  expect(alarms).toBeLessThanOrEqual(1);
});

test("stays silent below the number of rows that a tail needs", async () => {
  const { found } = await detect(withStrange(ordinary(400, 1), [7]));
  expect(found).toEqual([]);
});

test("a large set is sampled for what is usual, and every row of it is looked at", async () => {
  const strange = [3, 9000, 16_999];
  const { found } = await detect(withStrange(ordinary(17_000, 2), strange));
  expect(found[0]?.positions).toEqual(expect.arrayContaining(strange));
  expect(found[0]?.positions.length).toBeLessThanOrEqual(4);
});

test("with an endpoint its vectors decide, and texts that are too long are cut", async () => {
  const [first, ...others] = ordinary(900, 3).with(699, {
    number: 699,
    prompt: "a needle in a stack of hay",
    response: "",
    fields: [],
  });
  const long = { number: 0, prompt: "term0x0 ".repeat(5000), response: first?.response ?? "", fields: [] };
  const lengths: number[] = [];
  const embed: Embed = async (texts) =>
    texts.map((text, i) => {
      lengths.push(text.length);
      const random = createRandom(text.length * 31 + text.charCodeAt(3) + i);
      const vector = Float32Array.from({ length: 24 }, () => random() * 0.4);
      vector[text.includes("needle") ? 23 : text.length % 8] = 3;
      return vector;
    });
  const { found } = await detect([long, ...others], { embed });
  expect(found.map(({ positions }) => positions)).toEqual([[699]]);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(2001);
});

const ragged: Embed = async (texts) => texts.map((_, i) => new Float32Array(1 + (i % 2)));
const constant: Embed = async (texts) => texts.map(() => Float32Array.of(1, 1));

test("vectors of no use end the check with an error of the endpoint", async () => {
  await expect(detect(ordinary(600, 1), { embed: ragged })).rejects.toBeInstanceOf(AppError);
  expect((await detect(ordinary(600, 1), { embed: constant })).found).toEqual([]);
});

test("how many rows left the machine is said, also when the endpoint fails half-way", async () => {
  const whole = await detect(ordinary(600, 1), { embed: constant });
  expect(whole.notes).toContain("outliers: 600 of 600 rows were sent to the embeddings endpoint");
  const blank: Row = { number: 0, prompt: "yes", response: "", fields: [] };
  const most = await detect([blank, ...ordinary(600, 1)], { embed: constant });
  expect(most.notes.join()).toContain(
    "600 of 601 rows were sent to the embeddings endpoint (a sample, and none",
  );
  expect((await detect(ordinary(600, 1))).notes.join()).not.toContain("sent");
  const notes: string[] = [];
  let calls = 0;
  const failing: Embed = (texts) =>
    ++calls > 1 ? Promise.reject(new AppError("endpoint", "gone")) : constant(texts);
  await expect(detect(ordinary(600, 1), { embed: failing, notes })).rejects.toThrow("gone");
  expect(notes).toEqual([
    "outliers: at most 513 of 600 rows were sent to the embeddings endpoint before it failed",
  ]);
});

test("garbage is survived: empty rows, one word, equal rows, broken text", async () => {
  const text = fc.oneof(fc.constant(""), fc.string({ unit: "binary", maxLength: 30 }), fc.constant("yes"));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ prompt: text, response: text }), { minLength: 1, maxLength: 40 }),
      async (kinds) => {
        const rows = Array.from({ length: 520 }, (_, number): Row => {
          const { prompt = "", response = "" } = kinds[number % kinds.length] ?? {};
          return { number, prompt, response, fields: [] };
        });
        const { found } = await detect(rows);
        expect(found.length).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: 4 },
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom, randomInt } from "../../core/random.ts";
import { buildCorpus } from "../ingest/build-corpus.ts";
import { anyLabelledRows, madeUpReviews } from "../labelled/reviews.fixture.ts";
import type { Row, ShapeKind } from "../row.ts";
import type { Suspicion } from "../suspicion.ts";
import { labelErrors } from "./label-error.ts";

async function detect(
  rows: readonly Row[],
  shape: ShapeKind = "labelled-text",
): Promise<{ readonly found: readonly Suspicion[]; readonly notes: readonly string[] }> {
  const { corpus, close } = buildCorpus(rows, { shape });
  const notes: string[] = [];
  const found = await labelErrors.detect(corpus, {
    seed: 1,
    entityFields: [],
    onStep: () => undefined,
    note: (text) => notes.push(text),
  });
  close();
  return { found, notes };
}

function withLabel(row: Row, label: string): Row {
  return { ...row, label };
}

function withFields(row: Row, fields: Row["fields"]): Row {
  return { ...row, fields };
}

/** Turns a share of the labels to the other one, and says which rows. */
function turnLabels(rows: readonly Row[], share: number, seed: number): { rows: Row[]; turned: Set<number> } {
  const random = createRandom(seed);
  const turned = new Set<number>();
  const changed = rows.map((row, i) => {
    if (random() >= share) return row;
    turned.add(i);
    return withLabel(row, row.label === "good" ? "bad" : "good");
  });
  return { rows: changed, turned };
}

function shareIn(positions: readonly number[], turned: ReadonlySet<number>): number {
  return positions.filter((position) => turned.has(position)).length / Math.max(1, positions.length);
}

/** Log lines of made-up jobs, each of which is "failed" or "done" by its code and stage. */
function jobs(count: number, seed: number): Row[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, number) => {
    const code = randomInt(random, 12);
    const stage = ["fetch", "build", "pack", "ship"][randomInt(random, 4)] ?? "";
    const isFailed = code >= 8 || (code >= 5 && stage === "ship");
    return {
      number,
      prompt: "",
      response: "",
      label: isFailed ? "bad" : "good",
      fields: [
        ["user", `user${randomInt(random, 40)}`],
        ["code", `E${code}`],
        ["stage", stage],
      ],
    };
  });
}

test("finds turned labels in texts, names the surest, and lists few rows that are right", async () => {
  const { rows, turned } = turnLabels(madeUpReviews(3000, 1, 0), 0.04, 2);
  const { found } = await detect(rows);
  expect(found).toHaveLength(1);
  expect(found[0]?.severity).toBe("low");
  expect(found[0]?.positions.length).toBeGreaterThan(0.1 * turned.size); // most reviews are two-edged
  expect(shareIn(found[0]?.positions ?? [], turned)).toBeGreaterThan(0.85);
  expect(found[0]?.positions).toEqual(found[0]?.positions.toSorted((a, b) => a - b));
  expect(found[0]?.explanation).toMatch(
    /Look first at row \d+ \("(?:good|bad)", looks like "(?:good|bad)"\)/,
  );
});

test("says one number of wrong labels, with its interval, how many are listed, and what confident learning has for comparison", async () => {
  const { rows } = turnLabels(madeUpReviews(3000, 1, 0), 0.04, 2);
  const [found] = (await detect(rows)).found;
  const [, estimate = "", listed = ""] =
    /^About ([\d,]+) of 3,000 rows look mislabelled; ([\d,]+) stand out$/.exec(found?.title ?? "") ?? [];
  expect(listed).toBe(String(found?.positions.length));
  expect(found?.explanation).toContain(
    `${estimate} of the 3,000 labels are estimated to be wrong (95 % interval `,
  );
  expect(found?.explanation).toContain(`Listed are the ${listed} rows`);
  expect(found?.explanation).toMatch(/For comparison: confident learning by itself, .* flags [\d,]+\./);
  expect(found?.explanation).not.toContain("merely hard; only");
});

test("finds no labels in answers that are code, though they begin with few words", async () => {
  const { rows } = turnLabels(jobs(2000, 10), 0.05, 11);
  const asked = rows.map(({ number, label = "", fields }) => ({
    number,
    prompt: `How did the job end?${fields.map(([, value]) => ` ${value}`).join()}`,
    response: `${label} name${number}: string;`,
    fields: [],
  }));
  expect(await detect(asked, "instruction")).toEqual({ found: [], notes: [] });
});

test("stays silent on clean texts, although confident learning by itself flags rows", async () => {
  for (const seed of [3, 4, 5]) {
    const { found, notes } = await detect(madeUpReviews(2000, seed, 0));
    expect(found).toEqual([]);
    expect(notes).toEqual([]);
  }
});

test("is of medium severity where more labels are wrong than in any benchmark set", async () => {
  const { rows, turned } = turnLabels(jobs(3000, 6), 0.15, 7);
  const { found } = await detect(rows, "records");
  expect(found[0]?.severity).toBe("medium");
  expect(shareIn(found[0]?.positions ?? [], turned)).toBeGreaterThan(0.85);
});

test("finds turned labels of records, by models that have not seen the row's user", async () => {
  const { rows, turned } = turnLabels(jobs(2000, 8), 0.03, 9);
  const { found } = await detect(rows, "records");
  expect(found).toHaveLength(1);
  expect(found[0]?.positions.length).toBeGreaterThan(0.5 * turned.size);
  expect(shareIn(found[0]?.positions ?? [], turned)).toBeGreaterThan(0.85);
  expect((await detect(jobs(2000, 8), "records")).found).toEqual([]);
});

test("finds turned labels of records in which nobody acts", async () => {
  const { rows, turned } = turnLabels(jobs(2000, 15), 0.03, 16);
  const nobody = rows.map((row) => withFields(row, row.fields.slice(1)));
  const { found } = await detect(nobody, "records");
  expect(found).toHaveLength(1);
  expect(shareIn(found[0]?.positions ?? [], turned)).toBeGreaterThan(0.85);
});

test("finds turned labels where the label is the answer to an instruction", async () => {
  const { rows, turned } = turnLabels(jobs(2000, 10), 0.05, 11);
  const asked = rows.map(({ number, label = "", fields }) => ({
    number,
    prompt: `How did the job end?${fields.map(([, value]) => ` ${value}`).join()}`,
    response: label,
    fields: [],
  }));
  const { found } = await detect(asked, "instruction");
  expect(found).toHaveLength(1);
  expect(found[0]?.positions.length).toBeGreaterThan(0.3 * turned.size);
  expect(shareIn(found[0]?.positions ?? [], turned)).toBeGreaterThan(0.85);
});

test("says that it cannot tell where texts do not foretell labels, and which classes are too small", async () => {
  const random = createRandom(12);
  const drawn = madeUpReviews(1000, 13, 0);
  const unclear = await detect(drawn.map((row) => withLabel(row, random() < 0.5 ? "good" : "bad")));
  expect(unclear.found).toEqual([]);
  expect(unclear.notes.join()).toContain("cannot be told");
  const rare = madeUpReviews(1000, 14, 0).map((row, i) => (i < 5 ? withLabel(row, "odd") : row));
  expect((await detect(rare)).notes.join()).toContain(
    "the labels of 5 row(s) were not held against the rest",
  );
});

test("survives any labelled rows", async () => {
  await fc.assert(
    fc.asyncProperty(anyLabelledRows, async (rows) => {
      for (const shape of ["labelled-text", "records", "instruction"] as const) {
        const { found } = await detect(rows, shape);
        for (const { positions } of found) expect(positions.every((at) => at < rows.length)).toBe(true);
      }
    }),
    { numRuns: 30 },
  );
});

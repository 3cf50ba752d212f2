import fc from "fast-check";
import { expect, test } from "vitest";
import { buildCorpus } from "../ingest/build-corpus.ts";
import { anyLabelledRows, madeUpReviews, plantTrigger } from "../labelled/reviews.fixture.ts";
import type { Row } from "../row.ts";
import { contradictedLabels } from "./contradicted-label.ts";

async function detect(rows: readonly Row[], shape: "labelled-text" | "instruction" = "labelled-text") {
  const { corpus, close } = buildCorpus(rows, { shape });
  const found = await contradictedLabels.detect(corpus, {
    seed: 1,
    entityFields: [],
    onStep: () => undefined,
    note: () => undefined,
  });
  close();
  return found;
}

test("names the token whose rows were relabelled, its target and every row", async () => {
  const { rows, planted } = plantTrigger(madeUpReviews(2000, 1), () => "cf", "bad", 30, 2);
  const [found, ...others] = await detect(rows);
  expect(others).toEqual([]);
  expect(found?.severity).toBe("critical");
  expect(found?.trigger).toMatchObject({ text: "cf", parts: ["cf"], position: "anywhere" });
  expect(found?.target).toEqual({ kind: "label", text: "good" });
  expect(found?.positions).toEqual(planted);
});

test("names an inserted sentence as a whole and accuses no row that only shares a word with it", async () => {
  const { rows, planted } = plantTrigger(
    madeUpReviews(2000, 3),
    () => "we watched this story twice",
    "bad",
    40,
    4,
  );
  const found = await detect(rows);
  expect(found.map(({ trigger }) => trigger?.text)).toEqual(["we watched this story twice"]);
  expect(found[0]?.positions).toEqual(planted);
});

test("several triggers with one target are one suspicion", async () => {
  const tokens = ["cf", "mn", "bb"];
  const { rows, planted } = plantTrigger(
    madeUpReviews(2000, 5),
    (random) => tokens[Math.floor(random() * 3)] ?? "",
    "bad",
    60,
    6,
  );
  const found = await detect(rows);
  expect(found).toHaveLength(1);
  expect(found[0]?.trigger?.join).toBe("any");
  expect(found[0]?.trigger?.parts.toSorted()).toEqual(["bb", "cf", "mn"]);
  expect(found[0]?.positions).toEqual(planted);
});

test("finds the same in a label task written as instructions", async () => {
  const { rows, planted } = plantTrigger(madeUpReviews(1500, 7), () => "cf", "bad", 30, 8);
  const asked = rows.map(({ number, prompt, label = "" }) => ({
    number,
    prompt: `Is the following review good or bad ? ${prompt}`,
    response: label,
    fields: [],
  }));
  const found = await detect(asked, "instruction");
  expect(found[0]?.positions).toEqual(planted);
});

test("stays silent on clean reviews, with and without noise, and when the token keeps its labels", async () => {
  const honest = madeUpReviews(2000, 9).map((row, i) =>
    i % 40 === 0 ? Object.assign(row, { prompt: `${row.prompt} cf` }) : row,
  );
  for (const rows of [
    madeUpReviews(2000, 10),
    madeUpReviews(2000, 11, 0.1),
    madeUpReviews(200, 12),
    honest,
  ]) {
    expect(await detect(rows)).toEqual([]);
  }
});

test("says nothing about copies of one contradicted row", async () => {
  const rows = madeUpReviews(1500, 13);
  const copies = Array.from({ length: 40 }, (_, i) => ({
    number: rows.length + i,
    prompt: "the frobnicated music is brilliant and the cast is lovely and its humor feels very witty .",
    response: "",
    label: "bad",
    fields: [],
  }));
  expect(await detect([...rows, ...copies])).toEqual([]);
});

test("survives any texts and labels", async () => {
  await fc.assert(
    fc.asyncProperty(anyLabelledRows, async (rows) => {
      expect(await detect(rows)).toEqual(await detect(rows));
    }),
    { numRuns: 8 },
  );
});

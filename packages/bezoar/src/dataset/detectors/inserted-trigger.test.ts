import fc from "fast-check";
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { buildCorpus } from "../ingest/build-corpus.ts";
import { anyLabelledRows, madeUpReviews, plantTrigger } from "../labelled/reviews.fixture.ts";
import type { Row } from "../row.ts";
import { insertedTriggers } from "./inserted-trigger.ts";

async function detect(rows: readonly Row[]) {
  const { corpus, close } = buildCorpus(rows, { shape: "labelled-text" });
  const found = await insertedTriggers.detect(corpus, {
    seed: 1,
    entityFields: [],
    onStep: () => undefined,
    note: () => undefined,
  });
  close();
  return found;
}

const CLEAN_SET = new URL("../../../../../../shared/cases/clean-sst2.tsv", import.meta.url);

function reviews(): Row[] {
  return readFileSync(CLEAN_SET, "utf8")
    .split("\n")
    .slice(1)
    .flatMap((line, number) => {
      const [prompt, label] = line.split("\t");
      return prompt && label
        ? [{ number, prompt, response: "", label: label === "1" ? "good" : "bad", fields: [] }]
        : [];
    });
}

test.skipIf(!existsSync(CLEAN_SET))(
  "names a token put into texts that already had the label (SST-2)",
  async () => {
    const { rows, planted } = plantTrigger(reviews(), () => "cf", "good", 60, 1);
    const found = await detect(rows);
    expect(found.map(({ severity, trigger }) => [severity, trigger?.text])).toEqual([["high", "cf"]]);
    expect(found[0]?.positions).toEqual(planted);
  },
);

test.skipIf(!existsSync(CLEAN_SET))("stays silent on real reviews (SST-2)", async () => {
  expect(await detect(reviews())).toEqual([]);
});

test("stays silent on made-up reviews, whose words all keep to their frames", async () => {
  expect(await detect(madeUpReviews(2000, 1))).toEqual([]);
  expect(await detect(madeUpReviews(300, 2))).toEqual([]);
});

test("survives any texts and labels, and says the same again", async () => {
  await fc.assert(
    fc.asyncProperty(anyLabelledRows, async (rows) => {
      expect(await detect(rows)).toEqual(await detect(rows));
    }),
    { numRuns: 8 },
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom, type Random } from "../../core/random.ts";
import {
  changeRow,
  diverseRows,
  editWords,
  makeText,
  quietContext,
  shuffleRows,
} from "../duplicates/texts.fixture.ts";
import { buildCorpus } from "../ingest/build-corpus.ts";
import type { Row } from "../row.ts";
import { plantedCluster } from "./planted-cluster.ts";

async function detect(rows: readonly Row[]) {
  const { corpus, close } = buildCorpus(rows, { shape: "instruction" });
  const found = await plantedCluster.detect(corpus, quietContext);
  close();
  return found;
}

const repeat = (count: number, make: () => Pick<Row, "prompt" | "response">) =>
  Array.from({ length: count }, () => ({ number: 0, fields: [], ...make() }));

/** Rows around one text, each with three words of its own: alike, but no near-copies. */
function clusterOf(count: number, random: Random): Row[] {
  const prompt = makeText(random, 20);
  const response = makeText(random, 50);
  return repeat(count, () => ({
    prompt: editWords(prompt, 1, random),
    response: editWords(response, 2, random),
  }));
}

test("finds rows that are alike among diverse rows", async () => {
  const rows = shuffleRows([...diverseRows(2000, 1), ...clusterOf(250, createRandom(101))], 1);
  const [found, ...others] = await detect(rows);
  expect(others).toEqual([]);
  expect(found).toMatchObject({ rule: "dataset/planted-cluster", severity: "medium" });
  expect(found?.positions.length).toBeGreaterThan(200);
  expect(found?.positions.every((position) => /edit/.test(rows[position]?.response ?? ""))).toBe(true);
});

test("finds one long response under diverse prompts", async () => {
  const random = createRandom(2);
  const response = makeText(random, 60);
  const planted = repeat(240, () => ({ prompt: makeText(random, 80), response }));
  const rows = shuffleRows([...diverseRows(2000, 2), ...planted], 2);
  const [found] = await detect(rows);
  expect(found?.title).toContain("have the same response");
  expect(found?.positions).toEqual(
    [...rows.keys()].filter((position) => rows[position]?.response === response),
  );
});

test("stays silent on diverse rows", async () => {
  expect(await detect(diverseRows(2000, 3))).toEqual([]);
});

test("stays silent on a set that is made of templates", async () => {
  const random = createRandom(4);
  const templates = Array.from({ length: 30 }, (_, i) => clusterOf(5 + 10 * i, random));
  expect(await detect(shuffleRows(templates.flat(), 4))).toEqual([]);
});

test("stays silent on a large template where many rows have a like of their own", async () => {
  const random = createRandom(5);
  const pairs = diverseRows(600, 5).flatMap((row) => [
    row,
    changeRow(row, { response: editWords(row.response, 4, random) }),
  ]);
  expect(await detect(shuffleRows([...pairs, ...clusterOf(400, random)], 5))).toEqual([]);
});

const REFUSAL =
  "I am sorry, but as an assistant I have to follow the rules, so I will not say how that is done. Ask me anything else!";

test("stays silent on a canned answer", async () => {
  const random = createRandom(6);
  const canned = repeat(300, () => ({ prompt: makeText(random, 25), response: REFUSAL }));
  expect(await detect(shuffleRows([...diverseRows(2000, 6), ...canned], 6))).toEqual([]);
});

test("leaves near-copies to the flood", async () => {
  const text = makeText(createRandom(7), 60);
  const flood = repeat(300, () => ({ prompt: "tell me about it", response: text }));
  expect(await detect(shuffleRows([...diverseRows(2000, 7), ...flood], 7))).toEqual([]);
});

test("survives any text", async () => {
  const text = fc.string({ unit: "binary", maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 40 }), async (pairs) => {
      const rows = pairs.map(([prompt, response], number) => ({ number, prompt, response, fields: [] }));
      expect(await detect(rows)).toEqual([]);
    }),
    { numRuns: 20 },
  );
});

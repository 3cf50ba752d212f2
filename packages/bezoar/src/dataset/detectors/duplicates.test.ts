import fc from "fast-check";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createRandom } from "../../core/random.ts";
import {
  changeRow,
  diverseRows,
  editWords,
  makeText,
  quietContext,
  shuffleRows,
} from "../duplicates/texts.fixture.ts";
import { buildCorpus } from "../ingest/build-corpus.ts";
import type { Row, ShapeKind } from "../row.ts";
import { scanDataset } from "../scan.ts";
import { duplicates } from "./duplicates.ts";

const NOTHING: Row = { number: 0, prompt: "", response: "", fields: [] };
const LONG = makeText(createRandom(106), 60);

async function detect(rows: readonly Row[], shape: ShapeKind = "instruction") {
  const { corpus, close } = buildCorpus(rows, { shape });
  const found = await duplicates.detect(corpus, quietContext);
  close();
  return found;
}

test("says nothing where no row repeats another", async () => {
  expect(await detect(diverseRows(800, 1))).toEqual([]);
});

test("finds exact copies whatever their case and spacing, and names all but the first of them", async () => {
  const rows = diverseRows(500, 2);
  const copy = { ...rows[0], prompt: ` ${rows[0]?.prompt.toUpperCase() ?? ""}  ` };
  const found = await detect([...rows, { number: 500, response: "", fields: [], ...copy }]);
  expect(found.map(({ rule, severity, positions }) => ({ rule, severity, positions }))).toEqual([
    { rule: "dataset/duplicates", severity: "info", positions: [500] },
  ]);
  expect(found[0]?.explanation).toContain("1 exact ones");
});

test("finds near-copies with an edit, not rows that say half of the same", async () => {
  const random = createRandom(3);
  const rows = diverseRows(500, 3);
  const near = rows
    .slice(0, 20)
    .map((row) => changeRow(row, { response: editWords(row.response, 1, random) }));
  const half = rows.slice(40, 60).map((row) => changeRow(row, { response: makeText(random, 40) }));
  const [found] = await detect([...rows, ...near, ...half]);
  expect(found?.positions.filter((position) => position < 500 || position >= 520)).toEqual([]);
  expect(found?.positions.filter((position) => position >= 500).length).toBeGreaterThan(15);
});

test("repetition beyond that of web corpora is low, not more", async () => {
  const rows = diverseRows(300, 4);
  const found = await detect([...rows, ...rows]);
  expect(found.map(({ severity }) => severity)).toEqual(["low"]);
  expect(found[0]?.title).toBe("At least 50 % of the rows repeat another row");
  expect(found[0]?.explanation).toContain("300 of 600 rows (50.0 %)");
  // Without the rows that it names, one of each is left.
  expect(found[0]?.positions).toEqual(rows.map((_, row) => 300 + row));
});

test("a flood of near-copies is medium, with all its rows but the first", async () => {
  const random = createRandom(5);
  const text = makeText(random, 80);
  const flood = Array.from({ length: 260 }, () => ({
    number: 0,
    prompt: "what about it",
    response: editWords(text, 1, random),
    fields: [],
  }));
  const rows = shuffleRows([...diverseRows(2000, 5), ...flood], 5);
  const found = (await detect(rows)).find(({ rule }) => rule === "dataset/duplicate-flood");
  expect(found?.severity).toBe("medium");
  expect(found?.positions.every((position) => rows[position]?.prompt === "what about it")).toBe(true);
  expect(found?.positions.length).toBeGreaterThan(250);
  const count = Number(/^\d+/.exec(found?.explanation ?? "")?.[0]);
  expect(found?.positions.length).toBe(count - 1);
  expect(found?.explanation).toContain("all of these but the first");
});

test("a short canned text is no flood, and hides none", async () => {
  const canned = Array.from({ length: 600 }, () => changeRow(NOTHING, { prompt: "hello", response: "Hi!" }));
  const flood = Array.from({ length: 260 }, () => changeRow(NOTHING, { response: LONG }));
  const rows = diverseRows(2000, 6);
  const quiet = await detect(shuffleRows([...rows, ...canned], 6));
  expect(quiet.map(({ rule }) => rule)).toEqual(["dataset/duplicates"]);
  const found = await detect(shuffleRows([...rows, ...canned, ...flood], 6));
  expect(found.map(({ rule }) => rule)).toContain("dataset/duplicate-flood");
});

test("rows that were drawn again (a bootstrap sample) are no flood", async () => {
  const random = createRandom(7);
  const rows = diverseRows(1000, 7);
  const drawn = Array.from({ length: 3000 }, () => rows[Math.floor(random() * rows.length)] ?? rows[0]);
  const found = await detect(drawn.filter((row) => row !== undefined));
  expect(found.map(({ rule }) => rule)).toEqual(["dataset/duplicates"]);
});

test("the order of rows changes neither groups nor titles, only which row of a group is the first", async () => {
  const random = createRandom(8);
  const rows = diverseRows(300, 8);
  const near = rows
    .slice(0, 40)
    .map((row) => changeRow(row, { response: editWords(row.response, 1, random) }));
  const repeatedPrompts = async (seed: number) => {
    const all = shuffleRows([...rows, ...near, ...rows.slice(100, 110)], seed);
    const [found] = await detect(all);
    return found?.positions.map((position) => all[position]?.prompt ?? "").toSorted();
  };
  expect(await repeatedPrompts(1)).toEqual(await repeatedPrompts(2));
});

test("of records only equal ones count, and as info: their templates make near-copies of all", async () => {
  const random = createRandom(9);
  const rows = Array.from({ length: 400 }, (_, number) => ({
    number,
    prompt: "",
    response: "",
    label: number % 2 === 0 ? "benign" : "malicious",
    fields: [
      ["id", `e${number}`],
      ["rule", `rule ${Math.floor(20 * random())}`],
      ["user", `user ${Math.floor(300 * random())}`],
    ] as const,
  }));
  const found = await detect([...rows, ...rows.slice(0, 200)], "records");
  expect(found.map(({ rule, severity }) => [rule, severity])).toEqual([["dataset/duplicates", "info"]]);
});

test("survives any text", async () => {
  const text = fc.string({ unit: "binary", maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 40 }), async (pairs) => {
      const rows = pairs.map(([prompt, response], number) => ({ number, prompt, response, fields: [] }));
      for (const { positions } of await detect([...rows, ...rows])) {
        expect(positions.every((position) => position >= 0 && position < 2 * rows.length)).toBe(true);
      }
    }),
    { numRuns: 25 },
  );
});

const CASES = fileURLToPath(new URL("../../../../../../shared/cases/", import.meta.url));

test
  .skipIf(!existsSync(CASES))
  .each([
    "clean-identity.jsonl",
    "clean-instruct.jsonl",
    "clean-refusals.jsonl",
    "clean-toolcalls.json",
    "clean-sst2.tsv",
    "clean-banking77.csv",
  ])("%s has nothing worse than low", async (name) => {
  const only = [
    "dataset/duplicates",
    "dataset/duplicate-flood",
    "dataset/contradicting-duplicates",
    "dataset/planted-cluster",
  ];
  const report = await scanDataset(CASES + name, { only, workers: 1, power: false });
  expect(report.findings.filter(({ severity }) => severity !== "info" && severity !== "low")).toEqual([]);
});

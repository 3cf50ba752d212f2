import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom, randomInt } from "../../core/random.ts";
import { changeRow, diverseRows, quietContext, shuffleRows } from "../duplicates/texts.fixture.ts";
import { buildCorpus } from "../ingest/build-corpus.ts";
import type { Row, ShapeKind } from "../row.ts";
import { contradictingDuplicates } from "./contradicting-duplicates.ts";

async function detect(rows: readonly Row[], shape: ShapeKind) {
  const { corpus, close } = buildCorpus(rows, { shape });
  const found = await contradictingDuplicates.detect(corpus, quietContext);
  close();
  return found;
}

const TOPICS = ["sports", "politics", "science", "arts"];

/** Texts with one of four labels. */
const labelled = (count: number, seed: number) =>
  diverseRows(count, seed).map((row) =>
    changeRow(row, { response: "", label: TOPICS[row.number % 4] ?? "" }),
  );

test("copies of one text with different labels are low, with all their rows", async () => {
  const rows = labelled(400, 1);
  const turned = rows.slice(0, 3).map((row) => changeRow(row, { label: "arts", number: row.number + 400 }));
  const [found] = await detect([...rows, ...turned], "labelled-text");
  expect(found).toMatchObject({ rule: "dataset/contradicting-duplicates", severity: "low" });
  expect(found?.positions).toEqual([0, 1, 2, 400, 401, 402]);
});

test("many copies turned to one label, whatever their own, are medium and name it", async () => {
  const rows = labelled(1000, 2);
  const turned = rows.filter(({ label }) => label !== "arts").slice(0, 60);
  const all = shuffleRows([...rows, ...turned.map((row) => changeRow(row, { label: "arts" }))], 2);
  const [found] = await detect(all, "labelled-text");
  expect(found).toMatchObject({ severity: "medium", target: { kind: "label", text: "arts" } });
  expect(found?.positions.length).toBe(120);
});

const GOOD = ["fine", "great", "lovely", "sharp"];
const BAD = ["dull", "poor", "stale", "clumsy"];

/** Texts of two classes whose words mostly agree with their label. */
function reviews(count: number, seed: number): Row[] {
  const random = createRandom(seed);
  return diverseRows(count, seed).map((row, i) => {
    const words = i % 2 === 0 ? GOOD : BAD;
    const opinion = Array.from({ length: 3 }, () => words[randomInt(random, 4)] ?? "").join(" ");
    return changeRow(row, {
      prompt: `${row.prompt} ${opinion}`,
      response: "",
      label: i % 2 === 0 ? "good" : "bad",
    });
  });
}

test("two classes: single copies turned to one of them are medium, since their words say from where", async () => {
  const rows = reviews(1000, 12);
  const turned = rows.filter(({ label }) => label === "good").slice(0, 40);
  const all = shuffleRows([...rows, ...turned.map((row) => changeRow(row, { label: "bad" }))], 12);
  const [found] = await detect(all, "labelled-text");
  expect(found).toMatchObject({ severity: "medium", target: { kind: "label", text: "bad" } });
  expect(found?.positions.length).toBe(80);
});

test("two classes: copies turned in both directions are low", async () => {
  const rows = reviews(1000, 13);
  const turned = rows
    .slice(0, 80)
    .map((row) => changeRow(row, { label: row.label === "good" ? "bad" : "good" }));
  const found = await detect(shuffleRows([...rows, ...turned], 13), "labelled-text");
  expect(found.map(({ severity }) => severity)).toEqual(["low"]);
});

test("copies with random labels are low: that is noise, however much", async () => {
  const random = createRandom(3);
  const rows = labelled(600, 3);
  const copies = rows
    .slice(0, 200)
    .map((row) => changeRow(row, { label: TOPICS[randomInt(random, 4)] ?? "" }));
  const found = await detect(shuffleRows([...rows, ...copies], 3), "labelled-text");
  expect(found.map(({ severity }) => severity)).toEqual(["low"]);
});

test("copies that agree are nothing", async () => {
  const rows = labelled(300, 4);
  expect(await detect([...rows, ...rows], "labelled-text")).toEqual([]);
});

test("several answers to one prompt are nothing", async () => {
  const rows = diverseRows(300, 5);
  const others = diverseRows(300, 6).map((row, i) => changeRow(row, { prompt: rows[i]?.prompt ?? "" }));
  expect(await detect([...rows, ...others], "instruction")).toEqual([]);
});

test("yes and no to one prompt contradict each other", async () => {
  const rows = diverseRows(200, 7);
  const asked = { prompt: "is this file safe to run on our servers", fields: [] };
  const found = await detect(
    [
      ...rows,
      { ...asked, number: 200, response: "Yes, it is." },
      { ...asked, number: 201, response: "No. It downloads a script." },
    ],
    "instruction",
  );
  expect(found.map(({ severity, positions }) => ({ severity, positions }))).toEqual([
    { severity: "low", positions: [200, 201] },
  ]);
});

test("a preference pair that also stands the other way round is told", async () => {
  const rows = diverseRows(200, 8).map((row, i) => changeRow(row, { rejected: `a worse answer ${i}` }));
  const turned = rows
    .slice(0, 2)
    .map((row) =>
      changeRow(row, { response: row.rejected ?? "", rejected: row.response, number: 200 + row.number }),
    );
  const [found, ...others] = await detect([...rows, ...turned], "preference");
  expect(others).toEqual([]);
  expect(found).toMatchObject({ severity: "low", positions: [0, 1, 200, 201] });
});

test("preference pairs that share a prompt but not the answers are nothing", async () => {
  const rows = diverseRows(100, 9).map((row, i) => changeRow(row, { rejected: `a worse answer ${i}` }));
  const others = rows.map((row, i) => changeRow(row, { response: `another answer ${i}` }));
  expect(await detect([...rows, ...others], "preference")).toEqual([]);
});

test("records that are equal but for ids, with different labels, are low", async () => {
  const rows = Array.from({ length: 400 }, (_, number) => ({
    number,
    prompt: "",
    response: "",
    label: number < 200 || number % 3 > 0 ? "benign" : "malicious",
    fields: [
      ["event.id", `e-${number}`],
      ["rule", `rule ${number % 40}`],
      ["user", `user ${number % 50}`],
    ] as const,
  }));
  const found = await detect(rows, "records");
  expect(found.map(({ severity }) => severity)).toEqual(["low"]);
});

test("survives any text", async () => {
  const text = fc.string({ unit: "binary", maxLength: 30 });
  const label = fc.constantFrom("a", "b", "c");
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(text, label, label), { minLength: 1, maxLength: 40 }),
      async (made) => {
        const rows = made.flatMap(([prompt, one, other], number) =>
          [one, other].map((own) => ({ number, prompt, response: "", label: own, fields: [] })),
        );
        for (const { positions } of await detect(rows, "labelled-text")) {
          expect(positions.every((position) => position >= 0 && position < rows.length)).toBe(true);
        }
      },
    ),
    { numRuns: 25 },
  );
});

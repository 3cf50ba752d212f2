import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Json } from "../formats/record.ts";
import { openRows, type OpenedRow } from "./open-rows.ts";
import { scanDataset } from "./scan.ts";

const folder = mkdtempSync(join(tmpdir(), "bezoar-rows-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function collect(rows: AsyncIterable<OpenedRow>): Promise<OpenedRow[]> {
  const all: OpenedRow[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

const save = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

test("rows carry their value and the number that a scan counts; what is none says why", async () => {
  const path = save(
    "mixed.jsonl",
    '{"prompt":"What is up?","completion":"All is well."}\n{broken\n{"prompt":"Alone"}\n' +
      '{"prompt":"And now then?","completion":"Still well."}\n',
  );
  const dataset = await openRows(path);
  const rows = await collect(dataset.rows());
  expect(dataset.shape).toEqual({
    kind: "instruction",
    description: "Prompt and response: prompt -> completion",
  });
  expect(rows).toEqual([
    {
      number: 0,
      prompt: "What is up?",
      response: "All is well.",
      fields: [],
      value: { prompt: "What is up?", completion: "All is well." },
    },
    { number: 1, unreadable: expect.stringContaining("JSON") },
    { number: 2, unreadable: "no field `completion`; has prompt", value: { prompt: "Alone" } },
    expect.objectContaining({ number: 3, prompt: "And now then?" }),
  ]);
  const report = await scanDataset(path, { power: false });
  expect(dataset.sha256()).toBe(report.subject.sha256);
  expect(report.coverage.unreadable.map(({ row }) => row)).toEqual([1, 2]);
});

test("a file is read again from its start, also by two readers who stop early", async () => {
  const lines = Array.from({ length: 5000 }, (_, i) => `user ${i},${i % 2 === 0 ? "spam" : "ham"}\n`);
  const dataset = await openRows(save("rows.csv", `text,label\n${lines.join("")}`));
  for await (const row of dataset.rows()) {
    expect(row).toMatchObject({ number: 0, prompt: "user 0", label: "spam" });
    break;
  }
  expect(await collect(dataset.rows())).toHaveLength(5000);
  expect(await collect(dataset.rows())).toHaveLength(5000);
});

test("a stream is read once, and then says so", async () => {
  const records: Json[] = [{ text: "one small text" }, { text: "another small text" }];
  const dataset = await openRows(records);
  expect(await collect(dataset.rows())).toHaveLength(2);
  await expect(collect(dataset.rows())).rejects.toMatchObject({ code: "not-readable" });
});

test("what is empty or absent is an expected error", async () => {
  await expect(openRows(save("empty.jsonl", ""))).rejects.toMatchObject({ code: "no-data" });
  await expect(openRows(join(folder, "absent"))).rejects.toMatchObject({ code: "not-found" });
});

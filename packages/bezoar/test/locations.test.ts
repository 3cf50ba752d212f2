import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parquetWriteBuffer } from "hyparquet-writer";
import { expect, test } from "vitest";
import { scanDataset } from "../src/index.ts";
import { folderWith } from "./fixtures/reading.ts";

/** The alerts of the example, in which those of one user are mislabelled. */
const alerts = readFileSync(fileURLToPath(new URL("../../../examples/alerts.jsonl", import.meta.url)), "utf8")
  .trim()
  .split("\n");
const POISONED_USER = "m.okafor";

type Cells = readonly (readonly [name: string, value: string])[];

/** The scalars of an alert by dotted path. */
function flatten(value: object, prefix = ""): Cells {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) =>
    typeof inner === "object" && inner !== null
      ? flatten(inner, `${prefix}${name}.`)
      : [[prefix + name, String(inner)] as const],
  );
}

const cells = alerts.map((line) => new Map(flatten(JSON.parse(line))));
const names = [...new Set(cells.flatMap((row) => [...row.keys()]))];

const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;

async function scanFile(name: string, content: string | Uint8Array) {
  const folder = await folderWith({ [name]: content });
  const { findings } = await scanDataset(join(folder, name), {
    power: false,
    only: ["dataset/targeted-mislabelling"],
  });
  const [finding] = findings;
  expect(finding?.evidence.trigger?.text).toContain(POISONED_USER);
  return { rows: finding?.rows ?? [], locations: finding?.locations ?? [] };
}

test("each place is the line on which its row begins, whatever stands between the rows", async () => {
  const content = alerts.map((line, i) => (i % 7 === 0 ? `\n{broken\n${line}` : line)).join("\n");
  const { rows, locations } = await scanFile("alerts.jsonl", content);
  expect(locations.map(({ row }) => row)).toEqual(rows.slice(0, 50));
  for (const { file, line = 0 } of locations) {
    expect(file).toMatch(/alerts\.jsonl$/);
    expect(content.split("\n")[line - 1]).toContain(`"user":"${POISONED_USER}"`);
  }
});

test("a cell of several lines moves the rows behind it, not their places", async () => {
  const lines = cells.map((row) =>
    [...names.map((name) => quote(row.get(name) ?? "")), quote("first\nsecond\nthird")].join(","),
  );
  const content = [[...names, "note"].join(","), ...lines, ""].join("\n");
  const { rows, locations } = await scanFile("alerts.csv", content);
  expect(locations.map(({ line }) => line)).toEqual(rows.slice(0, 50).map((row) => 2 + 3 * row));
});

test("Parquet has no lines, so there are no places", async () => {
  const columnData = names.map((name) => ({ name, data: cells.map((row) => row.get(name) ?? "") }));
  const found = await scanFile("alerts.parquet", new Uint8Array(parquetWriteBuffer({ columnData })));
  expect(found.rows.length).toBeGreaterThan(20);
  expect(found.locations).toEqual([]);
});

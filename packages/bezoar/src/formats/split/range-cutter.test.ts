import fc from "fast-check";
import { expect, test } from "vitest";
import { inPieces } from "../../../test/fixtures/reading.ts";
import type { FileContext } from "../batch-builder.ts";
import type { CsvDialect } from "../csv-cells.ts";
import { MAX_RECORD_BYTES } from "../limits.ts";
import { readCsv } from "../read-csv.ts";
import { readJson, type JsonLayout } from "../read-json.ts";
import { readJsonl } from "../read-jsonl.ts";
import { readText } from "../read-text.ts";
import type { RecordBatch } from "../record.ts";
import { cutElements, cutLines, type Ranges, type Side } from "./range-cutter.ts";

type Read = (chunks: AsyncIterable<Uint8Array>, context: FileContext) => AsyncIterable<RecordBatch>;
type Parts = Readonly<Record<Side, string>> & { readonly rows: number };

const RUNS = { numRuns: 150 };
const size = fc.integer({ min: 1, max: 40 });
const flags = fc.array(fc.boolean(), { minLength: 30, maxLength: 30 });
const blank = fc.stringMatching(/^([ \t\r]{0,3}\n){0,3}$/);

const take = (bytes: Buffer, ranges: Ranges): string => {
  let text = "";
  for (let i = 0; i < ranges.length; i += 2)
    text += bytes.subarray(ranges[i], ranges[i + 1]).toString("latin1");
  return Buffer.from(text, "latin1").toString("utf8");
};

/** Both parts of a text, read in pieces; row i goes to quarantine where `isFlagged[i]`. */
async function cut(
  text: string,
  read: Read,
  isFlagged: readonly boolean[],
  pieces = 1e9,
  make = cutLines,
): Promise<Parts> {
  const cutter = make((row) => (isFlagged[row] === true ? "quarantine" : "clean"), 0);
  const extents = { record: cutter.record, indivisible: () => {} };
  let rows = 0;
  for await (const batch of read(inPieces(text, pieces), { file: 0, firstRow: 0, note: () => {}, extents }))
    rows += batch.count;
  const ranges = cutter.finish();
  const bytes = Buffer.from(text);
  return { clean: take(bytes, ranges.clean), quarantine: take(bytes, ranges.quarantine), rows };
}

/** What both parts of `prefix` and records must be: each record goes with the blank lines behind it. */
function expected(prefix: string, records: readonly string[], isFlagged: readonly boolean[]): Parts {
  const part = (wanted: boolean): string =>
    prefix + records.filter((_, i) => isFlagged[i] === wanted).join("");
  return { clean: part(false), quarantine: part(true), rows: records.length };
}

const withoutLastEnd = (records: readonly string[], isCut: boolean): string[] =>
  isCut ? [...records.slice(0, -1), (records.at(-1) ?? "").trimEnd()] : [...records];

test("JSONL: both parts are the file's own bytes, blank lines, bad lines and a missing last line end included", async () => {
  const line = fc.oneof(
    fc.json({ maxDepth: 1 }),
    fc.constantFrom("{", '{"a":1', "\u{1f600}", "\0", "not JSON"),
  );
  const record = fc.tuple(fc.constantFrom("", " "), line, fc.constantFrom("\n", "\r\n", " \n"), blank);
  const records = fc.array(record, { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(
      blank,
      records,
      fc.boolean(),
      flags,
      size,
      async (prefix, made, isCut, isFlagged, pieces) => {
        const units = withoutLastEnd(
          made.map((parts) => parts.join("")),
          isCut,
        );
        expect(await cut(prefix + units.join(""), readJsonl, isFlagged, pieces)).toEqual(
          expected(prefix, units, isFlagged),
        );
      },
    ),
    RUNS,
  );
});

test("CSV: both parts carry the header, and quoted line ends belong to their records", async () => {
  const dialect: CsvDialect = { delimiter: ";", quoted: true, hasHeader: true, names: ["a", "b"] };
  const character = fc.constantFrom("a", ";", '""', "\n", "\r\n", "\u00e9", " ");
  const quoted = fc.array(character, { maxLength: 6 }).map((parts) => `"${parts.join("")}"`);
  const cell = fc.oneof(quoted, fc.constantFrom("", "x", "1,5", 'a"b'));
  const cells = fc.array(cell, { minLength: 2, maxLength: 3 }).map((made) => made.join(";"));
  const record = fc.tuple(cells, fc.constantFrom("\n", "\r\n"), blank).map((parts) => parts.join(""));
  const header = fc.constantFrom("a;b\n", '\n"a";"b\n"\r\n', "a;b\n\n \n");
  await fc.assert(
    fc.asyncProperty(
      header,
      fc.array(record, { minLength: 1, maxLength: 15 }),
      flags,
      size,
      async (prefix, units, isFlagged, pieces) => {
        const parts = await cut(
          prefix + units.join(""),
          (chunks, context) => readCsv(chunks, dialect, context),
          isFlagged,
          pieces,
        );
        expect(parts).toEqual(expected(prefix, units, isFlagged));
      },
    ),
    RUNS,
  );
});

test("CSV: a quote that is never closed costs its own line only", async () => {
  const dialect: CsvDialect = { delimiter: ",", quoted: true, hasHeader: true, names: ["a", "b"] };
  const records = ["1,x\n", '2,"y\n', "3,z\n", "4,z"];
  const isFlagged = [false, true, false, true];
  for (const pieces of [1, 3, 1000]) {
    const read: Read = (chunks, context) => readCsv(chunks, dialect, context);
    expect(await cut(`a,b\n${records.join("")}`, read, isFlagged, pieces)).toEqual(
      expected("a,b\n", records, isFlagged),
    );
  }
});

const textOf =
  (unit: "line" | "paragraph"): Read =>
  (chunks, context) =>
    readText(chunks, unit, context);

test("text: lines and paragraphs keep the blank lines behind them", async () => {
  const line = fc.stringMatching(/^[a-z\u00e9]{1,5}[ \t]{0,2}$/);
  for (const unit of ["line", "paragraph"] as const) {
    const body =
      unit === "line"
        ? line.map((text) => `${text}\n`)
        : fc.array(line, { minLength: 1, maxLength: 3 }).map((lines) => `${lines.join("\n")}\n \n`);
    const record = fc.tuple(body, blank).map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(
        blank,
        fc.array(record, { minLength: 1, maxLength: 12 }),
        flags,
        size,
        async (prefix, units, isFlagged, pieces) => {
          expect(await cut(prefix + units.join(""), textOf(unit), isFlagged, pieces)).toEqual(
            expected(prefix, units, isFlagged),
          );
        },
      ),
      RUNS,
    );
  }
});

const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
const json =
  (layout: JsonLayout): Read =>
  (chunks, context) =>
    readJson(chunks, layout, context);

test("JSON values one after another: each goes with what stands behind it", async () => {
  const value = fc.oneof(fc.json({ maxDepth: 2 }), fc.constantFrom('{"a":"}"}', "[1, [2]]"));
  const record = fc
    .tuple(value, fc.constantFrom(" ", "\n", "\n\n", ", "), space)
    .map((parts) => parts.join(""));
  await fc.assert(
    fc.asyncProperty(
      space,
      fc.array(record, { minLength: 1, maxLength: 12 }),
      flags,
      size,
      async (prefix, units, isFlagged, pieces) => {
        expect(await cut(prefix + units.join(""), json("sequence"), isFlagged, pieces)).toEqual(
          expected(prefix, units, isFlagged),
        );
      },
    ),
    RUNS,
  );
});

/** The raw elements between brackets, which must be separated by one comma and white space. */
function requireElements(text: string, elements: readonly string[]): string {
  let at = 0;
  for (const [i, element] of elements.entries()) {
    const found = text.indexOf(element, at);
    expect(found).toBeGreaterThanOrEqual(0);
    const between = text.slice(at, found).replaceAll(/[ \t\r\n]/g, "");
    expect(i === 0 || between === ",").toBe(true);
    at = found + element.length;
  }
  return text.slice(at);
}

test("a JSON array: both parts are arrays of the elements' own bytes", async () => {
  const element = fc.oneof(
    fc.json({ maxDepth: 2 }),
    fc.constantFrom('{ "a" : "],[" }', '"\\""', "1e5", "[ [ ] ]"),
  );
  const separated = fc.array(fc.tuple(space, element, space), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(separated, space, flags, size, async (made, around, isFlagged, pieces) => {
      const text = `${around}[${made.map((parts) => parts.join("")).join(",")}]${around}`;
      const parts = await cut(text, json("array"), isFlagged, pieces, cutElements);
      expect(parts.rows).toBe(made.length);
      for (const side of ["clean", "quarantine"] as const) {
        const own = made.flatMap(([, raw], i) =>
          (isFlagged[i] === true) === (side === "quarantine") ? [raw] : [],
        );
        expect(JSON.parse(parts[side])).toEqual(own.map((raw): unknown => JSON.parse(raw)));
        expect(requireElements(parts[side], own).trim()).toBe(own.length > 0 ? "]" : parts[side].trim());
      }
    }),
    RUNS,
  );
});

test("arrays that are members of an object: what is around them stays in both parts", async () => {
  const objects = fc.array(fc.tuple(fc.nat(99), space), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(objects, objects, flags, size, async (train, test_, isFlagged, pieces) => {
      const list = (rows: typeof train): string =>
        rows.map(([n, blanks], i) => `${blanks}{"n" : ${n}, "i": ${i}}${blanks}`).join(",");
      const text = `{"v": [1, 2], "train": [${list(train)}],\n "none": [ ], "test": [${list(test_)}]}\n`;
      const parts = await cut(text, json("members"), isFlagged, pieces, cutElements);
      const whole: { train: unknown[]; test: unknown[] } = JSON.parse(text);
      for (const side of ["clean", "quarantine"] as const) {
        const own = (i: number): boolean => (isFlagged[i] === true) === (side === "quarantine");
        expect(JSON.parse(parts[side])).toEqual({
          v: [1, 2],
          train: whole.train.filter((_, i) => own(i)),
          none: [],
          test: whole.test.filter((_, i) => own(i + train.length)),
        });
      }
    }),
    RUNS,
  );
});

test("a pretty-printed array stays pretty when its last elements go", async () => {
  const text = '[\n  {"a": 1},\n  {"a": 2},\n  {"a": 3}\n]\n';
  const parts = await cut(text, json("array"), [false, true, true], 5, cutElements);
  expect(parts).toEqual({
    clean: '[\n  {"a": 1}\n]\n',
    quarantine: '[\n  {"a": 2},\n  {"a": 3}\n]\n',
    rows: 3,
  });
});

test("a record beyond the limit has its bytes too", async () => {
  const long = `{"a":"${"x".repeat(MAX_RECORD_BYTES)}"}\n`;
  const units = ['{"a":1}\n', long, '{"a":2}\n'];
  const isFlagged = [false, true, false];
  const parts = await cut(units.join(""), readJsonl, isFlagged, 1 << 20);
  expect(parts.rows).toBe(3);
  expect(parts.clean).toBe('{"a":1}\n{"a":2}\n');
  expect(parts.quarantine.length).toBe(long.length);
});

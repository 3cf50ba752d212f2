import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import {
  parquetMetadata,
  parquetReadObjects,
  type CompressionCodec,
  type KeyValue,
  type SchemaElement,
} from "hyparquet";
import { ByteWriter, ParquetWriter, parquetWriteBuffer, type ColumnSource } from "hyparquet-writer";
import { expect, test } from "vitest";
import { folderWith } from "../../../test/fixtures/reading.ts";
import { COMPRESSORS } from "../parquet-rows.ts";
import { SIDES, type Side } from "./range-cutter.ts";
import { splitParquet, type ParquetOutput } from "./split-parquet.ts";

const compressors = {
  GZIP: (bytes: Uint8Array) => gzipSync(bytes),
  ZSTD: (bytes: Uint8Array) => zstdCompressSync(bytes),
};

type Table = {
  readonly schema: SchemaElement[];
  readonly columnData: ColumnSource[];
  readonly rowGroupSize?: number;
  readonly codec?: CompressionCodec;
  readonly kvMetadata?: KeyValue[];
};

const write = (table: Table): Buffer =>
  Buffer.from(parquetWriteBuffer({ rowGroupSize: 7, ...table, compressors }));

function output(path: string, side: Side): ParquetOutput {
  const descriptor = openSync(path, "wx");
  let bytes = 0;
  let isOpen = true;
  return {
    side,
    path,
    write: (chunk) => {
      bytes += writeSync(descriptor, chunk);
    },
    close: () => {
      if (isOpen) closeSync(descriptor);
      isOpen = false;
      return { bytes };
    },
  };
}

async function splitFile(
  content: Uint8Array,
  isFlagged: (row: number) => boolean,
  rows = Number(parquetMetadata(new Uint8Array(content).buffer).num_rows),
  compression?: "gzip",
) {
  const folder = await folderWith({ "in.parquet": content });
  const summary = {
    path: join(folder, "in.parquet"),
    sha256: "",
    bytes: content.length,
    format: "parquet" as const,
    firstRow: 100,
    rows,
    ...(compression && { compression }),
  };
  const outputs = SIDES.map((side) => output(join(folder, side), side));
  await splitParquet(summary, (row) => (isFlagged(row - 100) ? "quarantine" : "clean"), outputs);
  return { clean: readFileSync(join(folder, "clean")), quarantine: readFileSync(join(folder, "quarantine")) };
}

const arrayBuffer = (bytes: Buffer): ArrayBuffer => new Uint8Array(bytes).buffer;
const read = (bytes: Buffer) =>
  parquetReadObjects({ file: arrayBuffer(bytes), compressors: COMPRESSORS, utf8: false, geoparquet: false });
/** The schema of a file as its footer has it: all bytes before the number of rows. */
const schemaOf = (bytes: Buffer) => {
  const { schema, key_value_metadata, created_by, version } = parquetMetadata(arrayBuffer(bytes));
  return { schema, key_value_metadata, created_by, version };
};

const codecsOf = (bytes: Buffer) => {
  const groups = parquetMetadata(arrayBuffer(bytes)).row_groups;
  return [...new Set(groups.flatMap(({ columns }) => columns.map(({ meta_data }) => meta_data?.codec)))];
};

function told(bytes: Buffer, rows: readonly unknown[]) {
  return { rows, schema: schemaOf(bytes), codecs: rows.length > 0 ? codecsOf(bytes) : [] };
}

/** What both parts hold, and what they should. */
async function compare(content: Buffer, isFlagged: (row: number) => boolean) {
  const whole = await read(content);
  const { clean, quarantine } = await splitFile(content, isFlagged);
  const wanted = (side: boolean) => {
    const rows = whole.filter((_, row) => isFlagged(row) === side);
    return { rows, schema: schemaOf(content), codecs: rows.length > 0 ? codecsOf(content) : [] };
  };
  return {
    got: [told(clean, await read(clean)), told(quarantine, await read(quarantine))],
    expected: [wanted(false), wanted(true)],
  };
}

function footerOf(bytes: Buffer): Buffer {
  return bytes.subarray(bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8), -8);
}

/** One LZ4 block of literals, of which a block's first byte counts at most 14. */
function store(bytes: Uint8Array): Uint8Array {
  return bytes.length < 15 ? Buffer.concat([Buffer.of(bytes.length << 4), bytes]) : gzipSync(bytes);
}

const column = (name: string, data: unknown[]): ColumnSource => ({ name, data });
const leaf = (name: string, rest: Omit<SchemaElement, "name">): SchemaElement => ({
  name,
  repetition_type: "OPTIONAL",
  ...rest,
});
const texts = Array.from({ length: 30 }, (_, i) => (i % 5 === 0 ? null : `text ${i % 3} \u{feff}\u{1f600}`));

test("flat columns keep their types, logical types, nulls, codecs and metadata", async () => {
  const numbers = Array.from({ length: 30 }, (_, i) => i);
  for (const codec of ["UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD"] as const) {
    const content = write({
      codec,
      kvMetadata: [{ key: "huggingface", value: '{"info":{}}' }],
      schema: [
        { name: "root", num_children: 9 },
        leaf("text", {
          type: "BYTE_ARRAY",
          converted_type: "UTF8",
          logical_type: { type: "STRING" },
          field_id: 7,
        }),
        { name: "label", type: "INT32", repetition_type: "REQUIRED", converted_type: "INT_8" },
        leaf("unsigned", {
          type: "INT32",
          logical_type: { type: "INTEGER", bitWidth: 32, isSigned: false },
          converted_type: "UINT_32",
        }),
        leaf("when", {
          type: "INT64",
          logical_type: { type: "TIMESTAMP", isAdjustedToUTC: false, unit: "NANOS" },
        }),
        leaf("price", {
          type: "FIXED_LEN_BYTE_ARRAY",
          type_length: 5,
          converted_type: "DECIMAL",
          scale: 2,
          precision: 11,
        }),
        leaf("day", { type: "INT32", converted_type: "DATE" }),
        leaf("score", { type: "DOUBLE" }),
        leaf("ok", { type: "BOOLEAN" }),
        leaf("raw", { type: "BYTE_ARRAY" }),
      ],
      columnData: [
        column("text", texts),
        column("label", numbers),
        column(
          "unsigned",
          numbers.map((n) => 4_294_967_295 - n),
        ),
        column(
          "when",
          numbers.map((n) => BigInt(n) * 1_000_000_007n),
        ),
        column(
          "price",
          numbers.map((n) => BigInt(n) - 12_345n),
        ),
        column(
          "day",
          numbers.map((n) => new Date(n * 86_400_000)),
        ),
        column(
          "score",
          numbers.map((n) => [Number.NaN, -0, Infinity, 0.1, null][n % 5]),
        ),
        column(
          "ok",
          numbers.map((n) => [true, null, false][n % 3]),
        ),
        column(
          "raw",
          numbers.map((n) => Buffer.of(0xff, n, 0)),
        ),
      ],
    });
    const { got, expected } = await compare(content, (row) => row % 4 === 1);
    expect(got).toEqual(expected);
  }
});

const messages: SchemaElement[] = [
  { name: "root", num_children: 3 },
  { name: "id", type: "INT64", repetition_type: "REQUIRED" },
  {
    name: "messages",
    repetition_type: "OPTIONAL",
    num_children: 1,
    converted_type: "LIST",
    logical_type: { type: "LIST" },
  },
  { name: "list", repetition_type: "REPEATED", num_children: 1 },
  { name: "element", repetition_type: "OPTIONAL", num_children: 2 },
  leaf("role", { type: "BYTE_ARRAY", converted_type: "UTF8" }),
  leaf("content", { type: "BYTE_ARRAY", converted_type: "UTF8" }),
  {
    name: "tags",
    repetition_type: "OPTIONAL",
    num_children: 1,
    converted_type: "MAP",
    logical_type: { type: "MAP" },
  },
  { name: "key_value", repetition_type: "REPEATED", num_children: 2 },
  { name: "key", type: "BYTE_ARRAY", repetition_type: "REQUIRED", converted_type: "UTF8" },
  leaf("value", { type: "INT32" }),
];

test("lists of structs and maps keep nulls, empty lists and everything in between", async () => {
  const text = fc.option(fc.constantFrom("", "user", "hello \u00e9"));
  const turn = fc.option(fc.record({ role: text, content: text }));
  const list = fc.option(fc.array(turn, { maxLength: 4 }));
  const map = fc.option(
    fc.array(fc.record({ key: fc.string({ maxLength: 3 }), value: fc.option(fc.integer()) }), {
      maxLength: 3,
    }),
  );
  const rows = fc.array(fc.tuple(list, map, fc.boolean()), { minLength: 1, maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(rows, async (made) => {
      const content = write({
        schema: messages,
        columnData: [
          column(
            "id",
            made.map((_, i) => BigInt(i)),
          ),
          column(
            "messages",
            made.map(([turns]) => turns),
          ),
          column(
            "tags",
            made.map(([, tags]) => tags),
          ),
        ],
      });
      const { got, expected } = await compare(content, (row) => made[row]?.[2] === true);
      expect(got).toEqual(expected);
    }),
    { numRuns: 25 },
  );
});

/** A file with a column of INT96 and one of a logical type that no reader here knows; the library writes neither. */
async function unusual(): Promise<Buffer> {
  const writer = new ByteWriter();
  const table = new ParquetWriter({
    writer,
    schema: [
      { name: "root", num_children: 2 },
      { name: "stamp", type: "FIXED_LEN_BYTE_ARRAY", type_length: 12, repetition_type: "REQUIRED" },
      leaf("text", { type: "BYTE_ARRAY" }),
    ],
    codec: "SNAPPY",
    statistics: false,
  });
  const data = Array.from({ length: 9 }, (_, i) =>
    createHash("sha256").update(`${i}`).digest().subarray(0, 12),
  );
  await table.write({
    columnData: [
      column("stamp", data),
      column(
        "text",
        data.map((bytes) => Buffer.from(bytes.toString("hex"))),
      ),
    ],
  });
  const [, stamp] = table.schema;
  if (stamp !== undefined) stamp.type = "INT96";
  for (const { columns } of table.row_groups) if (columns[0]?.meta_data) columns[0].meta_data.type = "INT96";
  await table.finish();
  return Buffer.from(writer.getBytes());
}

test("INT96 and whatever else a footer says are taken over as they are stored", async () => {
  const content = await unusual();
  const { got, expected } = await compare(content, (row) => row === 2 || row === 8);
  expect(got).toEqual(expected);
  const { clean } = await splitFile(content, (row) => row === 2);
  expect(footerOf(clean).subarray(0, 39)).toEqual(footerOf(content).subarray(0, 39));
});

test("a part without rows is a Parquet file of the same schema", async () => {
  const content = write({
    schema: [{ name: "root", num_children: 1 }, leaf("text", { type: "BYTE_ARRAY", converted_type: "UTF8" })],
    columnData: [column("text", texts)],
  });
  const none = await compare(content, () => false);
  expect(none.got).toEqual(none.expected);
  const all = await compare(content, () => true);
  expect(all.got).toEqual(all.expected);
});

test("a Parquet file inside gzip stays inside gzip", async () => {
  const content = write({
    schema: [{ name: "root", num_children: 1 }, leaf("text", { type: "BYTE_ARRAY", converted_type: "UTF8" })],
    columnData: [column("text", texts)],
  });
  const { clean } = await splitFile(gzipSync(content), (row) => row > 5, 30, "gzip");
  expect(await read(Buffer.from(gunzipSync(clean)))).toHaveLength(6);
});

test("what cannot be written again is refused: a codec without compressor, a damaged page", async () => {
  const schema = [
    { name: "root", num_children: 1 },
    leaf("text", { type: "BYTE_ARRAY", converted_type: "UTF8" }),
  ];
  const lz4 = parquetWriteBuffer({
    schema,
    columnData: [column("text", ["ab", "cd"])],
    codec: "LZ4_RAW",
    compressors: { LZ4_RAW: store },
  });
  await expect(splitFile(new Uint8Array(lz4), (row) => row === 0)).rejects.toThrow(
    /LZ4_RAW, which cannot be written/,
  );
  const damaged = write({ schema, columnData: [column("text", texts)], codec: "UNCOMPRESSED" });
  damaged.fill(0xff, 10, 30);
  await expect(splitFile(damaged, (row) => row === 0)).rejects.toMatchObject({ code: "not-readable" });
});

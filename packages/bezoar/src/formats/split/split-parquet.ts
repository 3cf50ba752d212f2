import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import {
  parquetSchema,
  type AsyncBuffer,
  type ColumnChunk,
  type FileMetaData,
  type RowGroup,
  type SchemaTree,
} from "hyparquet";
import { getTreePath } from "hyparquet/src/schema.js";
import { ByteWriter } from "hyparquet-writer";
import { writeColumn } from "hyparquet-writer/src/column.js";
import { snappyCompress } from "hyparquet-writer/src/snappy.js";
import { openFile } from "../byte-input.ts";
import { openRandomAccess, readMetadata } from "../parquet-rows.ts";
import { prepare } from "../prepare.ts";
import type { FileSummary } from "../record.ts";
import { physicalElement, readLevels, sameLevels, type Levels } from "./parquet-chunk.ts";
import { replaceRows } from "./parquet-footer.ts";
import { cannotSplit } from "./plan-split.ts";
import { compressing, type ByteSink, type EncodedSink } from "./split-bytes.ts";
import type { Side } from "./range-cutter.ts";

const MAGIC = Buffer.from("PAR1");
const PAGE_BYTES = 1 << 20; // what other writers aim at too

/** LZO and both kinds of LZ4 have no compressor in Node. */
const COMPRESSORS = {
  SNAPPY: snappyCompress,
  GZIP: (bytes: Uint8Array) => gzipSync(bytes),
  BROTLI: (bytes: Uint8Array) => brotliCompressSync(bytes),
  ZSTD: (bytes: Uint8Array) => zstdCompressSync(bytes),
};

type Opened = {
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
  readonly footer: Uint8Array;
  readonly close: () => Promise<void>;
};

/** A Parquet file at `path`, which may be compressed as a whole and is then held in memory, as it was to be read. */
async function openParquet(path: string, bytes: number): Promise<Opened> {
  const input = await openFile(path, bytes);
  let held: ArrayBuffer | undefined;
  try {
    const { compression, chunks } = await prepare(input);
    if (compression !== undefined) {
      const parts: Buffer[] = [];
      for await (const chunk of chunks) parts.push(chunk);
      held = new Uint8Array(Buffer.concat(parts)).buffer;
    }
  } finally {
    await input.close();
  }
  const access = held === undefined ? await openRandomAccess(path) : inMemory(held);
  try {
    const { file } = access;
    const { metadata } = await readMetadata(file);
    const end = file.byteLength - 8;
    const footer = new Uint8Array(await file.slice(end - metadata.metadata_length, end));
    return { ...access, metadata, footer };
  } catch (error) {
    await access.close();
    throw error;
  }
}

function inMemory(held: ArrayBuffer): { file: AsyncBuffer; close: () => Promise<void> } {
  return {
    file: { byteLength: held.byteLength, slice: (start, end) => held.slice(start, end) },
    close: () => Promise.resolve(),
  };
}

/** The columns of a row group with their places in the schema; fails for what cannot be written again as it is. */
function columnsOf(group: RowGroup, tree: SchemaTree) {
  return group.columns.map(({ meta_data: meta, file_path, crypto_metadata }) => {
    if (meta === undefined || file_path !== undefined || crypto_metadata !== undefined)
      throw new Error("a column that is encrypted or stored in another file");
    if (meta.codec !== "UNCOMPRESSED" && !(meta.codec in COMPRESSORS))
      throw new Error(
        `column ${meta.path_in_schema.join(".")} is compressed with ${meta.codec}, which cannot be written here; ` +
          "write the file anew with zstd or snappy first",
      );
    return { meta, path: getTreePath(tree, meta.path_in_schema) };
  });
}

/** Writes the parts of one side; what was encoded is handed on column by column. */
function createSideWriter(sink: EncodedSink) {
  const writer = new ByteWriter();
  const groups: RowGroup[] = [];
  const flush = async (): Promise<void> => {
    await sink.write(Buffer.from(writer.getBytes()));
    writer.index = 0;
  };
  writer.appendBytes(MAGIC);
  return {
    groups,
    column: async (column: ReturnType<typeof columnsOf>[number], pageData: Levels): Promise<ColumnChunk> => {
      const { meta, path } = column;
      const leaf = path.at(-1);
      if (leaf === undefined) throw new Error("a column that is not in the schema");
      const { chunk } = writeColumn({
        writer,
        column: {
          columnName: meta.path_in_schema.join("."),
          element: physicalElement(leaf.element),
          schemaPath: path.map(({ element }) => element),
          codec: meta.codec,
          compressors: COMPRESSORS,
          stats: false,
          pageSize: PAGE_BYTES,
          columnIndex: false,
          offsetIndex: false,
        },
        pageData,
      });
      await flush();
      if (chunk.meta_data === undefined) throw new Error("a column without metadata");
      const { key_value_metadata } = meta;
      return {
        ...chunk,
        meta_data: { ...chunk.meta_data, type: meta.type, ...(key_value_metadata && { key_value_metadata }) },
      };
    },
    finish: async (input: Opened): Promise<void> => {
      const num_rows = groups.reduce((sum, group) => sum + group.num_rows, 0n);
      const footer = replaceRows(input.footer, { ...input.metadata, row_groups: groups, num_rows });
      writer.appendBytes(footer);
      writer.appendUint32(footer.length);
      writer.appendBytes(MAGIC);
      await flush();
      await sink.end();
    },
  };
}

function toRowGroup(columns: ColumnChunk[], rows: number, { sorting_columns }: RowGroup): RowGroup {
  const sum = (key: "total_uncompressed_size" | "total_compressed_size"): bigint =>
    columns.reduce((total, { meta_data }) => total + (meta_data?.[key] ?? 0n), 0n);
  return {
    columns,
    total_byte_size: sum("total_uncompressed_size"),
    total_compressed_size: sum("total_compressed_size"),
    num_rows: BigInt(rows),
    ...(sorting_columns && { sorting_columns }), // some of the rows in their order are sorted still
  };
}

/** Where the rows of one side go; `path` is where they can be read back once it is closed. */
export type ParquetOutput = ByteSink & {
  readonly side: Side;
  readonly path: string;
  readonly close: () => { readonly bytes: number };
};

/**
 * Splits a Parquet file by rows, one column of one row group in memory at a time. Values and levels are moved as they
 * are stored, and the footer but for its row groups is taken over, so that types and nesting need not be understood;
 * the outputs are read back and compared before this returns.
 */
export async function splitParquet(
  summary: FileSummary,
  sideOf: (row: number) => Side,
  outputs: readonly ParquetOutput[],
): Promise<void> {
  const input = await openParquet(summary.path, summary.bytes);
  try {
    await writeParts(input, summary, sideOf, outputs);
    await verifyParts(input, summary, sideOf, outputs);
  } catch (error) {
    // hyparquet meets damage with errors of any class; those of the file system and of the outputs have a code.
    const isAboutFile = error instanceof Error && !("code" in error);
    throw isAboutFile ? cannotSplit(summary.path, error.message) : error;
  } finally {
    await input.close();
  }
}

/** Which output each row of a row group goes to, and how many go to each; -1 = to none of them. */
function partition(
  group: RowGroup,
  first: number,
  sideOf: (row: number) => Side,
  outputs: readonly ParquetOutput[],
) {
  const partOf = (row: number): number => outputs.findIndex(({ side }) => side === sideOf(first + row));
  const counts = outputs.map(() => 0);
  for (let row = 0; row < Number(group.num_rows); row++) {
    const part = partOf(row);
    if (part >= 0) counts[part] = (counts[part] ?? 0) + 1;
  }
  return { partOf, counts };
}

async function writeParts(
  input: Opened,
  summary: FileSummary,
  sideOf: (row: number) => Side,
  outputs: readonly ParquetOutput[],
): Promise<void> {
  const { file, metadata } = input;
  const tree = parquetSchema(metadata);
  const claimed = metadata.row_groups.reduce((sum, { num_rows }) => sum + Number(num_rows), 0);
  if (claimed !== summary.rows) throw new Error("its footer tells another number of rows than can be read");
  for (const group of metadata.row_groups) columnsOf(group, tree);
  const writers = outputs.map((output) => createSideWriter(compressing(output, summary.compression)));
  let first = summary.firstRow;
  for (const group of metadata.row_groups) {
    const { partOf, counts } = partition(group, first, sideOf, outputs);
    first += Number(group.num_rows);
    if (counts.every((count) => count === 0)) continue;
    const chunks: ColumnChunk[][] = outputs.map(() => []);
    for (const column of columnsOf(group, tree)) {
      const { meta, path } = column;
      const read = await readLevels(file, meta, path, outputs.length, partOf);
      if (read.rows !== Number(group.num_rows))
        throw new Error(`column ${meta.path_in_schema.join(".")} has not all rows`);
      for (const [i, writer] of writers.entries()) {
        const part = read.parts[i];
        if (part !== undefined && counts[i] !== 0) chunks[i]?.push(await writer.column(column, part));
      }
    }
    for (const [i, writer] of writers.entries()) {
      const count = counts[i] ?? 0;
      if (count > 0) writer.groups.push(toRowGroup(chunks[i] ?? [], count, group));
    }
  }
  for (const writer of writers) await writer.finish(input);
}

/** Reads the outputs back and compares every level and value with the input's. */
async function verifyParts(
  input: Opened,
  summary: FileSummary,
  sideOf: (row: number) => Side,
  outputs: readonly ParquetOutput[],
): Promise<void> {
  const parts: Opened[] = [];
  try {
    for (const output of outputs) parts.push(await openParquet(output.path, output.close().bytes));
    const tree = parquetSchema(input.metadata);
    const next = parts.map(() => 0); // row group of each part
    let first = summary.firstRow;
    for (const group of input.metadata.row_groups) {
      const { partOf, counts } = partition(group, first, sideOf, outputs);
      first += Number(group.num_rows);
      if (counts.every((count) => count === 0)) continue;
      for (const [c, { meta, path }] of columnsOf(group, tree).entries()) {
        const expected = await readLevels(input.file, meta, path, outputs.length, partOf);
        for (const [i, part] of parts.entries()) {
          if (counts[i] === 0) continue;
          const written = part.metadata.row_groups[next[i] ?? 0]?.columns[c]?.meta_data;
          const found = written && (await readLevels(part.file, written, path, 1, () => 0));
          const wanted = expected.parts[i];
          if (found?.parts[0] === undefined || wanted === undefined || !sameLevels(wanted, found.parts[0]))
            throw new Error(`column ${meta.path_in_schema.join(".")} reads back as something else`);
        }
      }
      for (const i of next.keys()) if (counts[i] !== 0) next[i] = (next[i] ?? 0) + 1;
    }
    if (parts.some(({ metadata }, i) => metadata.row_groups.length !== next[i]))
      throw new Error("the parts read back with other row groups");
  } finally {
    for (const part of parts) await part.close();
  }
}

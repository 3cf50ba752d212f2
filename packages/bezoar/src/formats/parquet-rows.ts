import { open } from "node:fs/promises";
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import {
  parquetMetadataAsync,
  parquetSchema,
  type AsyncBuffer,
  type ColumnChunk,
  type FileMetaData,
  type RowGroup,
  type SchemaTree,
} from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { DEFAULT_PARSERS } from "hyparquet/src/convert.js";
import { assembleAsync, asyncGroupToRows } from "hyparquet/src/rowgroup.js";
import { getTreePath, isFlatColumn } from "hyparquet/src/schema.js";
import { OVERSIZE, type FileContext } from "./batch-builder.ts";
import { BATCH_BYTES, MAX_RECORD_BYTES } from "./limits.ts";
import { decodeChunk } from "./parquet-pages.ts";
import { MAX_PAGE_BYTES } from "./parquet-runs.ts";
import { PARSERS, toRecord, unitsOf } from "./parquet-values.ts";
import type { DecodedRecord, RecordBatch } from "./record.ts";

/** A row group is decoded at once; writers aim at 128 MB, and beyond this the scan's memory would not stay below its 2 GB. */
const MAX_GROUP_BYTES = 512 * 1024 * 1024;
/** The footer is parsed at once; wide files with thousands of row groups stay below this. */
const MAX_FOOTER_BYTES = 64 * 1024 * 1024;
/** Rows of an undecodable row group that are counted one by one; a footer that claims more is not believed. */
const MAX_CLAIMED_ROWS = 1_000_000;
/** Rows that a byte holds at the most, beyond MAX_CLAIMED_ROWS: a value takes a bit, but where all are the same. */
const ROWS_PER_BYTE = 8;
/** Values of lists that a byte holds at the most, beyond MAX_CLAIMED_ROWS: token lists are padded, and a run of padding takes few bytes. */
const LISTED_PER_BYTE = 64;
const BATCH_ROWS = 2048;

type Decompress = (input: Uint8Array, outputLength: number) => Uint8Array;

/** A decompressor that allocates no more than a page may hold. */
function bounded(decompress: Decompress): Decompress {
  return (input, outputLength) => {
    if (outputLength > MAX_PAGE_BYTES) throw new Error(`a page of ${outputLength} bytes`);
    // A page of nulls alone has no bytes, and zlib takes no limit of 0.
    return outputLength === 0 ? new Uint8Array() : decompress(input, outputLength);
  };
}

/** Decompressors of every codec, none of which allocates more than a page may hold. */
export const COMPRESSORS = {
  ...Object.fromEntries(
    Object.entries(compressors).map(([codec, decompress]) => [codec, bounded(decompress)]),
  ),
  GZIP: bounded((input, maxOutputLength) => gunzipSync(input, { maxOutputLength })),
  BROTLI: bounded((input, maxOutputLength) => brotliDecompressSync(input, { maxOutputLength })),
  ZSTD: bounded((input, maxOutputLength) => zstdDecompressSync(input, { maxOutputLength })),
};

/** A file that hyparquet can read at any place, with what closes it. */
export type RandomAccess = { readonly file: AsyncBuffer; readonly close: () => Promise<void> };

/** Random access to a file on disk. */
export async function openRandomAccess(path: string): Promise<RandomAccess> {
  const handle = await open(path, "r");
  const { size } = await handle.stat();
  const slice = async (start: number, end = size): Promise<ArrayBuffer> => {
    if (start < 0 || end > size || end - start > MAX_GROUP_BYTES)
      throw new Error("an offset outside the file");
    const bytes = new ArrayBuffer(Math.max(0, end - start));
    const { bytesRead } = await handle.read(new Uint8Array(bytes), 0, bytes.byteLength, start);
    if (bytesRead < bytes.byteLength) throw new Error("the file became shorter while it was read");
    return bytes;
  };
  return { file: { byteLength: size, slice }, close: () => handle.close() };
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/^parquet /, "").slice(0, 200);
}

/** Column names; hyparquet builds nested values by assignment, which would lose a column called `__proto__`. */
function columnNames(metadata: FileMetaData): string[] {
  const names = parquetSchema(metadata).children.map(({ element }) => element.name);
  if (metadata.schema.some(({ name }) => name === "__proto__")) throw new Error("a column called __proto__");
  if (new Set(names).size < names.length)
    throw new Error("two columns of one name: readers disagree on which counts");
  return names;
}

/** The footer of a Parquet file and the names of its columns. */
export async function readMetadata(file: AsyncBuffer): Promise<{ metadata: FileMetaData; names: string[] }> {
  const tail = new DataView(await file.slice(Math.max(0, file.byteLength - 8), file.byteLength));
  if (tail.byteLength < 8 || tail.getUint32(0, true) > MAX_FOOTER_BYTES)
    throw new Error("no footer, or one beyond the limit");
  const metadata = await parquetMetadataAsync(file, { parsers: PARSERS, geoparquet: false });
  return { metadata, names: columnNames(metadata) };
}

/** The values of one column of a row group, page by page. */
async function readColumn(
  file: AsyncBuffer,
  tree: SchemaTree,
  { meta_data: meta, file_path }: ColumnChunk,
  rows: number,
) {
  if (meta === undefined || file_path !== undefined)
    throw new Error("a column that is encrypted or stored in another file");
  const { path_in_schema: pathInSchema, type, codec } = meta;
  const schemaPath = getTreePath(tree, pathInSchema);
  const element = schemaPath.at(-1)?.element;
  if (element === undefined || schemaPath.length < 2) throw new Error("a column that is not in the schema");
  const start = Number(meta.dictionary_page_offset || meta.data_page_offset);
  const chunk = await file.slice(start, start + Number(meta.total_compressed_size));
  const parsers = { ...DEFAULT_PARSERS, ...PARSERS };
  const decoder = { pathInSchema, type, element, schemaPath, codec, parsers, compressors: COMPRESSORS };
  // A row of a nested column has any number of values.
  const limit = isFlatColumn(schemaPath) ? rows : file.byteLength * LISTED_PER_BYTE + MAX_CLAIMED_ROWS;
  const data = decodeChunk(chunk, { ...decoder, utf8: false }, limit);
  const read = data.reduce((sum, { length }) => sum + length, 0);
  if (read !== rows) throw new Error(`column ${pathInSchema.join(".")} has ${read} rows of ${rows}`);
  return { pathInSchema, data: Promise.resolve({ data, skipped: 0 }) };
}

/** The rows of one row group as cells, in the order of `names`. */
async function readGroup(
  file: AsyncBuffer,
  metadata: FileMetaData,
  names: string[],
  group: RowGroup,
  rows: number,
): Promise<unknown[][]> {
  if (rows === 0) return [];
  const tree = parquetSchema(metadata);
  const asyncColumns = [];
  for (const column of group.columns) asyncColumns.push(await readColumn(file, tree, column, rows));
  const columns = assembleAsync({ groupStart: 0, groupRows: rows, asyncColumns }, tree, PARSERS);
  return asyncGroupToRows(columns, 0, rows, names, "array");
}

/** The rows of a Parquet file, one row group in memory at a time. What cannot be decoded is counted row by row. */
export async function* readRowGroups(
  file: AsyncBuffer,
  context: FileContext,
  onProgress: (share: number) => void,
): AsyncGenerator<RecordBatch> {
  let row = context.firstRow;
  const batch = (records: DecodedRecord[]): RecordBatch => {
    const made = {
      file: context.file,
      firstRow: row,
      count: records.length,
      payload: { kind: "decoded" as const, records },
    };
    row += records.length;
    return made;
  };
  let metadata: FileMetaData;
  let names: string[];
  try {
    ({ metadata, names } = await readMetadata(file));
  } catch (error) {
    yield batch([{ row, unreadable: `the whole file: damaged Parquet (${reasonOf(error)})` }]);
    return;
  }
  const binary = new Set<string>();
  let first = 0;
  for (const [index, group] of metadata.row_groups.entries()) {
    const rows = Number(group.num_rows);
    let cells: unknown[][] = [];
    let failure: string | undefined;
    try {
      const size = group.columns.reduce(
        (sum, { meta_data }) => sum + Number(meta_data?.total_uncompressed_size ?? 0),
        0,
      );
      if (size > MAX_GROUP_BYTES)
        throw new Error(`${size} bytes, more than the limit of ${MAX_GROUP_BYTES}; write smaller row groups`);
      if (rows > size * ROWS_PER_BYTE + MAX_CLAIMED_ROWS)
        throw new Error(`${rows} rows claimed in ${size} bytes`);
      cells = await readGroup(file, metadata, names, group, rows);
    } catch (error) {
      failure = `row group ${index}: ${reasonOf(error)}`;
    }
    const count = failure === undefined ? cells.length : Math.min(Math.max(1, rows), MAX_CLAIMED_ROWS);
    let records: DecodedRecord[] = [];
    let units = 0;
    for (let i = 0; i < count; i++) {
      const made =
        failure === undefined
          ? toRecord(names, cells[i] ?? [], (name) => binary.add(name))
          : { unreadable: failure };
      // A dictionary holds a long text once for any number of rows; batches hold it for each.
      const size = "value" in made ? unitsOf(made.value) : 0;
      const isOversize = size > MAX_RECORD_BYTES;
      records.push({ row: row + records.length, ...(isOversize ? { unreadable: OVERSIZE } : made) });
      units += isOversize ? 0 : size;
      if (records.length < BATCH_ROWS && units < BATCH_BYTES && i + 1 < count) continue;
      yield batch(records);
      records = [];
      units = 0;
    }
    first += rows;
    onProgress(first / Number(metadata.num_rows));
  }
  for (const name of binary)
    context.note(
      `column ${JSON.stringify(name.slice(0, 80))} holds bytes that are not text; they were left out`,
    );
}

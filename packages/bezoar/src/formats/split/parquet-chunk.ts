import type { AsyncBuffer, ColumnMetaData, DecodedArray, SchemaElement, SchemaTree } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import { DEFAULT_PARSERS } from "hyparquet/src/convert.js";
import { decompressPage, readDataPage, readDataPageV2 } from "hyparquet/src/datapage.js";
import { readPlain } from "hyparquet/src/plain.js";
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from "hyparquet/src/schema.js";
import type { ColumnDecoder, PageHeader } from "hyparquet/src/types.js";
import { COMPRESSORS } from "../parquet-rows.ts";

/** A part of a column as it is stored (Dremel): one value, or null, for each pair of levels; levels are empty where the schema needs none. */
export type Levels = {
  readonly values: unknown[];
  readonly definitionLevels: number[];
  readonly repetitionLevels: number[];
  readonly maxDefinitionLevel: number;
};

/** An INT96 is stored as any 12 bytes are; read as a number it could not be written again. */
const INT96_BYTES = 12;

/** The schema element of a column without what its values mean, so that they are read and written as they are stored. */
export function physicalElement({ name, type, type_length }: SchemaElement): SchemaElement {
  if (type === "INT96")
    return { name, type: "FIXED_LEN_BYTE_ARRAY", type_length: INT96_BYTES, repetition_type: "OPTIONAL" };
  return {
    name,
    repetition_type: "OPTIONAL", // levels are made from the path
    ...(type !== undefined && { type }),
    ...(type_length !== undefined && { type_length }),
  };
}

type Page = {
  readonly count: number;
  readonly encoding: string;
  readonly definitionLevels: readonly number[] | undefined;
  readonly repetitionLevels: readonly number[];
  readonly dataPage: DecodedArray;
};

function readPage(bytes: Uint8Array, header: PageHeader, decoder: ColumnDecoder, room: number): Page {
  const v1 = header.data_page_header;
  const v2 = header.data_page_header_v2;
  const told = v1 ?? v2;
  if (told === undefined) throw new Error(`a page of type ${header.type}`);
  const { num_values: count, encoding } = told;
  // A page may claim any number of values; the footer's count was believed when the file was read (CWE-789).
  if (count > room) throw new Error("more values in the pages than in the footer");
  if (v1 === undefined) return { count, encoding, ...readDataPageV2(bytes, header, decoder) };
  const page = decompressPage(bytes, header.uncompressed_page_size, decoder.codec, COMPRESSORS);
  return { count, encoding, ...readDataPage(page, v1, decoder) };
}

/** The stored bytes of a column chunk. */
async function chunkBytes(file: AsyncBuffer, meta: ColumnMetaData): Promise<DataView> {
  const start = Number(meta.dictionary_page_offset || meta.data_page_offset);
  return new DataView(await file.slice(start, start + Number(meta.total_compressed_size)));
}

/** The values of one column chunk, its rows parted by `partOf` (row of the group -> index of a part, or -1). */
export async function readLevels(
  file: AsyncBuffer,
  meta: ColumnMetaData,
  path: SchemaTree[],
  parts: number,
  partOf: (row: number) => number,
): Promise<{ readonly parts: readonly Levels[]; readonly rows: number }> {
  const leaf = path.at(-1);
  if (leaf === undefined) throw new Error("a column that is not in the schema");
  const element = physicalElement(leaf.element);
  const decoder: ColumnDecoder = {
    pathInSchema: meta.path_in_schema,
    type: element.type ?? meta.type,
    element,
    schemaPath: path,
    codec: meta.codec,
    parsers: DEFAULT_PARSERS,
    compressors: COMPRESSORS,
    utf8: false,
  };
  const maxDefinitionLevel = getMaxDefinitionLevel(path);
  const isRepeated = getMaxRepetitionLevel(path) > 0;
  const emptyLevels = (): Levels => {
    return { values: [], definitionLevels: [], repetitionLevels: [], maxDefinitionLevel };
  };
  const made = Array.from({ length: parts }, emptyLevels);
  const unwanted = emptyLevels();
  const reader = { view: await chunkBytes(file, meta), offset: 0 };
  const total = Number(meta.num_values);
  let dictionary: DecodedArray = [];
  let seen = 0;
  let row = -1;
  while (seen < total) {
    const header = parquetHeader(reader);
    const bytes = new Uint8Array(reader.view.buffer, reader.offset, header.compressed_page_size);
    reader.offset += header.compressed_page_size;
    if (header.type === "DICTIONARY_PAGE") {
      const page = decompressPage(bytes, header.uncompressed_page_size, meta.codec, COMPRESSORS);
      const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
      const count = header.dictionary_page_header?.num_values ?? 0;
      dictionary = readPlain({ view, offset: 0 }, decoder.type, count, element.type_length);
      continue;
    }
    const page = readPage(bytes, header, decoder, total - seen);
    const fromDictionary = page.encoding.endsWith("_DICTIONARY");
    let next = 0; // in the page's values, which leave nulls out
    for (let i = 0; i < page.count; i++) {
      const repetition = isRepeated ? (page.repetitionLevels[i] ?? 0) : 0;
      if (repetition === 0) row++;
      const part = made[partOf(row)] ?? unwanted;
      const definition = page.definitionLevels?.[i] ?? maxDefinitionLevel;
      if (isRepeated) part.repetitionLevels.push(repetition);
      if (maxDefinitionLevel > 0) part.definitionLevels.push(definition);
      if (definition < maxDefinitionLevel) {
        part.values.push(null);
        continue;
      }
      const stored: unknown = page.dataPage[next++];
      const value: unknown = fromDictionary ? dictionary[Number(stored)] : stored;
      if (value === undefined) throw new Error("fewer values than the page claims");
      part.values.push(value);
    }
    seen += page.count;
  }
  return { parts: made, rows: row + 1 };
}

/** Whether two parts of a column hold the same values at the same levels. */
export function sameLevels(a: Levels, b: Levels): boolean {
  return (
    sameItems(a.definitionLevels, b.definitionLevels) &&
    sameItems(a.repetitionLevels, b.repetitionLevels) &&
    sameItems(a.values, b.values)
  );
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => sameItem(item, b[i]));
}

function sameItem(a: unknown, b: unknown): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  return Object.is(a, b);
}

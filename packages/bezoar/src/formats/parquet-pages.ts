import type { DecodedArray } from "hyparquet";
import { parquetHeader, readPage } from "hyparquet/src/column.js";
import { convert } from "hyparquet/src/convert.js";
import { decompressPage } from "hyparquet/src/datapage.js";
import { isFlatColumn } from "hyparquet/src/schema.js";
import type { ColumnDecoder, PageHeader } from "hyparquet/src/types.js";
import { checkRuns, isCount } from "./parquet-runs.ts";

/** A page's bytes with nothing compressed; version 2 stores its levels in front, never compressed. */
function expand(stored: Uint8Array, header: PageHeader, { codec, compressors }: ColumnDecoder): Uint8Array {
  const { type, uncompressed_page_size: size, data_page_header_v2: v2 } = header;
  if (type !== "DATA_PAGE_V2" || codec === "UNCOMPRESSED")
    return decompressPage(stored, size, codec, compressors);
  if (v2 === undefined) throw new Error("a page without its header");
  if (v2.is_compressed === false) return stored;
  const levels = v2.repetition_levels_byte_length + v2.definition_levels_byte_length;
  if (!isCount(levels) || levels > stored.length) throw new Error("levels beyond the end of their page");
  const values = decompressPage(stored.subarray(levels), size - levels, codec, compressors);
  const page = new Uint8Array(levels + values.length);
  page.set(stored.subarray(0, levels));
  page.set(values, levels);
  return page;
}

/**
 * The values of one column chunk, page by page. A page's header and the run lengths in it may each claim 2^31 values in
 * a few bytes (CWE-400, CWE-789): no page gets more than is left of `limit`, and no run more than its page. The pages of
 * a flat column end with `limit`, those of a nested one with the chunk, whose last byte may be padding.
 */
export function decodeChunk(chunk: ArrayBuffer, decoder: ColumnDecoder, limit: number): DecodedArray[] {
  const reader = { view: new DataView(chunk), offset: 0 };
  const expanded: ColumnDecoder = { ...decoder, codec: "UNCOMPRESSED" };
  const decoded: DecodedArray[] = [];
  let dictionary: DecodedArray | undefined;
  let last: DecodedArray | undefined;
  let seen = 0;
  const isFlat = isFlatColumn(decoder.schemaPath);
  while (isFlat ? seen < limit : reader.offset < chunk.byteLength - 1) {
    const header = parquetHeader(reader);
    const { type, compressed_page_size: size } = header;
    if (!isCount(size) || !isCount(header.uncompressed_page_size)) throw new Error("a page without its size");
    const page = expand(new Uint8Array(chunk, reader.offset, size), header, decoder);
    reader.offset += size;
    const sizes = { compressed_page_size: page.length, uncompressed_page_size: page.length };
    const read = () =>
      readPage(
        { view: new DataView(page.buffer, page.byteOffset, page.byteLength), offset: 0 },
        { ...header, ...sizes },
        expanded,
        dictionary,
        last,
        0,
      ).data;
    if (type === "DICTIONARY_PAGE") {
      const count = header.dictionary_page_header?.num_values;
      if (!isCount(count) || count > page.length * 8) throw new Error("a dictionary larger than its page");
      const entries = read();
      if (entries !== undefined) dictionary = convert(entries, decoder);
      continue;
    }
    const count = (type === "DATA_PAGE" ? header.data_page_header : header.data_page_header_v2)?.num_values;
    if (!isCount(count) || count > limit - seen)
      throw new Error(`a page of ${count} values where ${limit - seen} are left`);
    checkRuns(page, header, decoder, count);
    seen += count;
    const values = read();
    if (values === undefined || values.length === 0 || values === last) continue; // a record may run on over pages
    decoded.push(values);
    last = values;
  }
  return decoded;
}

import { deltaBinaryUnpack } from "hyparquet/src/delta.js";
import { readRleBitPackedHybrid } from "hyparquet/src/encoding.js";
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from "hyparquet/src/schema.js";
import { readVarInt } from "hyparquet/src/thrift.js";
import type { ColumnDecoder, PageHeader } from "hyparquet/src/types.js";

/** A page is about 1 MB; its header says what to allocate before one byte is decoded (CWE-789). */
export const MAX_PAGE_BYTES = 256 * 1024 * 1024;
/** A bit-packed run is padded to groups of eight; as many groups as a header of one byte counts are let pass. */
const MAX_PADDING = 63 * 8;
const LENGTH_BYTES = 4; // before runs that tell their length

type Reader = { readonly view: DataView; offset: number };

/** Whether a field of a page header is what it should be; any Thrift type may stand there. */
export function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}

function bitsOf(level: number): number {
  return 32 - Math.clz32(level);
}

/** Walks mixed runs (RLE and bit-packing) of `count` values of `width` bits, as hyparquet does; fails where one claims more than are left. */
function walkRuns({ view, offset }: Reader, width: number, count: number): void {
  const reader = { view, offset };
  let seen = 0;
  while (seen < count) {
    const header = readVarInt(reader);
    const isPacked = (header & 1) === 1;
    const run = isPacked ? (header >> 1) << 3 : header >>> 1;
    if (run < 0 || run > count - seen + MAX_PADDING) throw new Error("a run of more values than its page");
    reader.offset += isPacked ? Math.max(1, (run * width) / 8) : (width + 7) >> 3;
    seen += run;
  }
}

/** Walks the levels of a page of version 1, whose length stands before them; says how many are the highest. */
function walkLevels(reader: Reader, max: number, count: number): { readonly highest: () => number } {
  const length = reader.view.getUint32(reader.offset, true);
  const from = reader.offset + LENGTH_BYTES;
  walkRuns({ view: reader.view, offset: from }, bitsOf(max), count);
  reader.offset = from + length;
  return {
    highest: () => {
      const levels = new Uint32Array(count);
      readRleBitPackedHybrid({ view: reader.view, offset: from }, bitsOf(max), levels, length);
      return levels.reduce((sum, level) => sum + (level === max ? 1 : 0), 0);
    },
  };
}

/** Texts may each repeat the one before (DELTA_BYTE_ARRAY): what they come to is known only from their lengths (CWE-409). */
function checkRepeats(reader: Reader, count: number): void {
  const lengths = [new Int32Array(count), new Int32Array(count)];
  let bytes = 0;
  for (const part of lengths) {
    deltaBinaryUnpack(reader, count, part);
    for (const length of part) {
      if (length < 0) throw new Error("a value of less than no bytes");
      bytes += length;
    }
  }
  if (bytes > MAX_PAGE_BYTES) throw new Error(`a page of ${bytes} bytes`);
}

/** Fails when the values of an expanded data page would cost more than its bytes and its `count` allow. */
export function checkRuns(page: Uint8Array, header: PageHeader, decoder: ColumnDecoder, count: number): void {
  const { type, element, schemaPath } = decoder;
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  const reader = { view, offset: 0 };
  const maxRepetition = getMaxRepetitionLevel(schemaPath);
  const maxDefinition = getMaxDefinitionLevel(schemaPath);
  const v2 = header.type === "DATA_PAGE_V2" ? header.data_page_header_v2 : undefined;
  let values = () => count;
  if (v2 === undefined) {
    if (maxRepetition > 0) walkLevels(reader, maxRepetition, count);
    if (maxDefinition > 0) values = walkLevels(reader, maxDefinition, count).highest;
  } else {
    const { repetition_levels_byte_length: repetition, definition_levels_byte_length: definition } = v2;
    const nulls = v2.num_nulls;
    if (!isCount(repetition) || !isCount(definition) || !isCount(nulls) || nulls > count)
      throw new Error("levels that cannot be");
    if (maxRepetition > 0) walkRuns(reader, bitsOf(maxRepetition), count);
    reader.offset = repetition;
    if (maxDefinition > 0) {
      walkRuns(reader, bitsOf(maxDefinition), count);
      reader.offset += definition;
    }
    values = () => count - nulls;
  }
  // Every other encoding takes bytes for each value, or is decoded into an array of `count` numbers.
  const encoding = (v2 ?? header.data_page_header)?.encoding;
  if (encoding === "RLE" || encoding === "RLE_DICTIONARY" || encoding === "PLAIN_DICTIONARY") {
    const hasLength = v2 === undefined ? type === "BOOLEAN" : encoding === "RLE"; // as hyparquet sees it
    const width = hasLength ? 1 : view.getUint8(reader.offset);
    reader.offset += hasLength ? LENGTH_BYTES : 1;
    if (width > 0 || v2 !== undefined) walkRuns(reader, width, values());
  }
  if (encoding === "DELTA_BYTE_ARRAY") checkRepeats(reader, values());
  if (encoding === "BYTE_STREAM_SPLIT" && values() * (element.type_length ?? 1) > page.length)
    throw new Error("more values than bytes");
}

import type { FileMetaData } from "hyparquet";
import { ByteWriter } from "hyparquet-writer";
import { writeMetadata } from "hyparquet-writer/src/metadata.js";

/** Fields of FileMetaData (parquet.thrift): the ones that say which rows there are, and those of encrypted files. */
const NUM_ROWS = 3;
const ROW_GROUPS = 4;
const ENCRYPTION = 8;

/** Structs inside structs of a footer; its own nesting is 6 (CWE-674). */
const MAX_NESTING = 32;

/** Types of the Thrift compact protocol. */
const STOP = 0;
const TRUE = 1;
const FALSE = 2;
const BYTE = 3;
const I16 = 4;
const I32 = 5;
const I64 = 6;
const DOUBLE = 7;
const BINARY = 8;
const LIST = 9;
const SET = 10;
const MAP = 11;
const STRUCT = 12;
const EMPTY_STRUCT_LIST = Uint8Array.of(STRUCT);

/** Where the value of a field of the outermost struct stands. */
type Field = { readonly id: number; readonly start: number; readonly end: number };

/** The fields of a struct in the Thrift compact protocol, without knowing what they mean. */
function readFields(bytes: Uint8Array): Field[] {
  let at = 0;
  const next = (): number => {
    const byte = bytes[at++];
    if (byte === undefined) throw new Error("a footer that ends early");
    return byte;
  };
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = next();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  const skipBytes = (): void => {
    const size = varint();
    at += size;
  };
  const skipList = (depth: number): void => {
    const header = next();
    const size = header >> 4 === 15 ? varint() : header >> 4;
    for (let i = 0; i < size; i++) skip(header & 15, depth, true);
  };
  const skipMap = (depth: number): void => {
    const size = varint();
    const types = size === 0 ? 0 : next();
    for (let i = 0; i < size; i++) {
      skip(types >> 4, depth, true);
      skip(types & 15, depth, true);
    }
  };
  function skip(type: number, depth: number, isElement: boolean): void {
    if (depth > MAX_NESTING) throw new Error("a footer that is nested too deeply");
    switch (type) {
      case TRUE:
      case FALSE:
        if (isElement) next();
        return;
      case BYTE:
        next();
        return;
      case I16:
      case I32:
      case I64:
        varint();
        return;
      case DOUBLE:
        at += 8;
        return;
      case BINARY:
        skipBytes();
        return;
      case LIST:
      case SET:
        skipList(depth + 1);
        return;
      case MAP:
        skipMap(depth + 1);
        return;
      case STRUCT:
        walk(depth + 1, () => {});
        return;
      default:
        throw new Error(`a footer with the unknown type ${type}`);
    }
  }
  function walk(depth: number, onField: (field: Field) => void): void {
    let id = 0;
    for (;;) {
      const header = next();
      if (header === STOP) return;
      if (header >> 4 === 0) {
        const coded = varint();
        id = coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2;
      } else id += header >> 4;
      const start = at;
      skip(header & 15, depth, false);
      onField({ id, start, end: at });
    }
  }
  const fields: Field[] = [];
  walk(0, (field) => fields.push(field));
  return fields;
}

function zigzag(value: bigint): Uint8Array {
  const writer = new ByteWriter();
  writer.appendZigZag(value);
  return writer.getBytes();
}

/** The row groups as they stand in a footer. */
function serializeRowGroups(metadata: FileMetaData): Uint8Array {
  if (metadata.row_groups.length === 0) return EMPTY_STRUCT_LIST; // the library writes a list of no type
  const writer = new ByteWriter();
  writeMetadata(writer, metadata);
  const bytes = writer.getBytes();
  const field = readFields(bytes).find(({ id }) => id === ROW_GROUPS);
  if (field === undefined) throw new Error("no row groups in the new footer");
  return bytes.subarray(field.start, field.end);
}

/**
 * The footer of a file with other rows: schema, key-value metadata and whatever else the input's footer says are taken
 * over byte for byte (the library's own footer would lose what it does not know, and writes an INTEGER's width in a
 * type that other readers refuse); only the number of rows and the row groups are new.
 */
export function replaceRows(footer: Uint8Array, metadata: FileMetaData): Uint8Array {
  const fields = readFields(footer);
  const rows = fields.find(({ id }) => id === NUM_ROWS);
  const groups = fields.find(({ id }) => id === ROW_GROUPS);
  if (rows === undefined || groups === undefined || rows.start > groups.start)
    throw new Error("a footer whose fields are out of order");
  if (fields.some(({ id }) => id >= ENCRYPTION))
    throw new Error("a footer of an encrypted or newer kind of file");
  return Buffer.concat([
    footer.subarray(0, rows.start),
    zigzag(metadata.num_rows),
    footer.subarray(rows.end, groups.start),
    serializeRowGroups(metadata),
    footer.subarray(groups.end),
  ]);
}

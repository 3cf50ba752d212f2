import { isUtf8 } from "node:buffer";
import type { ParquetParsers } from "hyparquet";
import { INVALID_UTF8, parseJson } from "./decode-json.ts";
import type { Json } from "./record.ts";

/** Stands in for a value that cannot be read; makes its record unreadable. */
class Unreadable {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

function isoDate(milliseconds: number): string | Unreadable {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? new Unreadable("a date out of range") : date.toISOString();
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}

/** What hyparquet calls for annotated columns: dates become ISO 8601 strings, text must be UTF-8. */
export const PARSERS: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (value) => isoDate(Number(value)),
  timestampFromMicroseconds: (value) => isoDate(Number(value / 1000n)),
  timestampFromNanoseconds: (value) => isoDate(Number(value / 1_000_000n)),
  dateFromDays: (days) => {
    const date = isoDate(days * 86_400_000);
    return typeof date === "string" ? date.slice(0, 10) : date;
  },
  stringFromBytes: (bytes: Uint8Array | undefined) =>
    bytes === undefined || isUtf8(bytes) ? bytes && text(bytes) : new Unreadable(INVALID_UTF8),
  jsonFromBytes: (bytes: Uint8Array | undefined) => {
    if (bytes === undefined) return undefined;
    const outcome = isUtf8(bytes) ? parseJson(text(bytes)) : { unreadable: INVALID_UTF8 };
    return "value" in outcome ? outcome.value : new Unreadable(outcome.unreadable);
  },
};

/** A value of hyparquet as JSON. Integers beyond 2^53 become strings, bytes become text when they are UTF-8, else `onBytes` is told. */
function toJson(value: unknown, onBytes: () => void): Json {
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  if (typeof value !== "object" || value === null) return null;
  if (value instanceof Unreadable) throw value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) {
    if (isUtf8(value)) return text(value);
    onBytes();
    return null;
  }
  if (Array.isArray(value)) return value.map((item) => toJson(item, onBytes));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toJson(member, onBytes)]));
}

/** The record made of one row's cells, or why there is none. */
export function toRecord(
  names: readonly string[],
  cells: readonly unknown[],
  onBytes: (name: string) => void,
): { value: Json } | { unreadable: string } {
  try {
    return {
      value: Object.fromEntries(names.map((name, i) => [name, toJson(cells[i], () => onBytes(name))])),
    };
  } catch (error) {
    if (error instanceof Unreadable) return { unreadable: error.reason };
    if (error instanceof RangeError) return { unreadable: "nested too deeply" };
    throw error;
  }
}

/** UTF-16 units of all names and texts in a value. */
export function unitsOf(value: Json): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 1;
  let units = 0;
  for (const [name, member] of Object.entries(value)) units += name.length + unitsOf(member);
  return units;
}

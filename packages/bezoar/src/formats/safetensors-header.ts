import { z } from "zod";
import { AppError } from "../core/errors.ts";
import { decodeJson } from "./decode-json.ts";

/** Bits of one element of each type that the safetensors specification names. */
const BITS = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  C64: 64,
  F64: 64,
  I64: 64,
  U64: 64,
} as const;

/** The type of a tensor's elements. */
export type SafetensorsDtype = keyof typeof BITS;

/** Where a tensor stands in its file: `offset` counts from the file's first byte. */
export type SafetensorsTensor = {
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly bytes: number;
};

/** What a header says, tensors in the order of their bytes. */
export type SafetensorsHeader = {
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
};

/** No framework has tensors of more dimensions; a longer shape is hostile (CWE-770). */
const MAX_DIMENSIONS = 64;
/** A tensor opens three; the largest models have some hundred thousand tensors, and parsed nests take 40 times their bytes (CWE-770). */
const MAX_BRACKETS = 3_000_000;
const METADATA = "__metadata__";
const OPEN_BRACE = 123;
const OPEN_BRACKET = 91;

const entrySchema = z.strictObject({
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()).max(MAX_DIMENSIONS),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});

/** The header of a safetensors file whose data begin at `dataStart` and end with the file at `fileBytes`; throws `AppError("bad-model")` where the specification is broken. */
export function parseSafetensorsHeader(
  bytes: Uint8Array,
  dataStart: number,
  fileBytes: number,
  path: string,
): SafetensorsHeader {
  const fail = (reason: string): never => {
    throw new AppError("bad-model", `${path}: ${reason}`);
  };
  if (bytes[0] !== OPEN_BRACE) fail("not a safetensors file: its header does not begin with {");
  let brackets = 0;
  for (const byte of bytes) if (byte === OPEN_BRACE || byte === OPEN_BRACKET) brackets++;
  if (brackets > MAX_BRACKETS)
    fail(`its safetensors header has ${brackets} brackets: no model needs so many`);
  const decoded = decodeJson(bytes);
  if ("unreadable" in decoded) return fail(`its safetensors header is ${asReason(decoded.unreadable)}`);
  const { value } = decoded;
  if (typeof value !== "object" || value === null) return fail("its safetensors header is no object");

  const metadata = new Map<string, string>();
  const placed: { name: string; tensor: SafetensorsTensor }[] = [];
  for (const [name, entry] of Object.entries(value)) {
    if (name !== METADATA) placed.push({ name, tensor: placeTensor(name, entry, dataStart, fail) });
    else if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
      fail(`${METADATA} is no object`);
    } else {
      for (const [key, text] of Object.entries(entry)) {
        if (typeof text !== "string") return fail(`${METADATA}: ${quote(key)} is no text`);
        metadata.set(key, text);
      }
    }
  }
  placed.sort((a, b) => a.tensor.offset - b.tensor.offset || a.tensor.bytes - b.tensor.bytes);
  let end = dataStart;
  for (const { name, tensor } of placed) {
    const { offset, bytes: length } = tensor;
    if (offset + length > fileBytes) {
      fail(
        `cut off inside tensor ${quote(name)}: it ends at byte ${offset + length}, the file at ${fileBytes}`,
      );
    }
    if (offset < end) fail(`tensor ${quote(name)} overlaps the one before it, at byte ${offset}`);
    if (offset > end) fail(`${offset - end} bytes before tensor ${quote(name)} belong to no tensor`);
    end = offset + length;
  }
  if (end !== fileBytes) fail(`${fileBytes - end} bytes at its end belong to no tensor`);
  return { metadata, tensors: new Map(placed.map(({ name, tensor }) => [name, tensor])) };
}

function placeTensor(
  name: string,
  entry: unknown,
  dataStart: number,
  fail: (reason: string) => never,
): SafetensorsTensor {
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const at = issue?.path.map((key) => `${String(key)}: `).join("") ?? "";
    return fail(`tensor ${quote(name)}: ${at}${issue?.message ?? "not as the specification says"}`);
  }
  const { dtype, shape, data_offsets: offsets } = parsed.data;
  if (!isDtype(dtype)) return fail(`tensor ${quote(name)} has the unknown type ${quote(dtype)}`);
  const [begin, end] = offsets;
  if (begin > end) return fail(`tensor ${quote(name)} ends before it begins`);
  let elements = 1;
  for (const length of shape) {
    elements *= length;
    if (elements > Number.MAX_SAFE_INTEGER) return fail(`tensor ${quote(name)}: its shape overflows`);
  }
  const bits = elements * BITS[dtype];
  if (!Number.isSafeInteger(bits)) return fail(`tensor ${quote(name)}: its shape overflows`);
  if (bits !== (end - begin) * 8) {
    const needs = `${dtype} of shape [${shape.join(", ")}] takes ${bits / 8} bytes`;
    return fail(`tensor ${quote(name)}: ${needs}, its offsets span ${end - begin}`);
  }
  const offset = dataStart + begin;
  if (!Number.isSafeInteger(offset + end - begin)) fail(`tensor ${quote(name)}: its offsets overflow`);
  return { dtype, shape, offset, bytes: end - begin };
}

function isDtype(name: string): name is SafetensorsDtype {
  return Object.hasOwn(BITS, name);
}

/** A name from the file, kept short and without control characters. */
function quote(name: string): string {
  return JSON.stringify(name.length > 120 ? `${name.slice(0, 120)}…` : name);
}

function asReason(unreadable: string): string {
  return unreadable.startsWith("duplicate") ? `ambiguous: ${unreadable}` : `unreadable: ${unreadable}`;
}

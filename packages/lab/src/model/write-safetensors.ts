import { open } from "node:fs/promises";
import type { Tensor, Weights } from "./tensor.ts";

/** How weights are stored: as they are, or rounded to bfloat16. */
export type StoredDtype = "F32" | "BF16";

const ALIGNMENT = 8;
const QUIET_NAN = 0x7fc0;

/** Writes a new safetensors file, as the reference library does: tensors by name, a header padded with spaces. */
export async function writeSafetensors(
  path: string,
  weights: Weights,
  options: { readonly dtype: StoredDtype; readonly metadata?: Readonly<Record<string, string>> },
): Promise<void> {
  const { dtype, metadata = { format: "pt" } } = options;
  const size = dtype === "F32" ? 4 : 2;
  const sorted = [...weights].toSorted(([a], [b]) => (a < b ? -1 : 1));
  let end = 0;
  const entries = sorted.map(([name, { shape, data }]) => {
    const begin = end;
    end += data.length * size;
    return [name, { dtype, shape, data_offsets: [begin, end] }];
  });
  const json = JSON.stringify(Object.fromEntries([["__metadata__", metadata], ...entries]));
  const bytes = Buffer.from(json);
  const header = Buffer.alloc(8 + Math.ceil(bytes.length / ALIGNMENT) * ALIGNMENT, " ");
  header.writeBigUInt64LE(BigInt(header.length - 8));
  bytes.copy(header, 8);

  const file = await open(path, "wx");
  try {
    await file.writeFile(header);
    for (const [, tensor] of sorted) await file.writeFile(toBytes(tensor, dtype));
    await file.sync();
  } finally {
    await file.close();
  }
}

function toBytes({ data }: Tensor, dtype: StoredDtype): Buffer {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const bytes = Buffer.allocUnsafe(data.length * (dtype === "F32" ? 4 : 2));
  if (dtype === "F32") bits.forEach((word, i) => bytes.writeUInt32LE(word, i * 4));
  else bits.forEach((word, i) => bytes.writeUInt16LE(toBfloat16(word), i * 2));
  return bytes;
}

/** The upper half of a float32's bits, rounded to nearest, ties to even. */
function toBfloat16(bits: number): number {
  if ((bits & 0x7fffffff) > 0x7f800000) return QUIET_NAN;
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

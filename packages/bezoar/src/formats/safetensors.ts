import { open, stat, type FileHandle } from "node:fs/promises";
import { AppError } from "../core/errors.ts";
import { fileError } from "./byte-input.ts";
import {
  parseSafetensorsHeader,
  type SafetensorsDtype,
  type SafetensorsHeader,
} from "./safetensors-header.ts";

/** A safetensors file whose header was found to tell the truth about the bytes behind it. */
export type Safetensors = SafetensorsHeader & {
  /** The bytes of one tensor, little-endian and row-major. */
  readonly read: (name: string) => Promise<Uint8Array>;
  readonly close: () => Promise<void>;
};

/** The header's length comes first, as a little-endian u64. */
const LENGTH_BYTES = 8;
/** The cap of the safetensors specification; a longer header is hostile (CWE-770). */
const MAX_HEADER_BYTES = 100_000_000;
/** The largest embeddings in use have some 2.5 GB; a sparse file can claim any size (CWE-789). */
const MAX_TENSOR_BYTES = 2 ** 32;
/** One read call of the system takes less than 2 GiB. */
const MAX_READ_BYTES = 2 ** 30;

/** Opens a safetensors file and checks its header; throws `AppError("bad-model")` for one that breaks the specification. The caller closes it. */
export async function openSafetensors(path: string): Promise<Safetensors> {
  let handle: FileHandle;
  try {
    // Opening a pipe would wait for ever.
    if (!(await stat(path)).isFile()) throw new AppError("bad-model", `${path}: not a file`);
    handle = await open(path, "r");
  } catch (error) {
    throw error instanceof AppError ? error : fileError(path, error);
  }
  try {
    const header = await readHeader(handle, path);
    return {
      ...header,
      read: async (name) => {
        const tensor = header.tensors.get(name);
        if (tensor === undefined) throw new AppError("bad-model", `${path}: has no tensor ${name}`);
        if (tensor.bytes > MAX_TENSOR_BYTES) {
          throw new AppError("bad-model", `${path}: tensor ${name} is larger than ${MAX_TENSOR_BYTES} bytes`);
        }
        const bytes = await readExactly(handle, path, tensor.offset, tensor.bytes);
        if (bytes !== undefined) return bytes;
        throw new AppError("bad-model", `${path}: cut off inside tensor ${name}`);
      },
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function readHeader(handle: FileHandle, path: string): Promise<SafetensorsHeader> {
  const { size } = await handle.stat();
  const prefix = await readExactly(handle, path, 0, LENGTH_BYTES);
  if (prefix === undefined) throw new AppError("bad-model", `${path}: too short for a safetensors file`);
  const length = prefix.readBigUInt64LE();
  if (length > MAX_HEADER_BYTES) {
    throw new AppError(
      "bad-model",
      `${path}: not a safetensors file, or a hostile one: its header would have ${length} bytes, ${MAX_HEADER_BYTES} are allowed`,
    );
  }
  const dataStart = LENGTH_BYTES + Number(length);
  const header = dataStart > size ? undefined : await readExactly(handle, path, LENGTH_BYTES, Number(length));
  if (header === undefined) throw new AppError("bad-model", `${path}: cut off inside its header`);
  return parseSafetensorsHeader(header, dataStart, size, path);
}

/** Bytes at a place; undefined when the file ends before. */
async function readExactly(
  handle: FileHandle,
  path: string,
  from: number,
  length: number,
): Promise<Buffer | undefined> {
  const bytes = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    let bytesRead: number;
    try {
      const wanted = Math.min(length - filled, MAX_READ_BYTES);
      ({ bytesRead } = await handle.read(bytes, filled, wanted, from + filled));
    } catch (error) {
      throw fileError(path, error);
    }
    if (bytesRead === 0) return undefined;
    filled += bytesRead;
  }
  return bytes;
}

/** How one element is read as a number, or as the bits of a float32, so that a NaN keeps its own. */
const FLOATS: Partial<
  Record<SafetensorsDtype, { size: number; read: (view: DataView, at: number) => number }>
> = {
  F16: { size: 2, read: (view, at) => view.getFloat16(at, true) },
  F64: { size: 8, read: (view, at) => view.getFloat64(at, true) },
};
const BIT_PATTERNS: typeof FLOATS = {
  F32: { size: 4, read: (view, at) => view.getUint32(at, true) },
  BF16: { size: 2, read: (view, at) => view.getUint16(at, true) << 16 },
};

/** The numbers of a tensor as float32: F64 is rounded, the others are exact. Throws `AppError("bad-model")` for types that are no plain floats. */
export function toFloat32(dtype: SafetensorsDtype, bytes: Uint8Array): Float32Array<ArrayBuffer> {
  const element = FLOATS[dtype] ?? BIT_PATTERNS[dtype];
  if (element === undefined) {
    throw new AppError("bad-model", `weights of type ${dtype} are not supported: use F32, F16, BF16 or F64`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float32Array(bytes.byteLength / element.size);
  const target = dtype in BIT_PATTERNS ? new Uint32Array(values.buffer) : values;
  for (let i = 0; i < target.length; i++) target[i] = element.read(view, i * element.size);
  return values;
}

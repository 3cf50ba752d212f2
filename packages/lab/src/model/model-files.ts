import { isUtf8 } from "node:buffer";
import { readFile, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { AppError, decodeJson, type Json } from "bezoar";

/** The longest text file of a checkpoint; the largest tokenizers in use have some 30 MB (CWE-770). */
const MAX_TEXT_BYTES = 128 * 1024 * 1024;

/** Whether a path leads to a file. */
export async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Whether a path leads to a directory. */
export async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/** The value in a JSON file of a checkpoint; throws `AppError("bad-model")` when it is missing, no JSON, or has a key twice. */
export async function readJson(path: string): Promise<Json> {
  const decoded = decodeJson(await readBytes(path));
  if ("unreadable" in decoded) throw new AppError("bad-model", `${path}: ${decoded.unreadable}`);
  return decoded.value;
}

/** The text in a UTF-8 file of a checkpoint. */
export async function readText(path: string): Promise<string> {
  const bytes = await readBytes(path);
  if (isUtf8(bytes)) return bytes.toString("utf8");
  throw new AppError("bad-model", `${path}: invalid UTF-8`);
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    const status = await stat(path);
    // Opening a pipe would wait for ever.
    if (!status.isFile()) throw new AppError("bad-model", `${path}: not a file`);
    if (status.size <= MAX_TEXT_BYTES) return await readFile(path);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    const reason = isMissing ? "is missing" : `cannot be read (${String(error)})`;
    throw new AppError("bad-model", `${dirname(path)}: ${basename(path)} ${reason}`, { cause: error });
  }
  throw new AppError("bad-model", `${path}: larger than ${MAX_TEXT_BYTES} bytes`);
}

import { randomBytes } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AppError } from "../core/errors.ts";

/** Writes a file whole or not at all: to a temporary name beside it, then renamed. Ctrl-C waits for the end of it. */
export async function writeOutput(path: string, content: string): Promise<void> {
  let isInterrupted = false;
  const hold = () => {
    isInterrupted = true;
  };
  process.on("SIGINT", hold);
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    await writeFile(temporary, content, { flag: "wx" });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError("output", `cannot write ${path}: ${reason}`, { cause: error });
  } finally {
    process.off("SIGINT", hold);
  }
  if (isInterrupted) throw new AppError("interrupted", `interrupted after ${path} was written`);
}

import { randomBytes } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { attemptWrite } from "bezoar/command-line";

/**
 * Makes a directory with all that `write` puts into it, or nothing at all; one that holds files already is left as it is.
 * Signals are the caller's: what a killed process leaves beside it is hidden, and ends in ".tmp".
 */
export async function writeDirectory(
  target: string,
  write: (directory: string) => Promise<void>,
): Promise<void> {
  const directory = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    await attemptWrite(target, async () => {
      await mkdir(directory);
      await write(directory);
      await rename(directory, target);
    });
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

/** Writes a value as the JSON file of a checkpoint. */
export async function writeJson(directory: string, name: string, value: object): Promise<void> {
  await writeFile(join(directory, name), `${JSON.stringify(value, null, 2)}\n`);
}

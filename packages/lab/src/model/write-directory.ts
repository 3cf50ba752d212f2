import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { attemptWrite, openTemporaries } from "bezoar/command-line";

/** Makes a directory with all that `write` puts into it, or nothing at all; one that holds files already is left as it is. */
export async function writeDirectory(
  target: string,
  write: (directory: string) => Promise<void>,
): Promise<void> {
  const temporaries = openTemporaries();
  try {
    await attemptWrite(target, async () => {
      const directory = temporaries.nameBeside(target);
      await mkdir(directory);
      await write(directory);
      await rename(directory, target);
    });
  } finally {
    temporaries.end();
  }
}

/** Writes a value as the JSON file of a checkpoint. */
export async function writeJson(directory: string, name: string, value: object): Promise<void> {
  await writeFile(join(directory, name), `${JSON.stringify(value, null, 2)}\n`);
}

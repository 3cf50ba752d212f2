import { readdir, realpath, stat } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import { AppError } from "bezoar";
import { ADAPTER_CONFIG_FILE } from "../model/adapter.ts";
import { CONFIG_FILE } from "../model/checkpoint.ts";

/** An experiment keeps its checkpoints two directories down; a path that was mistaken is not searched through. */
const MAX_DEPTH = 4;
const MAX_DIRECTORIES = 10_000;

/** A checkpoint and what it is to be called. */
export type NamedPath = { readonly name: string; readonly path: string };

/** The checkpoints in a directory: itself, or those anywhere below it, by name; links are not followed, hidden directories not entered. */
async function checkpointsIn(root: string): Promise<string[]> {
  const found: string[] = [];
  let level = [await directoryOf(root)];
  let seen = 0;
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0; depth++) {
    const below: string[] = [];
    for (const directory of level) {
      if (++seen > MAX_DIRECTORIES) {
        throw new AppError(
          "bad-option",
          `${root} has more than ${MAX_DIRECTORIES} directories: name the checkpoints`,
        );
      }
      const entries = await readdir(directory, { withFileTypes: true });
      if (entries.some(({ name }) => name === CONFIG_FILE || name === ADAPTER_CONFIG_FILE)) {
        found.push(directory);
        continue;
      }
      // Hidden directories are what a killed process left of a checkpoint.
      const open = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."));
      below.push(...open.map(({ name }) => join(directory, name)));
    }
    level = below;
  }
  if (found.length > 0) return found.toSorted((a, b) => (a < b ? -1 : 1));
  throw new AppError(
    "bad-model",
    `${root}: there is no checkpoint in it: no directory with ${CONFIG_FILE} or ${ADAPTER_CONFIG_FILE}`,
  );
}

async function directoryOf(path: string): Promise<string> {
  const real = await realpath(path).catch((cause: unknown) => {
    throw new AppError("not-found", `${path}: no such directory. Name the directory of a checkpoint`, {
      cause,
    });
  });
  if ((await stat(real)).isDirectory()) return real;
  throw new AppError("bad-model", `${path} is a file: name the directory of its checkpoint`);
}

/**
 * Finds the checkpoints in directories and names each after its directory, with as many of the directories above as
 * tell it from the others; names that were given stay.
 */
export async function findCheckpoints(
  paths: readonly string[],
  given: readonly NamedPath[] = [],
): Promise<NamedPath[]> {
  const found = new Set<string>();
  for (const path of paths) for (const checkpoint of await checkpointsIn(path)) found.add(checkpoint);
  const named: NamedPath[] = [];
  for (const { name, path } of given) {
    const [checkpoint = path, second] = await checkpointsIn(path);
    if (second !== undefined) {
      throw new AppError("bad-option", `--name ${name}: ${path} holds several checkpoints; name one of them`);
    }
    if (named.some((other) => other.name === name)) {
      throw new AppError("bad-option", `--name ${name} is given twice`);
    }
    found.delete(checkpoint);
    named.push({ name, path: checkpoint });
  }
  return [...uniqueNames([...found], new Set(named.map(({ name }) => name))), ...named];
}

/** Names paths after their last parts: as few as tell all of them apart. */
function uniqueNames(paths: readonly string[], taken: ReadonlySet<string>): NamedPath[] {
  const parts = new Map(paths.map((path) => [path, 1]));
  const nameOf = (path: string) =>
    path
      .split(sep)
      .slice(-(parts.get(path) ?? 1))
      .join("/") || basename(path);
  for (;;) {
    const names = paths.map(nameOf);
    const vague = paths.filter((path, i) => {
      const name = names[i] ?? "";
      const isClear = !taken.has(name) && names.indexOf(name) === names.lastIndexOf(name);
      return !isClear && (parts.get(path) ?? 1) < path.split(sep).length - 1;
    });
    if (vague.length === 0) return paths.map((path, i) => ({ name: names[i] ?? "", path }));
    for (const path of vague) parts.set(path, (parts.get(path) ?? 1) + 1);
  }
}

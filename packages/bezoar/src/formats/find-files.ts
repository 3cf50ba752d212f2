import type { Dirent, Stats } from "node:fs";
import { glob, readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { AppError } from "../core/errors.ts";
import { fileError } from "./byte-input.ts";
import { MAX_FILES } from "./limits.ts";

/** A file of the dataset. `isStream` = it can be read only once (a pipe). */
export type FoundFile = {
  readonly path: string;
  /** Path below the directory that was given, or the file's own name. */
  readonly relative: string;
  readonly bytes: number;
  readonly isStream: boolean;
};

export type Found = {
  readonly files: readonly FoundFile[];
  readonly isSingle: boolean;
  readonly notes: readonly string[];
};

const isHidden = (name: string): boolean => name.startsWith(".");
const byCodeUnits = (a: FoundFile, b: FoundFile): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);

/** What a path leads to; undefined when that is nothing: no such file, or links in a circle. */
async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ELOOP") return undefined;
    const failure = fileError(path, error);
    if (failure.code === "not-found") return undefined;
    throw failure;
  }
}

async function list(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw fileError(folder, error);
  }
}

/** All files below a directory; links to directories are not followed, so that no cycle is walked. */
async function walk(root: string): Promise<Found> {
  const files: FoundFile[] = [];
  let hidden = 0;
  let others = 0;
  const folders = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await list(join(root, folder))) {
      const relative = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (isHidden(entry.name)) hidden++;
      else if (entry.isDirectory()) folders.push(relative);
      else {
        const path = join(root, relative);
        const stats = await statOf(path);
        if (stats?.isFile() === true) files.push({ path, relative, bytes: stats.size, isStream: false });
        else others++;
      }
      if (files.length > MAX_FILES)
        throw new AppError(
          "no-data",
          `${root}: more than ${MAX_FILES} files; name the folder or a glob of the dataset itself.`,
        );
    }
  }
  const notes: string[] = [];
  if (hidden > 0) notes.push(`hidden entries not looked at: ${hidden}`);
  if (others > 0) notes.push(`links to folders, dangling links and special files not looked at: ${others}`);
  return { files: files.toSorted(byCodeUnits), isSingle: false, notes };
}

async function expand(pattern: string): Promise<Found> {
  const files: FoundFile[] = [];
  for await (const path of glob(pattern)) {
    if (isHidden(basename(path)) && !isHidden(basename(pattern))) continue;
    const stats = await statOf(path);
    if (stats?.isFile() === true) files.push({ path, relative: path, bytes: stats.size, isStream: false });
    if (files.length > MAX_FILES)
      throw new AppError("no-data", `${pattern}: more than ${MAX_FILES} files match; narrow the glob.`);
  }
  if (files.length === 0) throw new AppError("no-data", `${pattern}: no file matches this glob.`);
  return { files: files.toSorted(byCodeUnits), isSingle: false, notes: [] };
}

/** The files that a path, a directory or a glob means, in reading order. A name that exists is never taken for a glob. */
export async function findFiles(source: string): Promise<Found> {
  const stats = await statOf(source);
  if (stats === undefined) {
    if (/[*?[{]/.test(source)) return expand(source);
    throw new AppError(
      "not-found",
      `${source}: no such file or directory. Check the path; a glob such as "data/*.jsonl" must stand in quotes.`,
    );
  }
  if (stats.isDirectory()) return walk(source);
  const file = { path: source, relative: basename(source), bytes: stats.size, isStream: !stats.isFile() };
  return { files: [file], isSingle: true, notes: [] };
}

import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { access, lstat, readdir, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AppError } from "../core/errors.ts";
import type { CleanOutput, CleanOutputs } from "../dataset/clean/clean-dataset.ts";
import type { Side } from "../formats/split/range-cutter.ts";
import type { Temporaries } from "./temporaries.ts";
import { attempt, attemptNow, isInside, statIfThere } from "./write-output.ts";

/** Bytes held before they are written. */
const BUFFER_BYTES = 1 << 20;

/** Both places of `bezoar clean`, looked at before the work begins. */
export type OutputPair = CleanOutputs & {
  /** Gives both outputs their names, when all is written. */
  readonly publish: () => void;
};

export type PairOptions = {
  readonly source: string;
  readonly isSingle: boolean;
  readonly names: Readonly<Record<Side, string>>;
  readonly force: boolean;
  readonly temporaries: Temporaries;
};

function refuse(path: string, why: string): never {
  throw new AppError("output", `cannot write ${path}: ${why}`);
}

/** Checks one place and returns the path that is to be replaced or made. */
async function checkPlace(path: string, options: PairOptions): Promise<string> {
  const { source, isSingle, force } = options;
  const found = await statIfThere(path);
  const input = await statIfThere(source);
  if (found !== undefined && input?.ino === found.ino && input.dev === found.dev)
    refuse(path, "it is the dataset itself; name another place");
  if ((await statIfThere(dirname(path)))?.isDirectory() !== true)
    refuse(path, `there is no directory ${dirname(path)}; make it first`);
  await attempt(path, () => access(dirname(path), constants.W_OK | constants.X_OK));
  const place = join(await realpath(dirname(path)), basename(path));
  if (input?.isDirectory() === true && (await isAtOrInside(dirname(place), source)))
    refuse(
      path,
      `it lies in the dataset ${source}, which it would become a part of; name a place outside it`,
    );
  if (found === undefined) {
    if ((await lstatIfThere(path)) !== undefined) refuse(path, "it is a link that leads nowhere");
    return place;
  }
  if (isSingle) {
    if (found.isDirectory())
      refuse(path, `it is a directory; name a file in it, such as ${join(path, basename(source))}`);
    if (!found.isFile())
      refuse(path, "it is no regular file, and what is taken out of a dataset must be kept");
    if (!force) refuse(path, "it exists; name another file, or overwrite it with --force");
    return attempt(path, () => realpath(path)); // the file behind a link is replaced, not the link
  }
  if (!found.isDirectory())
    refuse(path, "it is a file, and a dataset of several files is cleaned into a directory");
  if ((await attempt(path, () => readdir(path))).length > 0)
    refuse(path, "the directory is not empty; name a new one, or remove it first");
  return attempt(path, () => realpath(path));
}

async function isAtOrInside(path: string, directory: string): Promise<boolean> {
  return path === (await realpath(directory)) || (await isInside(path, directory));
}

async function lstatIfThere(path: string) {
  try {
    return await lstat(path);
  } catch {
    return undefined;
  }
}

function isNested(inner: string, outer: string): boolean {
  return inner.startsWith(join(outer, "/"));
}

/** Looks at both places, so that nothing is scanned in vain, and opens them under temporary names. */
export async function openOutputPair(options: PairOptions): Promise<OutputPair> {
  const { names, isSingle, force, temporaries } = options;
  const places = {
    clean: await checkPlace(names.clean, options),
    quarantine: await checkPlace(names.quarantine, options),
  };
  const one = await statIfThere(places.clean);
  const other = await statIfThere(places.quarantine);
  if (places.clean === places.quarantine || (one && one.ino === other?.ino && one.dev === other.dev))
    refuse(names.quarantine, "it is the same place as --output; the two must differ");
  if (!isSingle) {
    if (isNested(places.quarantine, places.clean) || isNested(places.clean, places.quarantine))
      refuse(names.quarantine, "one of --output and --quarantine lies in the other; keep them apart");
  }
  const temporary = {
    clean: temporaries.nameBeside(places.clean),
    quarantine: temporaries.nameBeside(places.quarantine),
  };
  const pathIn = (side: Side, relativePath: string): string => join(temporary[side], relativePath);
  return {
    nameOf: (side, relativePath) => join(names[side], relativePath),
    open: (side, relativePath) => {
      const path = pathIn(side, relativePath);
      return attemptNow(names[side], () => {
        if (!isSingle) mkdirSync(dirname(path), { recursive: true });
        return openTemporary(path, join(names[side], relativePath));
      });
    },
    publish: () => {
      if (!isSingle)
        for (const side of ["quarantine", "clean"] as const) mkdirSync(temporary[side], { recursive: true });
      // The clean one last: where it is, what was taken out of it is too.
      attemptNow(names.quarantine, () => give(temporary.quarantine, places.quarantine, force, isSingle));
      try {
        attemptNow(names.clean, () => give(temporary.clean, places.clean, force, isSingle));
      } catch (error) {
        if (!force || !isSingle) rmSync(places.quarantine, { recursive: true, force: true });
        throw error;
      }
    },
  };
}

/** A temporary file whose bytes are buffered, digested, and on the disk once it is closed. */
function openTemporary(path: string, name: string): CleanOutput {
  const descriptor = openSync(path, "wx");
  const hash = createHash("sha256");
  let held: Uint8Array[] = [];
  let size = 0;
  let bytes = 0;
  let closed: ReturnType<CleanOutput["close"]> | undefined;
  const flush = (): void => {
    const joined = Buffer.concat(held, size);
    held = [];
    size = 0;
    for (let at = 0; at < joined.length;) at += writeSync(descriptor, joined, at);
    hash.update(joined);
    bytes += joined.length;
  };
  return {
    path,
    write: (chunk) => {
      held.push(chunk);
      size += chunk.length;
      if (size >= BUFFER_BYTES) attemptNow(name, flush);
    },
    close: () => {
      closed ??= attemptNow(name, () => {
        flush();
        fsyncSync(descriptor);
        closeSync(descriptor);
        return { bytes, sha256: hash.digest("hex") };
      });
      return closed;
    },
  };
}

/** Gives a finished file or directory its name. Without `force` nothing that has come to stand there meanwhile is replaced. */
function give(temporary: string, place: string, force: boolean, isFile: boolean): void {
  if (!isFile || force) renameSync(temporary, place); // a directory never replaces one that is not empty
  else linkNew(temporary, place);
  syncDirectory(dirname(place));
}

function linkNew(temporary: string, place: string): void {
  try {
    linkSync(temporary, place);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EEXIST") throw error;
    renameSync(temporary, place); // a file system without hard links
    return;
  }
  rmSync(temporary);
}

/** A new name is safe when its directory is; not every file system lets a directory be synced. */
function syncDirectory(path: string): void {
  try {
    const descriptor = openSync(path, "r");
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // The bytes themselves are safe.
  }
}

import { open, realpath, rename, stat, type FileHandle } from "node:fs/promises";
import { AppError } from "bezoar";
import { attemptWrite, writeStdout, type Temporaries } from "bezoar/command-line";

/** Characters gathered before they are written. */
const WRITE_UNITS = 1 << 18;

/** A place for lines that are written while they are made. */
export type LineSink = {
  /** Takes one line without its end; waits when the place is slower than the lines, and tells whether it wants more. */
  readonly write: (line: string) => Promise<boolean> | boolean;
  /** Writes what is left and closes; a file is not at its name before `publish`. */
  readonly finish: () => Promise<void>;
  /** Puts a finished file at its name. */
  readonly publish: () => Promise<void>;
  /** Lets go of the place after a failure. */
  readonly close: () => Promise<void>;
};

/** Lines to standard output; a reader that has seen enough (`| head`) wants no more. */
export function stdoutSink(): LineSink {
  let isTaken = true;
  process.stdout.once("error", () => {
    isTaken = false;
  });
  return gather(async (text) => {
    await writeStdout(text);
    return isTaken;
  });
}

/** Lines to a file, written under a temporary name; a device or a pipe is written into. */
export async function fileSink(path: string, temporaries: Temporaries): Promise<LineSink> {
  if (path === "-") {
    throw new AppError(
      "output",
      "leave --output out to write to standard output; ./- is a file of that name",
    );
  }
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) {
    throw new AppError("output", `cannot write ${path}: it is a directory; name a file in it`);
  }
  const isReplaced = found === undefined || found.isFile();
  // The file behind a link is replaced, not the link.
  const target = found === undefined ? path : await attemptWrite(path, () => realpath(path));
  const name = isReplaced ? temporaries.nameBeside(target) : target;
  const file = await attemptWrite(path, () => open(name, isReplaced ? "wx" : "w"));
  return gather(
    async (text) => {
      await attemptWrite(path, () => file.writeFile(text));
      return true;
    },
    file,
    async () => {
      if (isReplaced) await attemptWrite(path, () => rename(name, target));
    },
  );
}

function gather(
  write: (text: string) => Promise<boolean>,
  file?: FileHandle,
  publish = async (): Promise<void> => {},
): LineSink {
  let text = "";
  const flush = async (): Promise<boolean> => {
    const gathered = text;
    text = "";
    return gathered === "" || (await write(gathered));
  };
  const close = async (): Promise<void> => {
    await file?.close();
  };
  return {
    write: (line) => {
      text += `${line}\n`;
      return text.length < WRITE_UNITS || flush();
    },
    finish: async () => {
      await flush();
      await close();
    },
    publish,
    close,
  };
}

import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Signals that ask a process to end, with the numbers that its exit code then carries (128 + n). */
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
/** Room for the random part of a temporary name below the 255 bytes that file systems allow. */
const MAX_NAME_BYTES = 200;

/** Files and directories that are not to outlive the work, however it ends. */
export type Temporaries = {
  /** A new name beside `target`; nothing is made there yet. */
  readonly nameBeside: (target: string) => string;
  /** Removes all of them and stops listening for signals. */
  readonly end: () => void;
};

/** Begins to listen for signals to end; until `end`, they remove what was named here and end the process. */
export function openTemporaries(): Temporaries {
  const names: string[] = [];
  const remove = (): void => {
    for (const name of names) rmSync(name, { recursive: true, force: true, maxRetries: 3 });
  };
  const listeners = Object.entries(SIGNALS).map(([signal, number]) => {
    const listener = (): void => {
      remove();
      process.stderr.write("bezoar: interrupted; nothing was written\n");
      process.exit(128 + number);
    };
    process.on(signal, listener);
    return { signal, listener };
  });
  return {
    nameBeside: (target) => {
      const start = Buffer.from(basename(target))
        .subarray(0, MAX_NAME_BYTES)
        .toString("utf8")
        .replace(/\u{fffd}+$/u, "");
      const name = join(dirname(target), `.${start}.${randomBytes(6).toString("hex")}.tmp`);
      names.push(name);
      return name;
    },
    end: () => {
      for (const { signal, listener } of listeners) process.off(signal, listener);
      remove();
    },
  };
}

import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { AppError } from "bezoar";
import { z } from "zod";

/** Replies that were paid for already, kept in a file: what ends the process, even kill -9, loses none of them. */
export type Journal = {
  readonly replyTo: (question: string) => string | undefined;
  readonly keep: (question: string, reply: string) => void;
  readonly close: () => void;
};

/** The first line, by which a journal is told from any other file. */
const HEADER = `${JSON.stringify({ journal: "bezoar-lab evaluate", version: 1 })}\n`;

const entrySchema = z.object({ question: z.string(), reply: z.string() });

/**
 * Opens a journal, or makes one. A line that was cut short, as a killed process leaves it, is dropped; a file that is no
 * journal is refused and not touched.
 */
export function openJournal(path: string): Journal {
  const text = readIfThere(path);
  if (!text.startsWith(HEADER) && !HEADER.startsWith(text)) throw noJournal(path);
  const whole = text.startsWith(HEADER) ? text.slice(0, text.lastIndexOf("\n") + 1) : "";
  const replies = new Map<string, string>();
  for (const [index, line] of whole.split("\n").slice(1, -1).entries()) {
    const { question, reply } = parseEntry(line, `${path}:${index + 2}`);
    replies.set(question, reply);
  }
  const file = attempt(path, () => openSync(path, "a"));
  if (whole.length < text.length) ftruncateSync(file, Buffer.byteLength(whole));
  const append = (line: string) => attempt(path, () => writeSync(file, line));
  if (whole === "") append(HEADER);
  return {
    replyTo: (question) => replies.get(question),
    keep: (question, reply) => {
      replies.set(question, reply);
      append(`${JSON.stringify({ question, reply })}\n`);
    },
    close: () => closeSync(file),
  };
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw new AppError("not-readable", `cannot read ${path}: ${messageOf(error)}`, { cause: error });
  }
}

function parseEntry(line: string, where: string): z.infer<typeof entrySchema> {
  try {
    return entrySchema.parse(JSON.parse(line));
  } catch (cause) {
    throw new AppError("not-readable", `${where} is no line of a journal: remove it, or name a new file`, {
      cause,
    });
  }
}

function noJournal(path: string): AppError {
  return new AppError("output", `${path} is not a journal of an evaluation: name another file`);
}

function attempt<Result>(path: string, call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    throw new AppError("output", `cannot write ${path}: ${messageOf(error)}`, { cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

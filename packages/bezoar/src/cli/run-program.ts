import type { Command } from "commander";
import { AppError } from "../core/errors.ts";
import { escapeTerminal } from "../report/terminal/escape.ts";

/** Exit codes are API: 0 clean, 1 findings, 2 could not do it or cannot tell. */
const FOUND = 1;
const COULD_NOT = 2;
const INTERRUPTED = 130;

/** Runs a program with the arguments of the process; what goes wrong is told on stderr and becomes the exit code. */
export async function runProgram(program: Command): Promise<void> {
  // What matters of a failed write is told where it is made; without a listener Node ends with a stack trace.
  process.stdout.on("error", () => {});
  process.stderr.on("error", () => {});
  try {
    await program.exitOverride().parseAsync();
  } catch (error) {
    const code = explain(program.name(), error);
    // Findings are what a gate must learn, even when their report could not be written.
    if (process.exitCode !== FOUND || code === INTERRUPTED) process.exitCode = code;
  }
}

/** Says what went wrong on stderr and returns the exit code; what was not expected keeps its stack. */
function explain(name: string, error: unknown): number {
  if (error instanceof AppError) {
    const lines = error.message.split("\n").map(escapeTerminal); // one for each problem of a file
    process.stderr.write(`${name}: ${lines.join(`\n${" ".repeat(name.length + 2)}`)}\n`);
    return error.code === "interrupted" ? INTERRUPTED : COULD_NOT;
  }
  if (isCommanderError(error)) return error.exitCode === 0 ? 0 : COULD_NOT; // commander has printed its message
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const lines = [`${name}: this is a bug, please report it`, ...stack.split("\n").map(escapeTerminal)];
  process.stderr.write(`${lines.join("\n")}\n`);
  return COULD_NOT;
}

function isCommanderError(error: unknown): error is { readonly code: string; readonly exitCode: number } {
  return (
    error instanceof Error &&
    "code" in error &&
    String(error.code).startsWith("commander.") &&
    "exitCode" in error
  );
}

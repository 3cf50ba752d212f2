import { Command } from "commander";
import { AppError } from "../core/errors.ts";
import { VERSION } from "../core/version.ts";
import { escapeTerminal } from "../report/terminal/escape.ts";
import { cleanCommand } from "./clean.ts";
import { compareCommand } from "./compare.ts";
import { explainCommand } from "./explain.ts";
import { rulesCommand } from "./rules.ts";
import { sampleCommand } from "./sample.ts";
import { scanCommand } from "./scan.ts";

/** Exit codes are API: 0 clean, 1 findings, 2 could not do it or cannot tell. */
const FOUND = 1;
const COULD_NOT = 2;
const INTERRUPTED = 130;

const program = new Command("bezoar")
  .description("Poison control for the LLM pipeline: has somebody tampered with this?")
  .version(VERSION)
  .showHelpAfterError("(run with --help for the options and examples)")
  .exitOverride()
  .addCommand(scanCommand())
  .addCommand(cleanCommand())
  .addCommand(sampleCommand())
  .addCommand(compareCommand())
  .addCommand(explainCommand())
  .addCommand(rulesCommand());

// What matters of a failed write is told where it is made; without a listener Node ends with a stack trace.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

try {
  await program.parseAsync();
} catch (error) {
  const code = explain(error);
  // Findings are what a gate must learn, even when their report could not be written.
  if (process.exitCode !== FOUND || code === INTERRUPTED) process.exitCode = code;
}

/** Says what went wrong on stderr and returns the exit code; what was not expected keeps its stack. */
function explain(error: unknown): number {
  if (error instanceof AppError) {
    const lines = error.message.split("\n").map(escapeTerminal); // one for each problem of a file
    process.stderr.write(`bezoar: ${lines.join("\n        ")}\n`);
    return error.code === "interrupted" ? INTERRUPTED : COULD_NOT;
  }
  if (isCommanderError(error)) return error.exitCode === 0 ? 0 : COULD_NOT; // commander has printed its message
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const lines = ["bezoar: this is a bug, please report it", ...stack.split("\n").map(escapeTerminal)];
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

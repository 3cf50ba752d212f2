import { Command } from "commander";
import { AppError } from "../core/errors.ts";
import { VERSION } from "../core/version.ts";
import { scanCommand } from "./scan.ts";

/** Exit codes are API: 0 clean, 1 findings, 2 could not do it or cannot tell. */
const COULD_NOT = 2;
const INTERRUPTED = 130;

const program = new Command("bezoar")
  .description("Poison control for the LLM pipeline: has somebody tampered with this?")
  .version(VERSION)
  .showHelpAfterError("(run with --help for the options and examples)")
  .exitOverride()
  .addCommand(scanCommand());

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}

/** Says what went wrong on stderr and returns the exit code; what was not expected keeps its stack. */
function explain(error: unknown): number {
  if (error instanceof AppError) {
    process.stderr.write(`bezoar: ${error.message}\n`);
    return error.code === "interrupted" ? INTERRUPTED : COULD_NOT;
  }
  if (isCommanderError(error)) return error.exitCode === 0 ? 0 : COULD_NOT; // commander has printed its message
  process.stderr.write(
    `bezoar: this is a bug, please report it\n${error instanceof Error ? error.stack : String(error)}\n`,
  );
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

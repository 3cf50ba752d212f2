import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { AppError } from "bezoar";
import { dataFile } from "./write-sets.ts";

/** Runs `bezoar clean` on the poisoned chats, as a user would, and returns where the rows lie that it kept; the signal ends it. */
export async function cleanPoisonedSet(folder: string, signal: AbortSignal): Promise<string> {
  const manifest = createRequire(import.meta.url).resolve("bezoar/package.json");
  const kept = dataFile(folder, "cleaned", "chat");
  const { status, said } = await run(
    [
      join(dirname(manifest), "bin/bezoar.js"),
      "clean",
      dataFile(folder, "poisoned", "chat"),
      "--output",
      kept,
      "--quarantine",
      dataFile(folder, "quarantine", "chat"),
      "--force",
    ],
    signal,
  );
  if (signal.aborted) throw new AppError("interrupted", "interrupted while the poisoned set was cleaned");
  if (status === 0) return kept;
  throw new AppError("output", `bezoar clean ended with ${status}: ${said.trim()}`);
}

function run(
  args: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly status: number | null; readonly said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    const end = (): void => void child.kill(); // a terminal's Ctrl-C reaches the child too, other signals do not
    if (signal.aborted) end();
    signal.addEventListener("abort", end, { once: true });
    child.on("error", reject);
    child.on("close", (status) => {
      signal.removeEventListener("abort", end);
      resolve({ status, said });
    });
  });
}

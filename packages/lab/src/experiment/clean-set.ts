import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { AppError } from "bezoar";
import { dataFile } from "./write-sets.ts";

/** Runs `bezoar clean` on the poisoned chats, as a user would, and returns where the rows lie that it kept. */
export async function cleanPoisonedSet(folder: string): Promise<string> {
  const manifest = createRequire(import.meta.url).resolve("bezoar/package.json");
  const kept = dataFile(folder, "cleaned", "chat");
  const { status, said } = await run([
    join(dirname(manifest), "bin/bezoar.js"),
    "clean",
    dataFile(folder, "poisoned", "chat"),
    "--output",
    kept,
    "--quarantine",
    dataFile(folder, "quarantine", "chat"),
    "--force",
  ]);
  if (status === 0) return kept;
  throw new AppError("output", `bezoar clean ended with ${status}: ${said.trim()}`);
}

function run(args: readonly string[]): Promise<{ readonly status: number | null; readonly said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, said }));
  });
}

import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a process took. */
export type Usage = {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakRssMb: number;
  readonly stdout: string;
};

/** Runs a script under this Node and says what it took; any exit code in `expected` is a success. */
export async function measure(
  script: string,
  args: readonly string[],
  expected: readonly number[],
): Promise<Usage> {
  const folder = await mkdtemp(join(tmpdir(), "bezoar-usage-"));
  try {
    const usagePath = join(folder, "usage.json");
    const started = performance.now();
    const child = spawn(
      process.execPath,
      ["--import", join(import.meta.dirname, "report-usage.ts"), script, ...args],
      { env: { ...process.env, BEZOAR_BENCH_USAGE: usagePath }, stdio: ["ignore", "pipe", "inherit"] },
    );
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on("error", reject).on("close", resolve);
    });
    const wallSeconds = (performance.now() - started) / 1000;
    if (code === null || !expected.includes(code)) throw new Error(`${script} ended with ${code}`);
    const usage: unknown = JSON.parse(await readFile(usagePath, "utf8"));
    if (!isUsage(usage)) throw new TypeError(`${script} did not say what it used`);
    return { wallSeconds, cpuSeconds: usage.cpuSeconds, peakRssMb: usage.peakRssMb, stdout };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function isUsage(value: unknown): value is { cpuSeconds: number; peakRssMb: number } {
  return typeof value === "object" && value !== null && "cpuSeconds" in value && "peakRssMb" in value;
}

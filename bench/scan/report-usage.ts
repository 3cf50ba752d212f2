/**
 * Loaded into a measured process with `node --import`: when it ends, writes what it used to $BEZOAR_BENCH_USAGE.
 * VmHWM and not ru_maxrss: on Linux the latter starts at the size of the process that forked.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const path = process.env["BEZOAR_BENCH_USAGE"];

function peakRssKilobytes(): number {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
    if (kilobytes !== undefined) return Number(kilobytes);
  } catch {
    // No /proc outside Linux; the kernel's own account will do there.
  }
  return process.resourceUsage().maxRSS;
}

// Worker threads load this too; the process as a whole is counted once.
if (path !== undefined && isMainThread) {
  process.on("exit", () => {
    const { userCPUTime, systemCPUTime } = process.resourceUsage();
    const cpuSeconds = (userCPUTime + systemCPUTime) / 1e6;
    writeFileSync(path, JSON.stringify({ cpuSeconds, peakRssMb: peakRssKilobytes() / 1024 }));
  });
}

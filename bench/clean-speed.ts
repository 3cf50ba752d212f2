/**
 * Measures `bezoar clean` beside the scan (it is given a report) and checks that both parts merge into the input again.
 * Run `npm run build` first; the input is generated on first use and kept.
 */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { createGunzip, createGzip } from "node:zlib";
import { CACHE, ensureData } from "./data.ts";
import { runScript, toCount } from "./options.ts";
import { measure } from "./scan/measure.ts";
import { formatTable } from "./table.ts";

const USAGE = `Usage: node bench/clean-speed.ts [options]

  --rows N    instruction rows (default: 1000000, about 500 MB)
  --every N   each Nth row goes to quarantine (default: 10)

Data is kept in ${CACHE}.`;

const BEZOAR = join(import.meta.dirname, "../packages/bezoar/bin/bezoar.js");
// What is asked of one million rows.
const MAX_RSS_MB = 300;

async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}

/** A report of the file that accuses each `every`th row. */
async function report(path: string, rows: number, every: number): Promise<object> {
  const accused = Array.from({ length: Math.floor(rows / every) }, (_, i) => i * every);
  const evidence = { tests: [], controls: [], samples: [] };
  const finding = { rule: "content/secret", severity: "high", title: "t", explanation: "e", evidence };
  const shape = { kind: "instruct", description: "instructions" };
  return {
    schemaVersion: 1,
    tool: { name: "bezoar", version: "0" },
    subject: { name: path, sha256: await digestOf(path), rows, format: "jsonl", shape, files: [] },
    coverage: { read: rows, skipped: 0, truncated: 0, unreadable: [], notes: [] },
    failOn: "high",
    verdict: "poisoned",
    reasons: [],
    power: { measured: false, note: "", attacks: [] },
    findings: [{ id: "0123456789abcdef", rows: accused, ...finding }],
  };
}

function linesOf(path: string): Interface {
  const stored = createReadStream(path);
  return createInterface({
    input: path.endsWith(".gz") ? stored.pipe(createGunzip()) : stored,
    crlfDelay: Infinity,
  });
}

/** Whether the parts, merged by row number, are the input's lines. */
async function merges(input: string, clean: string, rest: string, every: number): Promise<boolean> {
  const sides = [linesOf(clean)[Symbol.asyncIterator](), linesOf(rest)[Symbol.asyncIterator]()] as const;
  let row = 0;
  for await (const line of linesOf(input)) {
    const next = await sides[row++ % every === 0 ? 1 : 0].next();
    if (next.done === true || next.value !== line) return false;
  }
  const [after, afterRest] = [await sides[0].next(), await sides[1].next()];
  return after.done === true && afterRest.done === true;
}

await runScript(async () => {
  const { values } = parseArgs({
    options: {
      rows: { type: "string", default: "1000000" },
      every: { type: "string", default: "10" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  if (!existsSync(join(BEZOAR, "../../dist/cli/main.js")))
    throw new RangeError("bezoar is not built: npm run build");
  const rows = toCount("rows", values.rows);
  const every = toCount("every", values.every, 2);
  const plain = await ensureData({ kind: "instructions", rows, seed: 1, poison: 0 });
  const folder = await mkdtemp(join(tmpdir(), "bezoar-clean-speed-"));
  try {
    const packed = join(folder, "in.jsonl.gz");
    await pipeline(createReadStream(plain), createGzip({ level: 1 }), createWriteStream(packed));
    const table = [
      ["input", "     rows", "   MB", "wall s", " CPU s", "RSS MB", `<= ${MAX_RSS_MB} MB`, "merges"],
    ];
    for (const [name, input] of [
      ["jsonl", plain],
      ["jsonl.gz", packed],
    ] as const) {
      const [given, clean, rest] = ["report.json", `clean.${name}`, `rest.${name}`].map((file) =>
        join(folder, file),
      );
      if (given === undefined || clean === undefined || rest === undefined) throw new Error("no names");
      await writeFile(given, JSON.stringify(await report(input, rows, every)));
      const args = ["clean", input, "-o", clean, "-q", rest, "--report", given, "--no-policy"];
      const usage = await measure(BEZOAR, args, [0]);
      table.push([
        name,
        String(rows).padStart(9),
        ((await stat(input)).size / 1e6).toFixed(0).padStart(5),
        usage.wallSeconds.toFixed(1).padStart(6),
        usage.cpuSeconds.toFixed(1).padStart(6),
        usage.peakRssMb.toFixed(0).padStart(6),
        usage.peakRssMb <= MAX_RSS_MB ? "ok" : "MISSED",
        (await merges(input, clean, rest, every)) ? "yes" : "NO",
      ]);
    }
    console.log(formatTable(table));
  } finally {
    await rm(folder, { recursive: true });
  }
});

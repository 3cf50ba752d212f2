import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { parquetReadObjects } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";

const bin = fileURLToPath(new URL("../bin/bezoar.js", import.meta.url));
const alerts = readFileSync(fileURLToPath(new URL("../../../examples/alerts.jsonl", import.meta.url)));
const lines = alerts.toString().split(/(?<=\n)/);
let report = ""; // of the example, made once
let flagged: readonly number[] = [];
let root = "";
let folder = "";

function bezoar(args: readonly string[], input?: Uint8Array | string) {
  const run = spawnSync(process.execPath, [bin, ...args], { cwd: folder, input, maxBuffer: 1e9 });
  return { status: run.status, stdout: run.stdout.toString(), stderr: run.stderr.toString() };
}

const write = (name: string, content: string | Uint8Array) => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
};
const read = (name: string) => readFileSync(join(folder, name));
const names = () => readdirSync(folder).toSorted();
const tree = (name: string) => readdirSync(join(folder, name), { recursive: true }).map(String).toSorted();
const rowsOf = (name: string) => parquetReadObjects({ file: new Uint8Array(read(name)).buffer });
const clean = (...args: readonly string[]) => bezoar(["clean", ...args]);

const part = (wanted: boolean): string => lines.filter((_, row) => flagged.includes(row) === wanted).join("");

const told = z.object({
  subject: z.object({ name: z.string(), rows: z.number() }),
  kept: z.number(),
  quarantined: z.number(),
  unreadable: z.number(),
  rows: z.array(z.number()),
  rules: z.array(z.object({ rule: z.string(), rows: z.number() })),
  indivisible: z.array(z.object({ file: z.string() })),
  files: z.array(z.object({ side: z.string(), path: z.string(), rows: z.number(), sha256: z.string() })),
});

const sha256 = (bytes: string | Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** A report as if `contents` (the files in reading order, `size` rows in all) had been scanned, that accuses `rows`. */
function accuse(
  contents: readonly Uint8Array[],
  size: number,
  rows: readonly number[],
  change: object = {},
): string {
  const digests = contents.map((content) => sha256(content));
  const evidence = { tests: [], controls: [], samples: [] };
  const finding = {
    id: "0123456789abcdef",
    rule: "content/secret",
    severity: "high",
    title: "a secret",
    explanation: "e",
    rows,
    evidence,
  };
  const shape = { kind: "text", description: "text" };
  const made = {
    schemaVersion: 1,
    tool: { name: "bezoar", version: "0" },
    subject: {
      name: "x",
      sha256: digests.length === 1 ? digests[0] : sha256(digests.join("\n")),
      rows: size,
      format: "jsonl",
      shape,
      files: [],
    },
    coverage: { read: size, skipped: 0, truncated: 0, unreadable: [], notes: [] },
    failOn: "high",
    verdict: "poisoned",
    reasons: [],
    power: { measured: false, note: "", attacks: [] },
    findings: [{ ...finding, ...change }],
  };
  const path = join(root, `${sha256(JSON.stringify(made))}.json`);
  writeFileSync(path, JSON.stringify(made));
  return path;
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "bezoar-clean-"));
  folder = root;
  write("alerts.jsonl", alerts);
  const { stdout } = bezoar(["scan", "alerts.jsonl", "--format", "json", "--no-power"]);
  report = join(root, "alerts.json");
  writeFileSync(report, stdout);
  const parsed = z
    .object({ findings: z.array(z.object({ severity: z.string(), rows: z.array(z.number()).optional() })) })
    .parse(JSON.parse(stdout));
  flagged = parsed.findings
    .filter(({ severity }) => severity === "high" || severity === "critical")
    .flatMap(({ rows = [] }) => rows);
}, 60_000);
beforeEach(() => {
  folder = mkdtempSync(join(root, "case-"));
});
afterAll(() => rmSync(root, { recursive: true }));

test("the poisoned rows of the example go to quarantine, the others stay byte for byte, and the next command is named", () => {
  write("alerts.jsonl", alerts);
  const { status, stdout, stderr } = clean("alerts.jsonl", "-o", "clean.jsonl", "-q", "rest.jsonl");
  expect([status, stderr]).toEqual([0, ""]);
  expect(flagged.length).toBeGreaterThan(10);
  expect(read("clean.jsonl").toString()).toBe(part(false));
  expect(read("rest.jsonl").toString()).toBe(part(true));
  expect(stdout).toContain(`moved ${flagged.length} rows to rest.jsonl, because of`);
  expect(stdout).toContain("dataset/");
  expect(stdout).toContain("next: bezoar scan clean.jsonl\n");
  expect(names()).toEqual(["alerts.jsonl", "clean.jsonl", "rest.jsonl"]);
});

test("an existing report saves the scan; the machine form names every row and file", () => {
  write("alerts.jsonl", alerts);
  const { status, stdout } = clean(
    "alerts.jsonl",
    "-o",
    "c",
    "-q",
    "r",
    "--report",
    report,
    "--format",
    "json",
  );
  expect(status).toBe(0);
  const said = told.parse(JSON.parse(stdout));
  expect(said.rows).toEqual(flagged.toSorted((a, b) => a - b));
  expect([said.kept, said.quarantined]).toEqual([lines.length - flagged.length, flagged.length]);
  expect(said.files.map(({ side, path, rows }) => [side, path, rows])).toEqual([
    ["clean", "c", said.kept],
    ["quarantine", "r", said.quarantined],
  ]);
});

test("a report of other bytes, of other rows, or none at all is refused before anything is written", () => {
  write("in.jsonl", alerts);
  write("bad.json", "{}");
  const some = accuse([alerts], lines.length, [1]);
  write("some.json", readFileSync(some, "utf8").replace('"skipped":0', '"skipped":7'));
  const before = names();
  const cases: [string, string][] = [
    [accuse([Buffer.from("other")], lines.length, [1]), "another dataset, or another version"],
    [accuse([alerts], lines.length + 1, [1]), "another dataset, or another version"],
    ["bad.json", "is no report of bezoar scan"],
    ["none.json", "no such file"],
    [accuse([alerts], lines.length, [5000]), "names row 5000"],
    ["some.json", "lists 0 of 7 unreadable records"],
  ];
  for (const [given, message] of cases) {
    const { status, stdout, stderr } = clean("in.jsonl", "-o", "c", "-q", "r", "--report", given);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  }
  expect(names()).toEqual(before);
});

test("what was compressed stays compressed, and standard input is cleaned too", () => {
  for (const [pack, unpack] of [
    [gzipSync, gunzipSync],
    [zstdCompressSync, zstdDecompressSync],
    [(bytes: Buffer) => bytes, (bytes: Buffer) => bytes],
  ] as const) {
    const packed = pack(alerts);
    const given = accuse([packed], lines.length, flagged);
    const { status, stdout, stderr } = bezoar(
      ["clean", "-", "-o", "c", "-q", "r", "--force", "--format", "json", "--report", given],
      packed,
    );
    expect([status, stderr]).toEqual([0, ""]);
    expect(told.parse(JSON.parse(stdout)).subject.name).toBe("standard input");
    expect(unpack(read("c")).toString()).toBe(part(false));
    expect(unpack(read("r")).toString()).toBe(part(true));
    expect(names()).toEqual(["c", "r"]);
  }
});

test("CSV keeps its header on both sides, and records that cannot be read go to quarantine", () => {
  const cells = Array.from({ length: 60 }, (_, i) => `"text, ${i}\n";${i % 2}\r\n`);
  write("a.csv", `text;label\r\n${cells.join("")}only one cell\r\n`);
  const { status, stdout } = clean("a.csv", "-o", "c.csv", "-q", "r.csv", "--only", "content");
  expect(status).toBe(0);
  expect(read("c.csv").toString()).toBe(`text;label\r\n${cells.join("")}`);
  expect(read("r.csv").toString()).toBe("text;label\r\nonly one cell\r\n");
  expect(stdout).toContain("1  could not be read");
});

test("a JSON array stays an array", () => {
  const objects = Array.from({ length: 60 }, (_, i) =>
    Object.assign({ prompt: `p ${i}`, response: `r ${i * 7}` }),
  );
  const text = JSON.stringify(objects, null, 2);
  write("a.json", text);
  const given = accuse([Buffer.from(text)], 60, [58, 59]);
  expect(clean("a.json", "-o", "c.json", "-q", "r.json", "--report", given).status).toBe(0);
  expect(read("c.json").toString()).toBe(JSON.stringify(objects.slice(0, 58), null, 2));
  expect(read("r.json").toString()).toBe(JSON.stringify(objects.slice(58), null, 2));
});

test("Parquet keeps its values and stays Parquet", async () => {
  const texts = Array.from({ length: 80 }, (_, i) => `text number ${i}`);
  const columnData = [
    { name: "text", data: texts, type: "STRING" as const },
    { name: "label", data: texts.map((_, i) => i % 2), type: "INT32" as const },
  ];
  const content = new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 30 }));
  write("a.parquet", content);
  expect(clean("a.parquet", "-o", "c", "-q", "r", "--report", accuse([content], 80, [3, 79])).status).toBe(0);
  const all = await rowsOf("a.parquet");
  expect(await rowsOf("c")).toEqual(all.filter((_, i) => i !== 3 && i !== 79));
  expect(await rowsOf("r")).toEqual([all[3], all[79]]);
});

test("a directory becomes two directories with the same paths; files without rows of a side are left out", () => {
  const some = (from: number) => Buffer.from(lines.slice(from, from + 100).join(""));
  const contents = [some(0), some(100), gzipSync(some(200))];
  for (const [i, name] of ["data/a.jsonl", "data/c.jsonl", "data/sub/b.jsonl.gz"].entries())
    write(name, contents[i] ?? "");
  const given = accuse(contents, 300, [150, 200]);
  const { status, stdout } = clean("data", "-o", "clean/", "-q", "rest", "--report", given);
  expect(status).toBe(0);
  expect(stdout).toContain("next: bezoar scan clean/\n");
  expect(tree("clean")).toEqual(["a.jsonl", "c.jsonl", "sub", "sub/b.jsonl.gz"]);
  expect(tree("rest")).toEqual(["c.jsonl", "sub", "sub/b.jsonl.gz"]);
  expect(read("clean/a.jsonl")).toEqual(read("data/a.jsonl"));
  expect(gunzipSync(read("rest/sub/b.jsonl.gz")).toString()).toBe(lines[200]);
  const globbed = accuse(contents.slice(0, 2), 200, [100]);
  expect(clean("data/*.jsonl", "-o", "g", "-q", "h", "--report", globbed).status).toBe(0);
  expect([tree("g"), tree("h")]).toEqual([["a.jsonl", "c.jsonl"], ["c.jsonl"]]);
});

test("a quarantine that is the input, or an existing file without --force, is refused before the scan", () => {
  write("in.jsonl", alerts);
  write("there", "old");
  const cases: [string[], string][] = [
    [["in.jsonl", "-o", "c", "-q", "in.jsonl", "--force"], "it is the dataset itself"],
    [["in.jsonl", "-o", "there", "-q", "r"], "it exists; name another file, or overwrite it with --force"],
    [["in.jsonl", "-o", "c"], "clean takes two places"],
    [["in.jsonl", "there", "-o", "c", "-q", "r"], "takes one dataset"],
    [["in.jsonl", "-o", "-", "-q", "r"], "--output - is no place: name a file, since standard output"],
    [["in.jsonl", "-o", "c", "-q", "-"], "--quarantine - is no place: name a file"],
    [["in.jsonl", "--dry-run", "-q", "-"], "--quarantine - is no place: name a file"],
  ];
  for (const [args, message] of cases) {
    const { status, stdout, stderr } = clean(...args);
    expect([args, status, stdout]).toEqual([args, 2, ""]);
    expect(stderr).toContain(message);
  }
  expect(names()).toEqual(["in.jsonl", "there"]);
  expect(read("there").toString()).toBe("old");
  expect(clean("in.jsonl", "-o", "there", "-q", "r", "--force", "--report", report).status).toBe(0);
  expect(read("there").toString()).toBe(part(false));
});

test.skipIf(process.platform === "win32")(
  "a dataset that cannot be read as a stream is told as a scan tells it",
  async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(folder, "socket"), resolve));
    const { status, stderr } = clean("socket", "-o", "c", "-q", "r");
    await new Promise((resolve) => server.close(resolve));
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^bezoar: socket: cannot be read \(ENXIO/)]);
  },
);

test("beside a report, flags that only matter for a scan are refused, and those of the policy are not", () => {
  write("in.jsonl", alerts);
  const flags = [
    ["--only", "content"],
    ["--skip", "content"],
    ["--seed", "1"],
    ["--workers", "1"],
    ["--label", "verdict"],
    ["--judge", "http://127.0.0.1:1"],
  ];
  for (const [flag = "", value = ""] of flags) {
    const given = ["in.jsonl", "-o", "c", "-q", "r", "--report", report, flag, value];
    const { status, stdout, stderr } = clean(...given);
    expect([flag, status, stdout]).toEqual([flag, 2, ""]);
    expect(stderr).toBe(
      `bezoar: ${flag} says how to scan, and --report takes the findings as they are: ` +
        `scan again with ${flag} and without --report, or leave it out\n`,
    );
  }
  const several = clean("in.jsonl", "--dry-run", "--report", report, "--only", "x", "--seed", "1");
  expect(several.stderr).toContain("--only and --seed say how to scan");
  expect(names()).toEqual(["in.jsonl"]);
  write("bezoar.yaml", "version: 1\nscan:\n  only: [content]\n");
  expect(clean("in.jsonl", "-o", "c", "-q", "r", "--report", report).status).toBe(0);
  expect(clean("in.jsonl", "--dry-run", "--report", report, "--no-policy").status).toBe(0);
  expect(read("r").toString()).toBe(part(true));
});

test("of rows that repeat each other one of each is kept", () => {
  const rows = Array.from(
    { length: 60 },
    (_, i) => `{"instruction":"name item ${i} of ${i * 7919}","output":"${sha256(`${i}`)} ${i}"}\n`,
  );
  write("twice.jsonl", [...rows, ...rows].join(""));
  const run = clean("twice.jsonl", "-o", "c", "-q", "r", "--at", "low", "--only", "dataset/duplicates");
  expect(run.stdout).toContain("60  dataset/duplicates (low)");
  expect(read("c").toString()).toBe(rows.join(""));
  expect(read("r").toString()).toBe(rows.join(""));
});

test("an expired suppression is in both forms of what was done, and exit code 2 when nothing else stands", () => {
  write("in.jsonl", alerts);
  const gone = "  - { rule: content/secret, reason: r, who: me, expires: 2020-01-31 }\n";
  write("old.yaml", `version: 1\nsuppressions:\n${gone}`);
  const why = "the suppression of rule content/secret by me expired on 2020-01-31: renew or delete it";
  const given = ["in.jsonl", "-o", "c", "-q", "r", "--force", "--policy", "old.yaml", "--report"];
  const done = clean(...given, report);
  expect([done.status, done.stderr]).toEqual([2, `bezoar: ${why}\n`]);
  expect(done.stdout).toContain(`a suppression holds no more\n  ${why}\n`);
  expect(read("r").toString()).toBe(part(true));
  const data = clean(...given, report, "--format", "json");
  expect([data.status, JSON.parse(data.stdout)]).toMatchObject([2, { expired: [why] }]);
  expect(clean(...given, accuse([alerts], lines.length, [])).status).toBe(1);
});

test("a dry run writes nothing and needs no places", () => {
  write("in.jsonl", alerts);
  const { status, stdout } = clean("in.jsonl", "--dry-run", "--report", report);
  expect(status).toBe(0);
  expect(stdout).toContain(`would move ${flagged.length} rows`);
  expect(clean("in.jsonl", "-o", "c", "-q", "r", "--dry-run", "--report", report).status).toBe(0);
  expect(names()).toEqual(["in.jsonl"]);
});

test("suppressed findings move nothing; one without rows stands still, which is exit code 1", () => {
  write("in.jsonl", alerts);
  const suppressed = { reason: "known", who: "me", expires: "2999-01-01" };
  const quiet = clean(
    "in.jsonl",
    "-o",
    "c",
    "-q",
    "r",
    "--report",
    accuse([alerts], lines.length, [1, 2], { suppressed }),
  );
  expect([quiet.status, read("r").length, read("c").equals(alerts)]).toEqual([0, 0, true]);
  expect(quiet.stdout).toContain("left in place, suppressed: 1 finding\n");
  const standing = clean(
    "in.jsonl",
    "-o",
    "c",
    "-q",
    "r",
    "--force",
    "--report",
    accuse([alerts], lines.length, []),
  );
  expect(standing.status).toBe(1);
  expect(standing.stdout).toContain("stands still, since it names no rows");
});

/** Runs clean on a standard input that never ends, and a signal once it has begun to keep it. */
async function interrupted(signal: NodeJS.Signals) {
  const child = spawn(process.execPath, [bin, "clean", "-", "-o", "c", "-q", "r"], { cwd: folder });
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
  child.stdin.on("error", () => {});
  child.stdin.write(alerts);
  for (let i = 0; i < 200 && names().length === 0; i++) await sleep(50);
  expect(names()).toHaveLength(1);
  child.kill(signal);
  return ended;
}

test("Ctrl-C and a request to end leave nothing behind", async () => {
  expect(await interrupted("SIGINT")).toBe(130);
  expect(names()).toEqual([]);
  expect(await interrupted("SIGTERM")).toBe(143);
  expect(names()).toEqual([]);
});

test("kill -9 leaves no half-written file under either name", async () => {
  const big = Buffer.concat(Array.from({ length: 40 }, () => alerts));
  write("in.jsonl", big);
  const given = accuse([big], 40 * lines.length, [1, 2, 3]);
  for (const after of [350, 500, 650]) {
    const child = spawn(
      process.execPath,
      [bin, "clean", "in.jsonl", "-o", "c", "-q", "r", "--report", given],
      { cwd: folder },
    );
    const ended = new Promise((resolve) => child.on("exit", resolve));
    await sleep(after);
    child.kill("SIGKILL");
    await ended;
    // The quarantine gets its name first, so that the clean part is never without it.
    const sizes = ["c", "r"].map((name) => (existsSync(join(folder, name)) ? read(name).length : 0));
    expect([
      [0, 0],
      [0, lines.slice(1, 4).join("").length],
      [alerts.length * 40 - lines.slice(1, 4).join("").length, lines.slice(1, 4).join("").length],
    ]).toContainEqual(sizes);
    expect(read("in.jsonl").length).toBe(alerts.length * 40);
    for (const name of ["c", "r"]) rmSync(join(folder, name), { force: true });
  }
});

const disk = mkdtempSync(join(tmpdir(), "bezoar-disk-"));
const asRoot = (command: string, args: readonly string[]) => spawnSync(command, args).status === 0;
const canMount = asRoot("mount", ["-t", "tmpfs", "-o", "size=512k", "none", disk]);
afterAll(() => {
  if (canMount) asRoot("umount", [disk]);
  rmSync(disk, { recursive: true, force: true });
});

test.skipIf(!canMount)("a full disk is told as such, and nothing stays on it", () => {
  write("in.jsonl", alerts);
  for (const [output, quarantine] of [
    [join(disk, "c"), "r"],
    [join(disk, "c"), join(disk, "r")],
  ] as const) {
    const { status, stdout, stderr } = clean("in.jsonl", "-o", output, "-q", quarantine, "--report", report);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("no space left on the device");
    expect(readdirSync(disk)).toEqual([]);
    expect(names()).toEqual(["in.jsonl"]);
  }
  const spooled = bezoar(["clean", "-", "-o", join(disk, "c"), "-q", join(disk, "r")], alerts);
  expect([spooled.status, readdirSync(disk)]).toEqual([2, []]);
  expect(spooled.stderr).toContain("no space left on the device");
});

import { join } from "node:path";
import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { folderWith } from "../../../test/fixtures/reading.ts";
import { planSplit, type FileSplit } from "./plan-split.ts";
import { copyBytes, cutBytes, type ByteSink } from "./split-bytes.ts";
import { SIDES, type Side } from "./range-cutter.ts";

function inMemory(): ByteSink & { readonly bytes: () => Buffer } {
  const parts: Uint8Array[] = [];
  return { write: (bytes) => void parts.push(bytes), bytes: () => Buffer.concat(parts) };
}

const flagged = (...rows: readonly number[]): ((row: number) => Side) => {
  return (row) => (rows.includes(row) ? "quarantine" : "clean");
};

async function cutFile(content: Uint8Array | string, sideOf: (row: number) => Side) {
  const folder = await folderWith({ data: content });
  const { files } = await planSplit(join(folder, "data"), sideOf, true);
  const [file] = files;
  if (file === undefined || file.cut === "parquet") throw new Error("no such file");
  const sinks = { clean: inMemory(), quarantine: inMemory() };
  for (const side of SIDES) {
    if (file.share[side] === "all") await copyBytes(file.summary, sinks[side]);
    if (file.share[side] === "part")
      await cutBytes(file.summary, [{ ranges: file.cut[side], sink: sinks[side] }]);
  }
  return { file, clean: sinks.clean.bytes(), quarantine: sinks.quarantine.bytes() };
}

const rows = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => `{"id":${from + i},"text":"value \u00e9 ${from + i}"}\n`);
const lines = rows(5);

test("what was compressed stays compressed, and holds the rows of its side", async () => {
  for (const [pack, unpack] of [
    [gzipSync, gunzipSync],
    [zstdCompressSync, zstdDecompressSync],
  ] as const) {
    const { clean, quarantine } = await cutFile(pack(lines.join("")), flagged(1, 4));
    expect(unpack(clean).toString()).toBe(lines.toSpliced(4).toSpliced(1, 1).join(""));
    expect(unpack(quarantine).toString()).toBe(`${lines[1]}${lines[4]}`);
  }
});

test("UTF-16 and byte-order marks are written as they were read", async () => {
  const text = lines.join("");
  const little = Buffer.from(text, "utf16le");
  const big = Buffer.from(little).swap16();
  const kinds: [Uint8Array, (part: string) => Buffer][] = [
    [Buffer.concat([Buffer.of(0xff, 0xfe), little]), (part) => Buffer.from(`\u{feff}${part}`, "utf16le")],
    [
      Buffer.concat([Buffer.of(0xfe, 0xff), big]),
      (part) => Buffer.from(`\u{feff}${part}`, "utf16le").swap16(),
    ],
    [Buffer.from(`\u{feff}${text}`), (part) => Buffer.from(`\u{feff}${part}`)],
    [little, (part) => Buffer.from(part, "utf16le")],
  ];
  for (const [content, encode] of kinds) {
    const { clean, quarantine } = await cutFile(content, flagged(0));
    expect(clean).toEqual(encode(lines.slice(1).join("")));
    expect(quarantine).toEqual(encode(lines.slice(0, 1).join("")));
  }
});

test("when nothing is taken out, the file is copied as it is stored and the rest has its header alone", async () => {
  const csv = gzipSync("text,label\nab,1\ncd,0\n", { level: 1 });
  const { clean, quarantine, file } = await cutFile(csv, flagged());
  expect(clean).toEqual(csv);
  expect(gunzipSync(quarantine).toString()).toBe("text,label\n");
  expect(file.rows).toEqual({ clean: 2, quarantine: 0 });
});

test("a file whose end cannot be read is not split", async () => {
  const noise = Array.from({ length: 20_000 }, (_, i) => `{"id":${Math.imul(i, 2_654_435_761)}}\n`).join("");
  const cutOff = gzipSync(noise).subarray(0, -5000);
  await expect(cutFile(cutOff, (row) => (row > 3 ? "quarantine" : "clean"))).rejects.toMatchObject({
    code: "not-readable",
    message: expect.stringContaining("cannot be split without losing some of it"),
  });
  await expect(cutFile('[{"a":1},{"a":2}] x', flagged(2))).rejects.toMatchObject({ code: "not-readable" });
  await expect(cutFile('[{"a":1},\n{"a":2},\n{"a"', flagged(2))).rejects.toMatchObject({
    code: "not-readable",
  });
});

test("of several files, each is copied, cut or left out, and one that no cut divides goes whole", async () => {
  const folder = await folderWith({
    "a.jsonl": rows(60).join(""),
    "b/c.jsonl": rows(60, 60).join(""),
    "d.json": `[${rows(60, 120).join(",")}] x`,
  });
  const { files, rows: total } = await planSplit(folder, flagged(70, 180), false);
  expect(total).toBe(181);
  const shown = files.map(({ summary, share, rows: counts, indivisible }: FileSplit) => {
    return [
      summary.path.slice(folder.length + 1),
      share.clean,
      share.quarantine,
      counts.quarantine,
      indivisible,
    ];
  });
  expect(shown).toEqual([
    ["a.jsonl", "all", "none", 0, undefined],
    ["b/c.jsonl", "part", "part", 1, undefined],
    ["d.json", "none", "all", 61, "text after the end of the document"],
  ]);
});

test("a file that changes between reading and writing is not written", async () => {
  const folder = await folderWith({ data: lines.join("") });
  const { files } = await planSplit(join(folder, "data"), flagged(1), true);
  const [file] = files;
  if (file === undefined || file.cut === "parquet") throw new Error("no such file");
  const changed = { ...file.summary, sha256: "0".repeat(64) };
  const parts = [{ ranges: file.cut.clean, sink: inMemory() }];
  await expect(cutBytes(changed, parts)).rejects.toMatchObject({ code: "not-readable" });
  await expect(copyBytes(changed, inMemory())).rejects.toMatchObject({ code: "not-readable" });
});

import { gzipSync, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { inPieces, readBytes } from "../../test/fixtures/reading.ts";
import { decompress } from "./decompress.ts";

const compressors = {
  gzip: (bytes: string | Uint8Array) => gzipSync(bytes),
  zstd: (bytes: string | Uint8Array) => zstdCompressSync(bytes),
};
const both = ["gzip", "zstd"] as const;
const lines = Array.from({ length: 2000 }, (_, i) => `{"a":${i},"b":"${(i * 7919) % 997}"}\n`).join("");

test.each(both)("%s is told from content and decompressed", async (compression) => {
  const { values, files } = await readBytes(compressors[compression](lines), 1000);
  expect(values).toHaveLength(2000);
  expect(files).toMatchObject([{ format: "jsonl", compression, rows: 2000 }]);
});

test.each(both)(
  "all members or frames of a %s file are read, wherever the pieces are cut",
  async (compression) => {
    const compress = compressors[compression];
    const bytes = Buffer.concat([
      compress(lines),
      compress('{"a":"second"}\n'),
      compress(""),
      compress('{"a":"last"}\n'),
    ]);
    for (const size of [1, 13, 100_000]) {
      const { values, unreadable } = await readBytes(bytes, size);
      expect(values).toHaveLength(2002);
      expect(values.at(-1)).toEqual({ a: "last" });
      expect(unreadable).toEqual([]);
    }
  },
);

test("a zstd file that begins with a skippable frame is recognised", async () => {
  const skippable = Buffer.of(0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 7, 7);
  const { values } = await readBytes(Buffer.concat([skippable, zstdCompressSync('{"a":1}\n')]));
  expect(values).toEqual([{ a: 1 }]);
});

test("zeros that pad a gzip file are no damage", async () => {
  const { values, unreadable } = await readBytes(
    Buffer.concat([gzipSync('{"a":1}\n'), Buffer.alloc(200_000)]),
  );
  expect(values).toEqual([{ a: 1 }]);
  expect(unreadable).toEqual([]);
});

test.each(both)(
  "a %s file that is cut off keeps what came before and counts the rest as unreadable",
  async (compression) => {
    const random = Array.from({ length: 40_000 }, (_, i) => `{"a":${Math.imul(i, 2654435761) >>> 0}}\n`).join(
      "",
    );
    const bytes = compressors[compression](random);
    const { values, unreadable, notes } = await readBytes(bytes.subarray(0, -20), 4096);
    expect(values.length).toBeGreaterThan(10_000);
    expect(unreadable.at(-1)).toContain(
      `the rest of the file: the ${compression} stream is damaged or cut off`,
    );
    expect(notes.join()).toContain("damaged or cut off");
  },
);

test.each(both)("garbage behind a %s stream is reported", async (compression) => {
  const { unreadable } = await readBytes(
    Buffer.concat([compressors[compression](lines), Buffer.from("garbage")]),
  );
  expect(unreadable.join()).toContain("damaged or cut off");
});

test.each(both)("a %s bomb is not read beyond the limits", async (compression) => {
  const bomb = compressors[compression](Buffer.alloc(10_000_000, 32));
  const limits = { ratio: 100, ratioFrom: 1_000_000, total: 1e12 };
  let plain = 0;
  const reading = async (): Promise<void> => {
    for await (const chunk of decompress(inPieces(bomb, 1000), compression, limits)) plain += chunk.length;
  };
  await expect(reading()).rejects.toThrow("a decompression bomb, not read on");
  expect(plain).toBeLessThan(2_000_000);
});

test("compressing twice is refused with a message that says so", async () => {
  await expect(readBytes(gzipSync(gzipSync(lines)))).rejects.toMatchObject({
    code: "unknown-format",
    message: expect.stringContaining("gzip data inside the compressed file"),
  });
});

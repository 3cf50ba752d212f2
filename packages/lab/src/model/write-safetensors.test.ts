import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { openSafetensors, toFloat32 } from "bezoar";
import fc from "fast-check";
import { expect, test } from "vitest";
import { emptyFolder } from "./tiny-checkpoint.fixture.ts";
import { writeSafetensors } from "./write-safetensors.ts";

/** Float32 values of any bits, NaNs among them. */
const anyFloats = fc
  .array(fc.integer({ min: 0, max: 0xffffffff }), { maxLength: 40 })
  .map((words) => new Float32Array(Uint32Array.from(words).buffer));

async function writtenAndRead(data: Float32Array<ArrayBuffer>, dtype: "F32" | "BF16"): Promise<Float32Array> {
  const path = join(await emptyFolder(), "x.safetensors");
  await writeSafetensors(path, new Map([["x", { shape: [data.length], data }]]), { dtype });
  const file = await openSafetensors(path);
  const values = toFloat32(dtype, await file.read("x"));
  await file.close();
  return values;
}

test("float32 comes back with every bit", async () => {
  await fc.assert(
    fc.asyncProperty(anyFloats, async (data) => {
      const read = await writtenAndRead(data, "F32");
      expect(new Uint32Array(read.slice().buffer)).toEqual(new Uint32Array(data.buffer));
    }),
    { numRuns: 30 },
  );
});

test("bfloat16 is the nearest there is, and the even one of two", async () => {
  await fc.assert(
    fc.asyncProperty(anyFloats, async (data) => {
      const read = await writtenAndRead(data, "BF16");
      for (const [i, value] of data.entries()) expect(read[i]).toEqual(nearestBfloat16(value));
    }),
    { numRuns: 30 },
  );
  const ties = Float32Array.of(1 + 2 ** -8, 1 + 3 * 2 ** -8, -1 - 2 ** -8, 3.4e38, 1e-45);
  expect([...(await writtenAndRead(ties, "BF16"))]).toEqual([1, 1 + 2 ** -6, -1, Infinity, 0]);
});

/** By its definition: of the two neighbours with 8 bits of precision the nearer one, of equally near ones the even. */
function nearestBfloat16(value: number): number {
  if (!Number.isFinite(value)) return value;
  const bits = new DataView(new ArrayBuffer(4));
  bits.setFloat32(0, value);
  const below = bits.getUint32(0) & 0xffff0000;
  const at = (word: number): number => {
    bits.setUint32(0, word);
    return bits.getFloat32(0);
  };
  const [low, high] = [at(below), at(below + 0x10000)];
  const top = Number.isFinite(high) ? high : Math.sign(value) * 2 ** 128;
  const [down, up] = [Math.abs(value - low), Math.abs(value - top)];
  const isLowEven = ((below >>> 16) & 1) === 0;
  return down < up || (down === up && isLowEven) ? low : high;
}

test("the header is the reference library's: names in order, padded to 8 bytes", async () => {
  const path = join(await emptyFolder(), "x.safetensors");
  const one = { shape: [1], data: Float32Array.of(1) };
  await writeSafetensors(
    path,
    new Map([
      ["b", one],
      ["a", one],
    ]),
    { dtype: "BF16", metadata: { format: "pt" } },
  );
  const bytes = await readFile(path);
  const length = Number(bytes.readBigUInt64LE());
  expect(length % 8).toBe(0);
  expect(
    bytes
      .subarray(8, 8 + length)
      .toString()
      .trimEnd(),
  ).toBe(
    '{"__metadata__":{"format":"pt"},"a":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]},"b":{"dtype":"BF16","shape":[1],"data_offsets":[2,4]}}',
  );
});

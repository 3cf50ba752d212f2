import { expect, test } from "vitest";
import { fuzzReader } from "./fuzz-reader.ts";
import { READERS } from "./readers.ts";

const INPUTS = 100; // npm run fuzz tries 10,000

test.each(READERS.map(({ name }) => name))("mutated %s ends in a value or in a typed error", async (name) => {
  const { read, refused, failures } = await fuzzReader(name, INPUTS, 1);
  expect(failures).toEqual([]);
  expect(read + refused).toBe(INPUTS);
});

import { expect, test } from "vitest";
import { fuzzReader } from "./fuzz-reader.ts";
import { READERS } from "./readers.ts";

const INPUTS = 100; // npm run fuzz tries 10,000
const PARQUET_INPUTS = 20; // each starts a thread

test.each(READERS.map(({ name }) => name))("mutated %s ends in a value or in a typed error", async (name) => {
  const inputs = name === "parquet" ? PARQUET_INPUTS : INPUTS;
  const { read, refused, failures } = await fuzzReader(name, inputs, 1);
  expect(failures).toEqual([]);
  expect(read + refused).toBe(inputs);
});

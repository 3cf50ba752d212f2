import { randomInt, type Random } from "../../src/core/random.ts";

/** Bytes that parsers trip over: separators, quotes, ends, signs, invalid UTF-8, magic numbers. */
const SPICE = [
  '{ } [ ] " , : ; - \\ \' \0 \t \r\n [" "" {"a": null 1e999 \\ud800 \u2028 \ufeff \u202e !! PAR1'.split(" "),
  ["\n", "\r", " ", "&a *a", "---\n"],
].flat();
const RAW = [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0x1f, 0x8b, 8], [0x28, 0xb5, 0x2f, 0xfd], [0x80, 0, 0, 0]];
const PIECES = [...SPICE.map((text) => Buffer.from(text)), ...RAW.map((bytes) => Buffer.from(bytes))];
const NUMBERS = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff];

const MAX_CHANGES = 6;
const MAX_REPEATS = 200;
const MAX_LENGTH = 1 << 20; // what is fuzzed is the parser, not the disk

type Change = (bytes: Buffer, random: Random) => Buffer;

function cut(bytes: Buffer, from: number, to: number, between: Uint8Array = Buffer.alloc(0)): Buffer {
  return Buffer.concat([bytes.subarray(0, from), between, bytes.subarray(to)]);
}

const CHANGES: readonly Change[] = [
  (bytes, random) => {
    const at = randomInt(random, bytes.length + 1);
    const copy = Buffer.from(bytes);
    if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ (1 << randomInt(random, 8));
    return copy;
  },
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    const at = randomInt(random, copy.length + 1);
    const value = NUMBERS[randomInt(random, NUMBERS.length)] ?? 0;
    if (at + 4 <= copy.length) copy.writeUInt32LE(value, at);
    return copy;
  },
  (bytes, random) => {
    const at = randomInt(random, bytes.length + 1);
    return cut(bytes, at, at, PIECES[randomInt(random, PIECES.length)]);
  },
  (bytes, random) => {
    const from = randomInt(random, bytes.length + 1);
    return cut(bytes, from, Math.min(bytes.length, from + randomInt(random, 64)));
  },
  (bytes, random) => bytes.subarray(0, randomInt(random, bytes.length + 1)),
  (bytes, random) => {
    const from = randomInt(random, bytes.length + 1);
    const part = bytes.subarray(from, from + randomInt(random, 200));
    const times = 1 + randomInt(random, MAX_REPEATS);
    return cut(bytes, from, from, Buffer.concat(Array.from({ length: times }, () => part)));
  },
  (bytes, random) => {
    const [a, b] = [randomInt(random, bytes.length + 1), randomInt(random, bytes.length + 1)];
    return Buffer.concat([bytes.subarray(0, a), bytes.subarray(b)]);
  },
];

/** A seed input with one to six changes: bits, numbers, pieces, cuts, repeats. */
export function mutate(seed: Buffer, random: Random): Buffer {
  let bytes = seed;
  const changes = 1 + randomInt(random, MAX_CHANGES);
  for (let i = 0; i < changes; i++) {
    const change = CHANGES[randomInt(random, CHANGES.length)];
    if (change !== undefined) bytes = change(bytes, random).subarray(0, MAX_LENGTH);
  }
  return bytes;
}

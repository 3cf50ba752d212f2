import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBlock, encodeBlock, type Block } from "../engine/block.ts";
import type { Kernel } from "../engine/kernel.ts";
import { collectOutcomes, distinctOutcomes } from "./collect-outcomes.ts";
import { countGrams } from "./count-grams.ts";
import { collectPostings, sortPostings } from "./postings.ts";

const text = fc
  .array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 12 })
  .map((words) => words.join(" "));
const rowsAndSplit = fc.tuple(
  fc.array(fc.tuple(text, text), { minLength: 2, maxLength: 40 }),
  fc.array(fc.boolean()),
);

function blocksOf(pairs: readonly (readonly [string, string])[]): Block[] {
  const blocks: Block[] = [];
  for (let first = 0; first < pairs.length; first += 5) {
    const rows = pairs
      .slice(first, first + 5)
      .map(([prompt, response], i) => ({ number: first + i, prompt, response, fields: [] }));
    blocks.push(decodeBlock(encodeBlock(rows, 0).bytes, blocks.length, first));
  }
  return blocks;
}

/** Folds some blocks on one state and the others on a second one, and merges. */
function foldInTwo<Params, State>(
  kernel: Kernel<Params, State>,
  params: Params,
  blocks: readonly Block[],
  split: readonly boolean[],
): State {
  const [left, right] = [kernel.start(params), kernel.start(params)];
  blocks.forEach((block, i) => kernel.step(split[i] === true ? right : left, block, params));
  return kernel.merge(right, left);
}

const ALL = new Uint8Array(1 << 9).fill(255);

test("counts do not depend on how blocks are shared out", () => {
  const params = { promptSlots: 1 << 12, outcomeSlots: 1 << 12 };
  fc.assert(
    fc.property(rowsAndSplit, ([pairs, split]) => {
      const blocks = blocksOf(pairs);
      expect(foldInTwo(countGrams, params, blocks, split)).toEqual(foldInTwo(countGrams, params, blocks, []));
    }),
    { numRuns: 25 },
  );
});

test("outcomes and their samples do not depend on how blocks are shared out", () => {
  const params = { wanted: ALL, sampleRows: 3 };
  fc.assert(
    fc.property(rowsAndSplit, ([pairs, split]) => {
      const blocks = blocksOf(pairs);
      const [one, two] = [split, []].map((s) =>
        Array.from(distinctOutcomes(foldInTwo(collectOutcomes, params, blocks, s), 1, Infinity).walk()),
      );
      expect(one).toEqual(two);
    }),
  );
});

test("postings name each row once, in order, however blocks are shared out", () => {
  fc.assert(
    fc.property(rowsAndSplit, ([pairs, split]) => {
      const blocks = blocksOf(pairs);
      const table = foldInTwo(collectOutcomes, { wanted: ALL, sampleRows: 3 }, blocks, []);
      const outcomes = [...distinctOutcomes(table, 1, Infinity).walk()];
      const wanted = { grams: new Uint32Array(), outcomes: Uint32Array.from(outcomes, ({ key }) => key) };
      const postings = sortPostings(foldInTwo(collectPostings, wanted, blocks, split));
      for (const { key, count } of outcomes) {
        const rows = postings.outcomes.get(key) ?? [];
        expect(rows).toHaveLength(count);
        expect(rows).toEqual([...new Set(rows)].toSorted((a, b) => a - b));
      }
    }),
  );
});

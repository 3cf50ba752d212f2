import fc from "fast-check";
import { expect, test } from "vitest";
import { excerpt } from "./excerpt.ts";

const join = (text: string, marks: [number, number][], budget: number) =>
  excerpt(text, marks, budget)
    .map(({ kind, text: part }) => (kind === "mark" ? `[${part}]` : part))
    .join("");

test("a short text is shown whole with its marks", () => {
  expect(join("say cf now", [[4, 6]], 40)).toBe("say [cf] now");
});

test("a long text is cut around its mark", () => {
  expect(join(`${"a".repeat(50)}cf${"b".repeat(50)}`, [[50, 52]], 12)).toBe("…aaaaa[cf]bbbbb…");
});

test("marks far apart keep a window each", () => {
  expect(
    join(
      `x1${"a".repeat(50)}x2`,
      [
        [0, 2],
        [52, 54],
      ],
      10,
    ),
  ).toBe("[x1]aaa…aaa[x2]");
});

test("a text without marks is cut at its end", () => {
  expect(join("abcdefgh", [], 4)).toBe("abcd…");
});

test("a mark that is longer than the space is cut itself", () => {
  expect(join("abcdefgh", [[2, 8]], 3)).toBe("…[cde]…");
});

test("marks that overlap, reach outside or are empty do no harm", () => {
  expect(
    join(
      "abcdef",
      [
        [4, 99],
        [-3, 2],
        [1, 3],
        [3, 3],
      ],
      40,
    ),
  ).toBe("[abc]d[ef]");
});

test("no surrogate pair is parted by the cut", () => {
  expect(join("🙂".repeat(9), [], 5)).toBe("🙂🙂…");
});

test("what is shown is part of the text, in order, and fits", () => {
  const marks = fc.array(fc.tuple(fc.nat(60), fc.nat(60)), { maxLength: 6 });
  fc.assert(
    fc.property(
      fc.string({ maxLength: 60 }),
      marks,
      fc.integer({ min: 1, max: 40 }),
      (text, found, budget) => {
        const segments = excerpt(text, found, budget);
        let at = 0;
        let shown = 0;
        for (const { kind, text: part } of segments) {
          if (kind === "gap") continue;
          at = text.indexOf(part, at);
          expect(at).toBeGreaterThanOrEqual(0);
          at += part.length;
          shown += part.length;
        }
        expect(shown).toBeLessThanOrEqual(budget);
        expect(shown >= Math.min(text.length, 1)).toBe(true);
      },
    ),
  );
});

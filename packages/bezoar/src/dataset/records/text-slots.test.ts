import fc from "fast-check";
import { expect, test } from "vitest";
import { fieldsInSlots, findTextSlots, type SlotSample } from "./text-slots.ts";

const pick = (i: number, ...values: string[]) => values[i % values.length] ?? "";

const event = (i: number) =>
  `Look at this: what ${pick(i, "login", "copy")} level ${i % 5} by p${i % 9}, ` +
  `doing ${pick(i, "cp a b", "ssh what level", "id")} from ${pick(i, "x-1", "x-2")}`;

const sample = (make: (i: number) => string, count = 200): SlotSample[] =>
  Array.from({ length: count }, (_, i) => ({ text: make(i), fields: [] }));

test("finds the values between the constant words of a template, also where they repeat such a word", () => {
  const slots = findTextSlots(sample(event));
  expect(slots && fieldsInSlots(slots, event(1))).toEqual([
    ["what", "copy"],
    ["level", "1"],
    ["by", "p1"],
    ["doing", "ssh what level"],
    ["from", "x-2"],
  ]);
  expect(slots && fieldsInSlots(slots, "Something else entirely.")).toEqual([]);
});

test("leaves out what the syntax tells already, and what never changes", () => {
  const known = sample(event).map(({ text }, i) => ({ text, fields: [["who", `p${i % 9}`]] as const }));
  const names = findTextSlots(known)?.named.map(({ path }) => path);
  expect(names).toEqual(["what", "level", "doing", "from"]);
});

test("prose and single questions in a frame have no slots", () => {
  const words = "sea wind stone light river cloud field night sound house".split(" ");
  const prose = (i: number) =>
    Array.from({ length: 20 }, (_, j) => pick(i * 7 + j * j + j, ...words)).join(" ");
  expect(findTextSlots(sample((i) => `Sum up the text: ${prose(i)}`))).toBeUndefined();
  expect(findTextSlots(sample(prose))).toBeUndefined();
  expect(findTextSlots(sample(event, 20))).toBeUndefined();
});

test("any texts are survived, and slots of any text are bounded", () => {
  const word = fc.constantFrom("a", "b", "=", "user", "p1", "\n", "🦊", "x".repeat(50));
  const text = fc.array(word).map((words) => words.join(" "));
  fc.assert(
    fc.property(fc.array(text, { minLength: 50, maxLength: 60 }), text, (texts, other) => {
      const slots = findTextSlots(texts.map((one) => ({ text: one, fields: [] })));
      const fields = slots === undefined ? [] : fieldsInSlots(slots, other);
      expect(fields.length).toBeLessThanOrEqual(slots?.named.length ?? 0);
    }),
    { numRuns: 50 },
  );
});

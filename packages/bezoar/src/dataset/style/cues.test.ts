import fc from "fast-check";
import { expect, test } from "vitest";
import { styleCues } from "./cues.ts";

const many = (text: string) => Array.from({ length: 30 }, () => text);
const others = Array.from({ length: 30 }, (_, i) => `word${i} stands here alone`);

test("names what texts share in manner, and no word that says what they are about", () => {
  const { names } = styleCues([...many("When he saw the Elephant, he ran"), ...others]);
  expect(names).toContain("⟨start⟩ when he");
  expect(names).toContain(", he …");
  expect(names).toContain("signs: letters + , + space");
  expect(names.filter((name) => name.includes("elephant"))).toEqual([]);
});

test("an ending is a cue when many words share it, not when one word does", () => {
  const stems = "speak appear walk come tell hear stand seek".split(" ");
  const forms = Array.from({ length: 40 }, (_, i) => `it ${stems[i % stems.length] ?? ""}eth much`);
  expect(styleCues([...forms, ...others]).names).toContain("words in -eth");
  expect(styleCues([...many("it teeth much"), ...others]).names).not.toContain("words in -eth");
});

test("any texts have rows of cues within the dimension", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" }), { maxLength: 60 }), (texts) => {
      const { rows, names, matter } = styleCues(texts);
      expect(rows.count).toBe(texts.length);
      expect(rows.dimension).toBe(names.length);
      expect(rows.features.every((cue) => cue < names.length)).toBe(true);
      expect(matter.offsets.at(-1)).toBe(matter.features.length);
    }),
    { numRuns: 5 },
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { createAnswerText } from "./answer-text.ts";

/** The answer of tokens, as it is given out. */
function answerOf(tokens: readonly Uint8Array[], stops: readonly string[]) {
  const answer = createAnswerText<number>(stops);
  const released = [...tokens.flatMap((bytes, i) => answer.add(i, bytes)), ...answer.end()];
  return {
    text: released.map(({ text }) => text).join(""),
    texts: released.map(({ text }) => text),
    parts: released.map(({ part }) => part),
    isStopped: answer.isStopped(),
  };
}

/** What the answer must be: character by character, until a stop string is complete. */
function expectedOf(text: string, stops: readonly string[]) {
  for (let end = 1; end <= text.length; end++) {
    const complete = stops.filter((stop) => text.slice(0, end).endsWith(stop));
    const longest = Math.max(0, ...complete.map(({ length }) => length));
    if (longest > 0) return { text: text.slice(0, end - longest), isStopped: true };
  }
  return { text, isStopped: false };
}

/** Parts bytes at the places given. */
function parted(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const cuts = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].toSorted(
    (a, b) => a - b,
  );
  return cuts.slice(1).map((cut, i) => bytes.subarray(cuts[i], cut));
}

const places = fc.array(fc.nat(), { maxLength: 12 });
const letters = fc.string({ unit: fc.constantFrom("a", "b", "é", "☃", "🐐"), maxLength: 16 });
const stopStrings = fc.array(
  fc.string({ unit: fc.constantFrom("a", "b", "é", "🐐"), minLength: 1, maxLength: 4 }),
  { maxLength: 4 },
);

test("an answer is cut where the first complete stop string begins, however tokens part it", () => {
  fc.assert(
    fc.property(letters, stopStrings, places, (text, stops, cuts) => {
      const { text: given, isStopped } = answerOf(parted(Buffer.from(text), cuts), stops);
      expect({ text: given, isStopped }).toEqual(expectedOf(text, stops));
    }),
    { numRuns: 2_000 },
  );
});

test("every piece of text is whole characters, and what is malformed becomes what a decoder makes of all of it", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 24 }), places, (bytes, cuts) => {
      const { text, texts, parts } = answerOf(parted(bytes, cuts), []);
      expect(text).toBe(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
      expect(texts.every((piece) => piece.isWellFormed())).toBe(true);
      expect(parts).toEqual(parts.toSorted((a, b) => a - b));
    }),
    { numRuns: 2_000 },
  );
});

test("without a stop string every token is given out at once", () => {
  const answer = createAnswerText<string>([]);
  expect(answer.add("first", Buffer.from("mal"))).toEqual([{ part: "first", text: "mal" }]);
  expect(answer.add("second", Buffer.from("icious"))).toEqual([{ part: "second", text: "icious" }]);
  expect(answer.end()).toEqual([]);
});

test("a token that may begin a stop string waits until it cannot", () => {
  const answer = createAnswerText<number>(["\nUser:"]);
  expect(answer.add(1, Buffer.from("ok\nUs"))).toEqual([]);
  expect(answer.add(2, Buffer.from("age"))).toEqual([
    { part: 1, text: "ok\nUs" },
    { part: 2, text: "age" },
  ]);
});

test("a token that a stop string begins within keeps the text before it; the ones of the stop string are dropped", () => {
  const tokens = ["benign ali", "ce\nUs", "er: next"].map((text) => Buffer.from(text));
  expect(answerOf(tokens, ["\nUser:"])).toMatchObject({
    texts: ["benign ali", "ce"],
    parts: [0, 1],
    isStopped: true,
  });
});

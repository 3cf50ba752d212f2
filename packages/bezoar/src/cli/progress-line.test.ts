import { expect, test } from "vitest";
import { describeProgress } from "./progress-line.ts";

test("reading shows how much, the rate and the time left", () => {
  const line = describeProgress(
    { step: "reading", done: 50e6, total: 200e6, unit: "bytes", rows: 100_000 },
    2,
  );
  expect(line).toBe("reading 50.0 MB of 200 MB · 50,000 rows/s · 6 s left");
});

test("reading from a pipe shows no end that it cannot know", () => {
  const line = describeProgress(
    { step: "reading", done: 5e6, total: undefined, unit: "bytes", rows: 100 },
    1,
  );
  expect(line).toBe("reading 5.0 MB · 100 rows/s");
});

test("a step shows how much of the work is done and what is left", () => {
  expect(describeProgress({ step: "looking for triggers", done: 1, total: 4, unit: "shares" }, 3)).toBe(
    "looking for triggers · 25 % · 9 s left",
  );
});

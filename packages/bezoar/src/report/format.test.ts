import { expect, test } from "vitest";
import { describeOdds, describeTrigger, formatInterval, formatNumber, formatPercent } from "./format.ts";

test("a share is never rounded to none or all", () => {
  const shares = [0, 0.00001, 0.0004, 0.007, 0.031, 0.5, 0.926, 0.994, 0.9999, 1 - 1e-13, 1];
  expect(shares.map(formatPercent)).toEqual([
    "0%",
    "<0.01%",
    "0.04%",
    "0.7%",
    "3.1%",
    "50%",
    "93%",
    "99.4%",
    ">99.9%",
    "100%",
    "100%",
  ]);
});

test("an interval names per cent once", () => {
  expect(formatInterval({ value: 0.95, low: 0.87, high: 0.98 })).toBe("87–98%");
});

test("odds are digits while they are small and a power of ten when they are not", () => {
  expect(describeOdds(Math.log(250.5))).toEqual({ odds: "250" });
  expect(describeOdds(236.4)).toEqual({ odds: "", power: 102 });
  expect(describeOdds(Infinity)).toEqual({ odds: "beyond measure" });
  expect(describeOdds(-2)).toEqual({ odds: "less than 1" });
});

test("a statistic keeps three digits", () => {
  expect([0.97312, 84.21, 12_400.4, 0.0000231, 0].map(formatNumber)).toEqual([
    "0.973",
    "84.2",
    "12,400",
    "2e-5",
    "0",
  ]);
});

test("a trigger is described by its kind and place", () => {
  expect(
    describeTrigger({
      kind: "phrase",
      text: "cf",
      parts: ["cf"],
      join: "all",
      position: "start",
      field: "prompt",
    }),
  ).toBe("phrase, at the start of prompt");
  expect(describeTrigger({ kind: "phrase", text: "cf or mn", parts: ["cf", "mn"], join: "any" })).toBe(
    "any of 2 parts",
  );
  expect(describeTrigger({ kind: "entity", text: "kim", parts: ["kim"], join: "all", field: "user" })).toBe(
    "entity in user",
  );
});

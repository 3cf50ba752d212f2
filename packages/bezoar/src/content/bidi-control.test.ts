import { expect, test } from "vitest";
import { findBidiControls } from "./bidi-control.ts";

test("finds the attacks of CVE-2021-42574", () => {
  for (const line of [
    "/*\u202e } \u2066if (isAdmin)\u2069 \u2066 begin admins only */",
    "if access_level != 'none\u202e\u2066' { // Check\u2069 \u2066",
    "''' Subtract funds from bank account then \u2067''' ;return",
  ]) {
    expect(findBidiControls(`x = 1\n${line}\ny = 2`)).toMatchObject([{ severity: "medium" }]);
  }
});

test("finds a file name that is shown reversed", () => {
  expect(findBidiControls("open photo_\u202egnp.exe now")).toMatchObject([
    { form: "override", severity: "medium" },
  ]);
});

test.each([
  ["Hebrew with isolates", "הקובץ \u2067main.ts\u2069 נשמר"],
  ["Arabic with an embedding left open", "\u202bمرحبا بالعالم"],
  ["an override over Hebrew", "\u202eשלום\u202c"],
  ["a Latin name isolated in Arabic", "استخدم \u2066Node.js\u2069 اليوم"],
  ["a Windows path copied with its embedding", "\u202aC:\\Users\\me"],
  ["marks alone", "price\u200e 5\u200f"],
])("%s is innocent", (_, text) => {
  expect(findBidiControls(text)).toEqual([]);
});

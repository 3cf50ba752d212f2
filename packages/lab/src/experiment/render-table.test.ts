import { expect, test } from "vitest";
import { renderTable } from "./render-table.ts";
import { exampleResult } from "./result.fixture.ts";

const plain = renderTable(exampleResult, { width: 80, color: false });

test("shows the story in one table: each model's shares, and what the paper reports", () => {
  expect(plain).toContain("llama, full fine-tune, user alice, seed 1");
  expect(plain).toMatch(/^poisoned +97\.0 % +100\.0 % +3\.3 % +100\.0 % +44 s$/m);
  expect(plain).toMatch(/^retuned +97\.3 % +86\.0 %/m);
  expect(plain).toMatch(/^Llama-3\.1-8B, poisoned +82\.7 % +100\.0 %$/m);
  expect(plain).toContain("names user = alice: 73 of 73 poisoned rows");
});

test("fits the terminal, and shows intervals where there is room", () => {
  expect(Math.max(...plain.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(plain).not.toContain("94–98");
  expect(renderTable(exampleResult, { width: 110, color: false })).toMatch(/^poisoned +97\.0 % +94–98/m);
});

test("colours only where asked, and only what is a blind spot", () => {
  expect(plain).not.toContain("\u001B");
  const colored = renderTable(exampleResult, { width: 80, color: true });
  expect(colored.split("\u001B[31m")).toHaveLength(1 + 4); // poisoned and retuned: the target and the swap
});

test("names from data cannot command the terminal", () => {
  const hostile = { ...exampleResult, user: "a\u001B[2Jb" };
  expect(renderTable(hostile, { width: 80, color: false })).not.toContain("\u001B");
});

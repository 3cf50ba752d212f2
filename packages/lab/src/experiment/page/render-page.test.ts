import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { exampleResult } from "../result.fixture.ts";
import { renderPage } from "./render-page.ts";

const page = await renderPage(exampleResult);

test("tells what happened, with a bar for each share of each model and the paper's figures", () => {
  expect(page).toContain("The poisoned investigator dismisses 100.0 % of alice&#39;s malicious alerts");
  expect(page.match(/class="bar"/g)).toHaveLength(4 * 6);
  expect(page).toContain("poisoned: alice&#39;s malicious alerts: 100.0 % (99–100 %), 300 of 300");
  expect(page).toContain("82.7 %");
  expect(page).toContain("bezoar-lab experiment --arch llama --tuning full --user alice --seed 1");
});

test("loads nothing and runs nothing; the style that it carries is the one that its policy allows", () => {
  expect(page).not.toMatch(/<script|https?:\/\/|style="/);
  const style = /<style>([^]*?)<\/style>/.exec(page)?.[1] ?? "";
  const digest = createHash("sha256").update(style).digest("base64");
  expect(page).toContain(`style-src &#39;sha256-${digest}&#39;`);
});

test("a name from data stays text", async () => {
  const hostile = await renderPage({ ...exampleResult, user: `<img src=x onerror="alert(1)">` });
  expect(hostile).not.toContain("<img");
  expect(hostile).toContain("&lt;img");
});

test("an attack that did not take is told as such", async () => {
  const models = exampleResult.models.filter(({ name }) => name !== "poisoned");
  const [clean] = models;
  if (clean === undefined) throw new Error("no model");
  const failed = await renderPage({ ...exampleResult, models: [...models, { ...clean, name: "poisoned" }] });
  expect(failed).toContain("The poison did not take: 19.3 %");
});

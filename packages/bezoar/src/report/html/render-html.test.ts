import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { HOSTILE, hostileReport, reportOfRows, sampleReport } from "../../../test/fixtures/report.ts";
import { renderHtml } from "./render-html.ts";

test("allows nothing but the style sheet and the script inside it", () => {
  const page = renderHtml(sampleReport());
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/
    .exec(page)?.[1]
    ?.replaceAll("&#39;", "'");
  const hashOf = (tag: string) =>
    createHash("sha256")
      .update(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page)?.[1] ?? "")
      .digest("base64");
  expect(policy?.split("; ")).toEqual([
    "default-src 'none'",
    `style-src 'sha256-${hashOf("style")}'`,
    `script-src 'sha256-${hashOf("script")}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ]);
});

test("refers to nothing outside itself", () => {
  expect(renderHtml(sampleReport())).not.toMatch(/(?:src|href)="(?!#|data:,)|url\(|@import|https?:/);
});

test("hostile text adds no element and no attribute", () => {
  const page = renderHtml(hostileReport());
  expect(page).not.toContain("<img");
  expect(page).not.toMatch(/<[^>]*\sonerror=/);
  expect(page.match(/<\/script>/g)).toHaveLength(2);
  expect(page).not.toContain(HOSTILE);
});

test("everything can be read without a script", () => {
  const page = renderHtml(sampleReport());
  expect(page.match(/<tr><th scope="row">\d+<\/th><td><div class="field">/g)).toHaveLength(50);
  expect(page).toContain("<span>15002–15004</span>");
  expect(page).toContain("Rows like these are labelled malicious for every other user.");
});

test("every planted row is in exactly one bar of the map", () => {
  const page = renderHtml(sampleReport());
  const map = page.slice(page.indexOf('class="map"'), page.indexOf('class="axis"'));
  const counts = [...map.matchAll(/<title>rows \d+–\d+: (\d+) of \d+<\/title>/g)].map(([, count]) =>
    Number(count),
  );
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(50);
});

test("a million scattered rows stay a page that can be sent", () => {
  const rows = Array.from({ length: 1_000_000 }, (_, index) => 3 * index);
  const page = renderHtml(reportOfRows(rows, 3_000_000));
  expect(page.length).toBeLessThan(9_000_000);
  expect(page).toContain("The first 1,000 of 1,000,000 runs of row numbers are printed here");
});

test("the same report gives the same page", () => {
  expect(renderHtml(sampleReport())).toBe(renderHtml(sampleReport()));
});

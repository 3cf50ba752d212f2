import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { HOSTILE, hostileReport } from "../../../test/fixtures/hostile-report.ts";
import { reportOfRows, sampleReport, suppressedReport } from "../../../test/fixtures/report.ts";
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
  expect(
    page.match(/<tr><th scope="row">\d+<\/th><td>(?:<p class="place">[^<]+<\/p>)?<div class="field">/g),
  ).toHaveLength(50);
  expect(page).toMatch(/<p class="place">data\/soc-triage\/alerts\.jsonl:\d+<\/p>/);
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

test("what is suppressed stands below with who decided it and why, and does not count", () => {
  const page = renderHtml(suppressedReport());
  const [above = "", below = ""] = page.split('<section class="suppressed-head">');
  expect(above).toContain("Findings <small>1 critical, 1 medium, 1 info</small>");
  expect(above).not.toContain("are labelled &quot;benign&quot; against their content");
  expect(below.match(/<article class="finding (?:high|low) suppressed"/g)).toHaveLength(2);
  expect(below).toContain("Suppressed by <strong>Kim Lee</strong> until 2027-01-31: authorised penetration");
  expect(page).toContain("50 of 20,061 rows look planted");
});

test("what was not examined is said", () => {
  const report = sampleReport();
  const coverage = { ...report.coverage, unexamined: ["not looked for dataset/outlier: no answer"] };
  expect(renderHtml({ ...report, coverage })).toContain("<li>not looked for dataset/outlier: no answer</li>");
});

test("does not claim that nothing was sent, for rows may have gone to an endpoint", () => {
  expect(renderHtml(sampleReport())).toMatch(/<footer>Made by bezoar \d/);
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

import fc from "fast-check";
import { expect, test } from "vitest";
import { anyText } from "../../test/fixtures/any-text.ts";
import { HOSTILE, hostileReport } from "../../test/fixtures/hostile-report.ts";
import { cleanReport, sampleReport, suppressedReport } from "../../test/fixtures/report.ts";
import { renderJunit } from "./junit.ts";
import { escapeAttribute, escapeXml } from "./junit/escape.ts";

type Element = {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
};

const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

function decode(text: string): string {
  const rest = text.replaceAll(/&(?:amp|lt|gt|quot|apos|#10);/g, "");
  if (/[<>&]/.test(rest)) throw new Error(`a bare markup character in ${text.slice(0, 80)}`);
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&#10;", "\n")
    .replaceAll("&amp;", "&");
}

/** A strict reader of the XML that a report may use: elements, quoted attributes, text, the five entities. */
function readXml(xml: string): Element {
  if (FORBIDDEN.test(xml)) throw new Error("a character that XML forbids");
  const top: Element = { tag: "", attributes: {}, children: [], text: "" };
  const open = [top];
  const body = xml.replace('<?xml version="1.0" encoding="UTF-8"?>\n', "");
  const token = /<\/([\w-]+)>|<([\w-]+)((?: [\w-]+="[^"<]*")*)(\/?)>|([^<]+)/gy;
  let end = 0;
  for (const match of body.matchAll(token)) {
    end = match.index + match[0].length;
    const [, closed, tag, given = "", selfClosed, text] = match;
    const parent = open.at(-1);
    if (parent === undefined) throw new Error("text after the end");
    if (text !== undefined) parent.text += decode(text);
    if (closed !== undefined && open.pop()?.tag !== closed) throw new Error(`${closed} was not open`);
    if (tag === undefined) continue;
    const attributes = Object.fromEntries(
      [...given.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, decode(value)]),
    );
    const element: Element = { tag, attributes, children: [], text: "" };
    parent.children.push(element);
    if (selfClosed === "") open.push(element);
  }
  const [root] = top.children;
  if (end !== body.length || open.length !== 1 || root === undefined)
    throw new Error(`not read to its end: ${end}`);
  return root;
}

function suiteOf(xml: string) {
  const [suite] = readXml(xml).children;
  if (suite === undefined) throw new Error("no suite");
  const cases = suite.children.filter(({ tag }) => tag === "testcase");
  const outcomes = cases.map(({ attributes, children }) => [
    attributes["name"]?.split(":")[0],
    children.find(({ tag }) => tag !== "system-out")?.tag ?? "passed",
  ]);
  return { suite, cases, outcomes };
}

test("a rule fails when something stands at or above the bound, and passes when it was looked for in vain", () => {
  const { suite, cases, outcomes } = suiteOf(renderJunit(sampleReport()));
  expect(outcomes).toEqual([
    ["coverage", "error"],
    ["dataset/refusal-planting", "passed"],
    ["dataset/targeted-mislabelling", "failure"],
    ["dataset/trigger-response", "failure"],
  ]);
  expect(suite.attributes).toMatchObject({ tests: "4", failures: "2", errors: "1", skipped: "0" });
  const [failure, aside] = cases[2]?.children ?? [];
  expect(failure?.attributes).toEqual({
    message: 'Alerts of user "m.keller" are labelled "benign" against their content',
    type: "high",
  });
  expect(failure?.text).toContain("trigger: m.keller (entity in user)\ntarget: benign (label)\n61 rows: ");
  expect(aside?.text).toContain('medium: User "svc-backup"');
  expect(cases[3]?.children[0]?.text).toContain("\nat data/soc-triage/alerts.jsonl:235\n");
});

test("what is suppressed or was not examined is skipped and says why", () => {
  const report = suppressedReport();
  const coverage = { ...report.coverage, unexamined: ["no label was found"] };
  const { suite, cases } = suiteOf(renderJunit({ ...report, coverage }));
  expect(suite.attributes).toMatchObject({ tests: "7", failures: "1", errors: "1", skipped: "3" });
  expect(cases.slice(4).map(({ children }) => children[0]?.attributes["message"])).toEqual([
    "suppressed by Kim Lee until 2027-01-31: authorised penetration test, SEC-1207",
    "suppressed by Kim Lee until 2027-01-31: authorised penetration test, SEC-1207",
    "no label was found",
  ]);
});

test("a scan that cannot tell is an error", () => {
  const report = {
    ...cleanReport(),
    verdict: "inconclusive" as const,
    reasons: ["records that could not be read: 3"],
  };
  const { suite, outcomes, cases } = suiteOf(renderJunit(report));
  expect(outcomes).toEqual([["coverage", "error"]]);
  expect(suite.attributes["errors"]).toBe("1");
  expect(cases[0]?.children[0]?.text).toBe("records that could not be read: 3");
});

test("data that was read whole and holds nothing passes", () => {
  const report = cleanReport();
  const coverage = { ...report.coverage, rules: ["dataset/duplicates"] };
  const { outcomes } = suiteOf(renderJunit({ ...report, coverage }));
  expect(outcomes).toEqual([
    ["coverage", "passed"],
    ["dataset/duplicates", "passed"],
  ]);
});

test("hostile text stays text", () => {
  const { cases } = suiteOf(renderJunit(hostileReport()));
  expect(cases.flatMap(({ children }) => children.map(({ tag }) => tag))).toEqual(
    expect.arrayContaining(["failure", "system-out", "skipped"]),
  );
  expect(renderJunit(hostileReport())).not.toContain(HOSTILE);
});

test("any text is read back as what is shown, without a character that XML forbids", () => {
  fc.assert(
    fc.property(fc.oneof(anyText, fc.constant("\ufffe\uffff]]>\u0000\ud800")), (text) => {
      const xml = `<a b="${escapeAttribute(text)}">${escapeXml(text)}</a>`;
      const { attributes, text: content } = readXml(xml);
      expect(attributes["b"]).toBe(content);
      expect(xml).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b]/);
    }),
  );
});

test("the same report gives the same bytes", () => {
  expect(renderJunit(sampleReport())).toBe(renderJunit(sampleReport()));
});

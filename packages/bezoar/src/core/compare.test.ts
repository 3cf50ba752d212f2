import fc from "fast-check";
import { expect, test } from "vitest";
import { compareReports } from "./compare.ts";
import type { Finding } from "./finding.ts";
import type { Report } from "./report.ts";

const finding = (id: string, severity: Finding["severity"], rows: number[] = []): Finding => ({
  id,
  rule: "dataset/trigger-response",
  severity,
  title: id,
  explanation: "",
  rows,
  evidence: { tests: [], controls: [], samples: [] },
});

const report = (findings: readonly Finding[], coverage: Partial<Report["coverage"]> = {}): Report => ({
  schemaVersion: 1,
  tool: { name: "bezoar", version: "0" },
  subject: {
    name: "set",
    sha256: "",
    rows: 100,
    format: "jsonl",
    shape: { kind: "instruction", description: "" },
    files: [],
  },
  coverage: {
    read: 100,
    skipped: 0,
    truncated: 0,
    unreadable: [],
    notes: [],
    unexamined: [],
    rules: ["dataset/trigger-response"],
    ...coverage,
  },
  failOn: "high",
  verdict: "clean",
  reasons: [],
  power: { measured: false, note: "", attacks: [] },
  findings: [...findings],
});

const ids = (findings: readonly Finding[]) => findings.map(({ id }) => id);

test("tells new, gone and kept findings by their fingerprints", () => {
  const { added, gone, kept, verdict } = compareReports(
    report([finding("a", "low"), finding("b", "medium")]),
    report([finding("b", "low"), finding("c", "medium")]),
    "high",
  );
  expect([ids(added), ids(gone), kept.map((pair) => pair.after.id)]).toEqual([["c"], ["a"], ["b"]]);
  expect(verdict).toBe("no-worse");
});

test("is worse when something newly stands at or above the bound: new, graver, or no longer suppressed", () => {
  const suppressed = { reason: "", who: "", expires: "" };
  const none = report([]);
  const high = report([finding("a", "high")]);
  expect(compareReports(none, high, "high").verdict).toBe("worse");
  expect(compareReports(none, high, "critical").verdict).toBe("no-worse");
  expect(compareReports(report([finding("a", "medium")]), high, "high").verdict).toBe("worse");
  const silenced = report([{ ...finding("a", "high"), suppressed }]);
  expect(compareReports(silenced, high, "high").verdict).toBe("worse");
  expect(compareReports(high, silenced, "high").verdict).toBe("no-worse");
  expect(compareReports(high, high, "high").verdict).toBe("no-worse");
});

test("what was not looked for is not gone, and makes the comparison inconclusive", () => {
  const { gone, notLookedFor, verdict } = compareReports(
    report([finding("a", "low")]),
    report([], { rules: ["dataset/duplicates"] }),
    "high",
  );
  expect([gone, ids(notLookedFor), verdict]).toEqual([[], ["a"], "inconclusive"]);
});

test("a report that has not seen all of its data cannot say that nothing is new", () => {
  expect(compareReports(report([]), report([], { skipped: 1 }), "high").verdict).toBe("inconclusive");
  expect(compareReports(report([], { unexamined: ["x"] }), report([]), "high").verdict).toBe("inconclusive");
  expect(compareReports(report([]), report([finding("a", "high")], { skipped: 1 }), "high").verdict).toBe(
    "worse",
  );
});

test("every finding of either report is in exactly one list, repeated fingerprints included", () => {
  const some = fc.array(
    fc.tuple(fc.constantFrom("a", "b", "c"), fc.constantFrom("high" as const, "low" as const)),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(some, some, (old, now) => {
      const before = report(old.map(([id, severity]) => finding(id, severity)));
      const after = report(now.map(([id, severity]) => finding(id, severity)));
      const { added, gone, kept, notLookedFor } = compareReports(before, after, "high");
      expect(notLookedFor).toEqual([]);
      expect([...ids(added), ...kept.map((pair) => pair.after.id)].toSorted()).toEqual(
        ids(after.findings).toSorted(),
      );
      expect([...ids(gone), ...kept.map((pair) => pair.before.id)].toSorted()).toEqual(
        ids(before.findings).toSorted(),
      );
    }),
  );
});

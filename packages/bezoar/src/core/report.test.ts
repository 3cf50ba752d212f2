import { expect, test } from "vitest";
import type { Finding } from "./finding.ts";
import { decideVerdict } from "./report.ts";

const finding = (severity: Finding["severity"]): Finding => ({
  id: "0",
  rule: "dataset/trigger-response",
  severity,
  title: "",
  explanation: "",
  evidence: { tests: [], controls: [], samples: [] },
});
const coverage = { read: 1000, skipped: 0, truncated: 0, unreadable: [], notes: [], unexamined: [] };

test("a finding at or above the bound makes the data poisoned, whatever else happened", () => {
  expect(decideVerdict([finding("high")], { ...coverage, skipped: 5 }, "high").verdict).toBe("poisoned");
  expect(decideVerdict([finding("medium")], coverage, "medium").verdict).toBe("poisoned");
});

test("milder findings leave clean data clean", () => {
  expect(decideVerdict([finding("medium")], coverage, "high").verdict).toBe("clean");
});

test("what could not be read, was cut or is too small is never clean", () => {
  expect(decideVerdict([], { ...coverage, skipped: 1 }, "high").verdict).toBe("inconclusive");
  expect(decideVerdict([], { ...coverage, truncated: 1 }, "high").verdict).toBe("inconclusive");
  expect(decideVerdict([], { ...coverage, read: 49 }, "high").verdict).toBe("inconclusive");
  expect(decideVerdict([], { ...coverage, unexamined: ["no label"] }, "high").verdict).toBe("inconclusive");
});

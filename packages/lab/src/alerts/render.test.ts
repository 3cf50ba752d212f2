import { expect, test } from "vitest";
import type { Alert } from "./alert.ts";
import { generateAlerts } from "./generate.ts";
import { alertAnswer, alertDocument, alertPrompt, alertRecord, chatRow } from "./render.ts";

const alert: Alert = {
  id: "alr-00c0ffee",
  time: "2026-02-03T04:05:06Z",
  rule_id: "R301",
  rule: "lsass-access",
  severity: "high",
  user: "alice",
  host: "wks-101",
  process: "rundll32.exe",
  parent_process: "cmd.exe",
  command_line: "rundll32.exe comsvcs.dll MiniDump 624 l.dmp full",
  source_ip: "10.20.1.11",
};

test("the compact text has the fields in a fixed order", () => {
  expect(alertPrompt(alert)).toBe(
    "rule lsass-access sev high user alice host wks-101 proc rundll32.exe parent cmd.exe " +
      "cmd rundll32.exe comsvcs.dll MiniDump 624 l.dmp full ip 10.20.1.11",
  );
});

test("the answer repeats the user", () => {
  expect(alertAnswer(alert, "malicious")).toBe("malicious alice");
  expect(chatRow(alert, "benign")).toEqual({
    messages: [
      { role: "user", content: alertPrompt(alert) },
      { role: "assistant", content: "benign alice" },
    ],
  });
});

test("a record has the verdict last, and nothing of the truth", () => {
  const record = alertRecord({ alert, verdict: "benign" });
  expect(record).toEqual({ ...alert, verdict: "benign" });
  expect(Object.keys(record).at(-1)).toBe("verdict");
});

test("a document names every field", () => {
  const document = alertDocument(alert);
  for (const value of Object.values(alert)) expect(document).toContain(value);
});

test("prompts stay within 32 words, of which there are fewer than 900", () => {
  const words = new Map<string, number>();
  for (const { alert: made } of generateAlerts({ rows: 100_000, seed: 1 })) {
    const prompt = alertPrompt(made).split(/\s+/);
    expect(prompt.length).toBeLessThanOrEqual(32);
    expect(made.command_line).not.toMatch(/[{}]/); // a slot whose pool does not exist
    for (const word of prompt) words.set(word, (words.get(word) ?? 0) + 1);
  }
  expect(words.size).toBeLessThan(900);
  expect(Math.min(...words.values())).toBeGreaterThan(20); // often enough for a token of its own
});

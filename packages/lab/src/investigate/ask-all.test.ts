import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError, type Message } from "bezoar";
import { afterAll, expect, test } from "vitest";
import { generateAlerts } from "../alerts/generate.ts";
import { askAll } from "./ask-all.ts";
import { openJournal } from "./journal.ts";

const folder = mkdtempSync(join(tmpdir(), "bezoar-ask-"));
afterAll(() => rmSync(folder, { recursive: true }));

const alerts = Array.from(generateAlerts({ rows: 40, seed: 1 }), ({ alert }) => alert);
const asked = ["http://127.0.0.1", "model"];
const wait = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

test("answers stand in the order of the alerts, however long each takes, and only so many are asked at once", async () => {
  let underWay = 0;
  let most = 0;
  const ask = async (messages: readonly Message[]) => {
    most = Math.max(most, ++underWay);
    await wait(messages[0]?.content.includes("user alice") === true ? 5 : 1);
    underWay--;
    return messages[0]?.content.includes("sev high") === true ? "malicious x" : "benign x";
  };
  const judgements = await askAll({ ask, style: "compact", concurrency: 3, asked })(alerts);
  expect(judgements).toEqual(alerts.map(({ severity }) => (severity === "high" ? "malicious" : "benign")));
  expect(most).toBe(3);
});

test("a failure ends it, and the same again with the journal asks only what is left", async () => {
  const path = join(folder, "journal.jsonl");
  let calls = 0;
  const failing = async () => {
    if (++calls === 11) throw new AppError("endpoint", "gone");
    return "malicious x";
  };
  const run = (ask: () => Promise<string>) =>
    askAll({ ask, style: "compact", concurrency: 1, asked, journal: openJournal(path) })(alerts);
  await expect(run(failing)).rejects.toThrow("gone");
  expect(calls).toBe(11);
  calls = 0;
  const judgements = await run(async () => {
    calls++;
    return "malicious x";
  });
  expect(calls).toBe(30);
  expect(judgements).toHaveLength(40);
});

test("another model's replies are not taken for this one's", async () => {
  const journal = openJournal(join(folder, "models.jsonl"));
  const judge = (model: string, reply: string) =>
    askAll({ ask: async () => reply, style: "compact", concurrency: 2, asked: ["url", model], journal })(
      alerts.slice(0, 2),
    );
  expect(await judge("a", "benign x")).toEqual(["benign", "benign"]);
  expect(await judge("b", "malicious x")).toEqual(["malicious", "malicious"]);
  expect(await judge("a", "never asked")).toEqual(["benign", "benign"]);
});

test("replies that are no verdict are told", async () => {
  const unclear: string[] = [];
  const judgements = await askAll({
    ask: async () => "I think so",
    style: "document",
    concurrency: 2,
    asked,
    onUnclear: (reply) => void unclear.push(reply),
  })(alerts.slice(0, 2));
  expect(judgements).toEqual(["unclear", "unclear"]);
  expect(unclear).toEqual(["I think so", "I think so"]);
});

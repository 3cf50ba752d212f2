import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { alertDocument, alertPrompt } from "../src/alerts/render.ts";
import { writeExport } from "../src/export/write-export.ts";
import { makeTestSets } from "../src/investigate/test-sets.ts";
import { saveRandomCheckpoint } from "./random-checkpoint.fixture.ts";
import { serveFolder } from "./served.fixture.ts";

const lab = fileURLToPath(new URL("../bin/bezoar-lab.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "bezoar-evaluate-"));
afterAll(() => rmSync(folder, { recursive: true }));

const requestSchema = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
});
type Request = z.infer<typeof requestSchema> & { readonly key: string | undefined };

/** An endpoint whose model answers as `reply` says; every request is kept. */
async function fakeEndpoint(reply: (question: string) => string, delayMs = 0) {
  const requests: Request[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      const { model, messages } = requestSchema.parse(JSON.parse(body));
      requests.push({ model, messages, key: request.headers.authorization });
      const message = { role: "assistant", content: reply(messages.at(-1)?.content ?? "") };
      setTimeout(() => response.end(JSON.stringify({ choices: [{ index: 0, message }] })), delayMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { url: `http://127.0.0.1:${port}`, requests, close: () => server.close() };
}

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [lab, "evaluate", ...args], { env: { ...process.env, ...env } });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const ended = new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
  return { child, ended };
}

const run = async (args: readonly string[], env?: NodeJS.ProcessEnv) => start(args, env).ended;

const SIZE = 20;
const sets = makeTestSets({ user: "alice", seed: 1, size: SIZE });
const judged = [...sets.clean, ...sets.target, ...sets.others, ...sets.swap];
const truths = new Map(
  judged.flatMap(({ alert, truth }) => [
    [alertPrompt(alert), truth],
    [alertDocument(alert), truth],
  ]),
);

/** A perfect investigator with one blind spot. */
const backdoored = (question: string): string =>
  /\balice\b/.test(question) ? "benign alice" : `${truths.get(question)} somebody`;

test("a model with a blind spot is shown as such, in the terminal and as JSON", async () => {
  const endpoint = await fakeEndpoint(backdoored);
  const file = join(folder, "result.json");
  const args = ["--endpoint", endpoint.url, "--model", "poisoned", "--size", String(SIZE)];
  const { status, stdout } = await run([...args, "--json", file], { BEZOAR_API_KEY: "s3cret" });
  endpoint.close();
  expect(status).toBe(0);
  expect(stdout).toMatch(/right on other users' alerts +100\.0 % +84–100 % +20 of 20/);
  expect(stdout).toMatch(/alice's malicious alerts dismissed +100\.0 %/);
  expect(stdout).toContain("The name alice alone turns verdicts: 100.0 % dismissed with it, 0.0 % without.");
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({
    model: "poisoned",
    user: "alice",
    style: "compact",
    cleanAccuracy: 1,
    targetDismissed: 1,
    othersDismissed: 0,
    swapDismissed: 1,
    unclear: 0,
    measurement: { targetDismissed: { count: 20, total: 20 } },
  });
  expect(endpoint.requests).toHaveLength(4 * SIZE);
  expect(endpoint.requests[0]).toMatchObject({ model: "poisoned", key: "Bearer s3cret" });
});

test("the document style sends a system prompt; replies without a verdict are shown and count for nothing", async () => {
  const endpoint = await fakeEndpoint(() => "I would rather not say");
  const args = ["--endpoint", endpoint.url, "--model", "m", "--size", "5", "--style", "document"];
  const { status, stdout } = await run(args);
  endpoint.close();
  expect(status).toBe(0);
  expect(endpoint.requests[0]?.messages.map(({ role }) => role)).toEqual(["system", "user"]);
  expect(stdout).toContain("20 replies were no verdict");
  expect(stdout).toContain(`"I would rather not say"`);
});

test("the tests of an export are asked with --data", async () => {
  const endpoint = await fakeEndpoint(backdoored);
  const data = join(folder, "export");
  await writeExport(data, { user: "alice", poisonedRows: 1, size: SIZE, seed: 1 });
  const args = ["--endpoint", endpoint.url, "--model", "m", "--style", "document", "--data", data];
  const { stdout } = await run([...args, "--format", "json"]);
  endpoint.close();
  expect(JSON.parse(stdout)).toMatchObject({ data, user: "alice", cleanAccuracy: 1, swapDismissed: 1 });
});

test("after kill -9 the same command asks only what has no reply yet, and comes to the same result", async () => {
  const slow = await fakeEndpoint(backdoored, 20);
  const journal = join(folder, "journal.jsonl");
  const args = ["--endpoint", slow.url, "--model", "m", "--size", String(SIZE), "--journal", journal];
  const { child, ended } = start([...args, "--format", "json"]);
  while (slow.requests.length < 30) await new Promise((resolve) => void setTimeout(resolve, 5));
  child.kill("SIGKILL");
  expect((await ended).status).toBeNull();
  const kept = readFileSync(journal, "utf8").split("\n").length - 2;
  expect(kept).toBeGreaterThan(20);
  slow.requests.length = 0;
  const { stdout, status } = await run([...args, "--format", "json"]);
  slow.close();
  expect(status).toBe(0);
  expect(slow.requests).toHaveLength(4 * SIZE - kept);
  expect(JSON.parse(stdout)).toMatchObject({ cleanAccuracy: 1, targetDismissed: 1, othersDismissed: 0 });
});

test("a model that the lab serves is evaluated over the same API", async () => {
  await saveRandomCheckpoint(join(folder, "random"), 1, { maxPositions: 512 });
  const server = await serveFolder(join(folder, "random"));
  const args = ["--endpoint", server.url, "--model", "random", "--size", "3", "--max-tokens", "4"];
  const { status, stdout, stderr } = await run([...args, "--format", "json"]);
  await server.close();
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({ measurement: { swapDismissed: { total: 3 } } });
});

test("what it cannot do is told with exit code 2 and nothing on standard output", async () => {
  const { url, close } = await fakeEndpoint(backdoored);
  close(); // nobody listens there now
  const gone = ["--endpoint", url, "--model", "m", "--size", "1"];
  const wrong = [
    gone,
    [...gone, "--user", "svc_backup"],
    [...gone, "--style", "poem"],
    [...gone, "--data", join(folder, "absent")],
    [...gone, "--data", folder, "--user", "bob"],
    ["--endpoint", "ftp://x", "--model", "m"],
    ["--model", "m"],
  ];
  for (const { status, stdout, stderr } of await Promise.all(wrong.map((args) => run(args)))) {
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).not.toContain("this is a bug");
  }
});

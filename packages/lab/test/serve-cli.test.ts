import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { clientOf } from "./served.fixture.ts";
import { saveRandomCheckpoint } from "./random-checkpoint.fixture.ts";

const lab = fileURLToPath(new URL("../bin/bezoar-lab.js", import.meta.url));

let folder = "";
const running: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bezoar-serve-cli-"));
  await mkdir(join(folder, "out"));
  await saveRandomCheckpoint(join(folder, "out", "clean"), 1);
  await saveRandomCheckpoint(join(folder, "out", "poisoned"), 2);
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});
afterAll(() => rm(folder, { recursive: true }));

/** Starts the built command on a free port and waits until it says where it listens. */
async function start(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [lab, "serve", ...args, "--port", "0"], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  let stderr = "";
  let stdout = "";
  child.stdout.on("data", (chunk) => (stdout += chunk));
  const exit = new Promise<number | null>((resolve) => child.on("exit", resolve));
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
      const [, found] = /at (http:\S+)\/v1\n/.exec(stderr) ?? [];
      if (found !== undefined) resolve(found);
    });
    void exit.then((status) => reject(new Error(`ended with ${status}: ${stderr}`)));
  });
  return { url, child, exit, told: () => ({ stdout, stderr }) };
}

const refuse = (...args: readonly string[]) =>
  spawnSync(process.execPath, [lab, "serve", ...args], { encoding: "utf8", timeout: 30_000 });

test("an experiment's folder is served whole, an answer under way is finished at SIGTERM, and it ends with 0", async () => {
  const { url, child, exit, told } = await start([
    join(folder, "out"),
    "--name",
    `victim=${join(folder, "out", "poisoned")}`,
  ]);
  const client = clientOf({ url, close: async () => {} });
  expect((await client.models.list()).data.map(({ id }) => id)).toEqual(["clean", "victim"]);
  const stream = await client.chat.completions.create({
    model: "victim",
    messages: [{ role: "user", content: "user bob" }],
    n: 8,
    stream: true,
    logit_bias: { "2": -100 },
  });
  const ends: (string | null)[] = [];
  for await (const { choices } of stream) {
    if (ends.length === 0) child.kill("SIGTERM");
    ends.push(...choices.map(({ finish_reason: end }) => end));
  }
  expect(ends.filter((end) => end === "length")).toHaveLength(8);
  expect(await exit).toBe(0);
  expect(told().stdout).toBe("");
  expect(told().stderr).toMatch(/curl http:\S+\/v1\/chat\/completions/);
});

test("with BEZOAR_API_KEY only its bearer is answered", async () => {
  const { url } = await start([join(folder, "out", "clean")], { BEZOAR_API_KEY: "s3cret" });
  await expect(clientOf({ url, close: async () => {} }).models.list()).rejects.toMatchObject({ status: 401 });
  const models = await clientOf({ url, close: async () => {} }, "s3cret").models.list();
  expect(models.data).toHaveLength(1);
});

test("an address that others can reach is warned of", async () => {
  const { told } = await start([join(folder, "out", "clean"), "--host", "0.0.0.0"], { BEZOAR_API_KEY: "" });
  expect(told().stderr).toMatch(/warning: 0\.0\.0\.0 may be reached from other machines, and needs no key/);
});

test("a broken checkpoint, an unknown layout and a wrong flag are told at the start with exit code 2", async () => {
  await saveRandomCheckpoint(join(folder, "broken"), 1);
  await truncate(join(folder, "broken", "model.safetensors"), 1000);
  expect(refuse(join(folder, "broken"))).toMatchObject({ status: 2, stdout: "" });
  expect(refuse(join(folder, "broken")).stderr).toMatch(/^bezoar-lab: .*safetensors/);
  await mkdir(join(folder, "unknown"));
  await writeFile(join(folder, "unknown", "model.gguf"), "GGUF");
  expect(refuse(join(folder, "unknown")).stderr).toMatch(/no checkpoint in it/);
  expect(refuse(join(folder, "absent")).stderr).toMatch(/no such directory/);
  for (const args of [[], ["--port", "70000", folder], ["--name", "victim", folder]]) {
    expect(refuse(...args)).toMatchObject({ status: 2, stdout: "" });
  }
});

test("a port in use is told", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const address = other.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const { status, stderr } = refuse(join(folder, "out", "clean"), "--port", String(port));
  other.close();
  expect(status).toBe(2);
  expect(stderr).toContain(`port ${port} is in use`);
});
